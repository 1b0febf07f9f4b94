package io.hypertape.data;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of bytes as they are read. */
final class Checksum {

  private final MessageDigest digest;

  Checksum() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  void add(byte[] bytes, int from, int length) {
    digest.update(bytes, from, length);
  }

  /** The same stream; what is read of it counts, and nothing may be left out. */
  InputStream of(InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        int value = super.read();
        if (value >= 0) {
          digest.update((byte) value);
        }
        return value;
      }

      @Override
      public int read(byte[] target, int from, int length) throws IOException {
        int n = super.read(target, from, length);
        digest.update(target, from, Math.max(n, 0));
        return n;
      }

      @Override
      public long skip(long count) {
        throw new UnsupportedOperationException("what is skipped has no checksum");
      }

      @Override
      public boolean markSupported() {
        return false;
      }
    };
  }

  /** In lower-case hexadecimal; another sum begins then. */
  String text() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
