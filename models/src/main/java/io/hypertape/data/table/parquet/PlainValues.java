package io.hypertape.data.table.parquet;

import io.hypertape.data.table.parquet.ParquetColumn.StoredAs;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Values as they are, one after the other (PLAIN). */
final class PlainValues extends PageValues {

  private final StoredAs type;
  private final int width;
  private final ByteBuffer from;
  private int bits;
  private int held;

  /**
   * Begins.
   *
   * @param column whose values they are
   * @param from the values, the lowest byte of a number first
   */
  PlainValues(ParquetColumn column, ByteBuffer from) {
    this.type = column.type();
    this.width = column.width();
    this.from = from;
  }

  @Override
  long number() throws IOException {
    return switch (type) {
      case BOOLEAN -> bit();
      case INT32, FLOAT -> from.getInt();
      case INT64, DOUBLE -> from.getLong();
      default -> super.number();
    };
  }

  private int bit() {
    if (held == 0) {
      bits = from.get();
      held = Byte.SIZE;
    }
    int bit = bits & 1;
    bits >>= 1;
    held--;
    return bit;
  }

  @Override
  byte[] bytes() throws IOException {
    return take(from, width > 0 ? width : from.getInt());
  }

  /** The next bytes of a page. */
  static byte[] take(ByteBuffer from, long length) throws IOException {
    if (length < 0 || length > from.remaining()) {
      throw new DamagedParquetException(
          "a value of " + length + " bytes is in a page with " + from.remaining() + " left");
    }
    byte[] bytes = new byte[(int) length];
    from.get(bytes);
    return bytes;
  }
}
