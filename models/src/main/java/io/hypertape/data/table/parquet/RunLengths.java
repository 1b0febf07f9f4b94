package io.hypertape.data.table.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Small numbers in runs, of one number repeated or of numbers of few bits each (<a
 * href="https://parquet.apache.org/docs/file-format/data-pages/encodings/">RLE/bit-packing
 * hybrid</a>), one after the other.
 */
final class RunLengths {

  private static final int GROUP = 8;

  private final ByteBuffer from;
  private final int width;
  private long left;
  private boolean repeats;
  private int repeated;
  private long bits;
  private int held;

  /**
   * Begins.
   *
   * @param from the runs; read as they are needed
   * @param width bits of a number, 0 to 32
   */
  RunLengths(ByteBuffer from, int width) throws IOException {
    if (width > Integer.SIZE) {
      throw new DamagedParquetException("numbers of " + width + " bits are in runs");
    }
    this.from = from;
    this.width = width;
  }

  /**
   * The next number.
   *
   * @return of the given bits, with no sign
   * @throws java.nio.BufferUnderflowException if there is none
   */
  int next() throws IOException {
    while (left == 0) {
      begin();
    }
    left--;
    if (repeats) {
      return repeated;
    }
    while (held < width) {
      bits |= (from.get() & 0xFFL) << held;
      held += Byte.SIZE;
    }
    int number = (int) (bits & mask());
    bits >>>= width;
    held -= width;
    return number;
  }

  private void begin() throws IOException {
    long head = ThriftStruct.varint(from);
    if (head < 0) {
      throw new DamagedParquetException("a run is of " + (head >>> 1) + " numbers");
    }
    repeats = (head & 1) == 0;
    bits = 0;
    held = 0;
    if (repeats) {
      left = head >> 1;
      long number = 0;
      for (int shift = 0; shift < width; shift += Byte.SIZE) {
        number |= (from.get() & 0xFFL) << shift;
      }
      repeated = (int) (number & mask());
    } else {
      left = Math.multiplyExact(head >> 1, GROUP);
    }
  }

  private long mask() {
    return (1L << width) - 1;
  }
}
