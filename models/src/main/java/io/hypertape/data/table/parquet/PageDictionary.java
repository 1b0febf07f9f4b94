package io.hypertape.data.table.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The different values of a column, which its pages name by their numbers. */
final class PageDictionary {

  private final long[] numbers;
  private final byte[][] bytes;

  /**
   * Reads it.
   *
   * @param column whose values they are
   * @param count how many
   * @param data of its page, unpacked
   */
  PageDictionary(ParquetColumn column, int count, ByteBuffer data) throws IOException {
    boolean ofBytes = column.type().isBytes();
    long least = column.width() > 0 ? column.width() : Integer.BYTES;
    if (count < 0 || count * least > data.remaining()) {
      throw new DamagedParquetException(
          count + " values of a dictionary are in " + data.remaining() + " bytes");
    }
    PageValues values = new PlainValues(column, data);
    numbers = new long[ofBytes ? 0 : count];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = values.number();
    }
    bytes = new byte[ofBytes ? count : 0][];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = values.bytes();
    }
  }

  /**
   * A page's values.
   *
   * @param data the page's: bits of a number, then their runs
   */
  PageValues values(ByteBuffer data) throws IOException {
    RunLengths places = new RunLengths(data, data.get() & 0xFF);
    return new PageValues() {
      @Override
      long number() throws IOException {
        return numbers[place(places, numbers.length)];
      }

      @Override
      byte[] bytes() throws IOException {
        return bytes[place(places, bytes.length)];
      }
    };
  }

  private static int place(RunLengths places, int size) throws IOException {
    int place = places.next();
    if (place < 0 || place >= size) {
      throw new DamagedParquetException(
          "a page names value "
              + Integer.toUnsignedString(place)
              + " of a dictionary of "
              + size
              + " values");
    }
    return place;
  }
}
