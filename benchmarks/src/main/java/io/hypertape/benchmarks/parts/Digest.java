package io.hypertape.benchmarks.parts;

import io.hypertape.data.TextCorpus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, in hexadecimal digits. */
public final class Digest {

  private Digest() {}

  /**
   * Of a text in three parts.
   *
   * @param corpus the text
   * @return 64 digits
   */
  public static String of(TextCorpus corpus) {
    return of(
        corpus.vocabulary().characters().getBytes(StandardCharsets.UTF_8),
        bytes(corpus.train()),
        bytes(corpus.valid()),
        bytes(corpus.test()));
  }

  private static byte[] bytes(char[] text) {
    ByteBuffer bytes = ByteBuffer.allocate(Character.BYTES * text.length);
    bytes.asCharBuffer().put(text);
    return bytes.array();
  }

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
