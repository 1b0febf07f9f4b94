package io.hypertape.benchmarks.paper;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, in hexadecimal digits. */
final class Digest {

  private Digest() {}

  static String of(byte[]... texts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] text : texts) {
        digest.update(text);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
