package io.hypertape.benchmarks.parts;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, in hexadecimal digits. */
public final class Digest {

  private Digest() {}

  /**
   * Of some bytes one after another.
   *
   * @param texts the bytes
   * @return 64 digits
   */
  public static String of(byte[]... texts) {
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
