package io.hypertape.data.table.parquet;

import io.hypertape.data.table.parquet.ParquetColumn.StoredAs;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Values whose first bytes stand before their second ones and so on (BYTE_STREAM_SPLIT). */
final class SplitValues extends PageValues {

  private final StoredAs type;
  private final byte[] value;
  private final ByteBuffer from;
  private final int count;
  private int at;

  /**
   * Begins.
   *
   * @param type of the values
   * @param width bytes of one
   * @param from all bytes of all of them
   */
  SplitValues(StoredAs type, int width, ByteBuffer from) throws IOException {
    if (from.remaining() % width != 0) {
      throw new DamagedParquetException(
          from.remaining() + " bytes are of values of " + width + " bytes");
    }
    this.type = type;
    this.value = new byte[width];
    this.from = from.slice();
    this.count = from.remaining() / width;
  }

  @Override
  byte[] bytes() throws IOException {
    if (at == count) {
      throw new DamagedParquetException("a page has no more than " + count + " values");
    }
    for (int k = 0; k < value.length; k++) {
      value[k] = from.get(k * count + at);
    }
    at++;
    return value.clone();
  }

  @Override
  long number() throws IOException {
    long number = 0;
    byte[] bytes = bytes();
    for (int k = bytes.length - 1; k >= 0; k--) {
      number = number << Byte.SIZE | bytes[k] & 0xFF;
    }
    return type == StoredAs.INT32 ? (int) number : number;
  }
}
