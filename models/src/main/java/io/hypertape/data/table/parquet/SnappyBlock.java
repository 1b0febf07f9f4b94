package io.hypertape.data.table.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Unpacks <a href="https://github.com/google/snappy/blob/main/format_description.txt">Snappy</a>'s
 * blocks.
 */
final class SnappyBlock {

  /** No byte of a block unpacks to more: three say a copy of 64. */
  private static final long MOST = 32;

  /** Lengths of literals from here on stand in bytes of their own. */
  private static final int LONG_LITERAL = 60;

  private SnappyBlock() {}

  /**
   * Unpacks a block.
   *
   * @param from all of it
   * @param size bytes that it must be then
   */
  static byte[] unpack(ByteBuffer from, int size) throws IOException {
    long packed = from.remaining();
    long told = ThriftStruct.varint(from);
    if (told != size || size > packed * MOST) {
      throw new DamagedParquetException(
          packed + " bytes of Snappy say that they are " + told + ", the page " + size);
    }
    byte[] to = new byte[size];
    int at = 0;
    while (from.hasRemaining()) {
      int tag = from.get() & 0xFF;
      int high = tag >> 2;
      int kind = tag & 3;
      if (kind == 0) {
        long length = 1L + (high < LONG_LITERAL ? high : number(from, high - LONG_LITERAL + 1));
        check(length <= size - at && length <= from.remaining(), at);
        from.get(to, at, (int) length);
        at += (int) length;
      } else {
        int length = kind == 1 ? 4 + (high & 7) : 1 + high;
        long back = kind == 1 ? (tag >> 5) << 8 | from.get() & 0xFF : number(from, 2 * kind - 2);
        check(back >= 1 && back <= at && length <= size - at, at);
        for (int end = at + length; at < end; at++) {
          to[at] = to[at - (int) back];
        }
      }
    }
    check(at == size, at);
    return to;
  }

  private static long number(ByteBuffer from, int bytes) {
    long number = 0;
    for (int k = 0; k < bytes; k++) {
      number |= (from.get() & 0xFFL) << k * Byte.SIZE;
    }
    return number;
  }

  private static void check(boolean fits, int at) throws IOException {
    if (!fits) {
      throw new DamagedParquetException("Snappy's bytes make no sense after " + at + " bytes");
    }
  }
}
