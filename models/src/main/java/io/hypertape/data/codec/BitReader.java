package io.hypertape.data.codec;

/** Bits of a JPEG's entropy-coded data, up to the next marker (T.81, F.2.2.5). */
final class BitReader {

  private static final int MARKER = 0xFF;

  private final byte[] bytes;
  private int at;
  private long buffer;
  private int count;

  BitReader(byte[] bytes, int from) {
    this.bytes = bytes;
    this.at = from;
  }

  private void fill() {
    while (count <= Long.SIZE - 2 * Byte.SIZE && at < bytes.length) {
      int next = bytes[at] & 0xFF;
      if (next == MARKER) {
        if (at + 1 >= bytes.length || bytes[at + 1] != 0) {
          return;
        }
        at++;
      }
      at++;
      buffer = buffer << Byte.SIZE | next;
      count += Byte.SIZE;
    }
  }

  /** The next bits, at most 16; zeros where there are none any more. */
  int peek(int bits) {
    if (count < bits) {
      fill();
    }
    long all = count < bits ? buffer << bits - count : buffer >>> count - bits;
    return (int) all & (1 << bits) - 1;
  }

  /** Moves on over bits; false if there are not as many. */
  boolean skip(int bits) {
    if (count < bits) {
      fill();
    }
    count -= bits;
    return count >= 0;
  }

  /** Whether nothing but the rest of a byte stands before the next marker. */
  boolean isAtMarker() {
    fill();
    return count < Byte.SIZE;
  }

  /** The place of the next marker, or of the file's end; what stands before is left out. */
  int marker() {
    return at;
  }

  /** Goes on behind a marker. */
  void goTo(int place) {
    at = place;
    buffer = 0;
    count = 0;
  }
}
