package io.hypertape.data.table.parquet;

import io.hypertape.data.table.parquet.ParquetColumn.StoredAs;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How a page's values can be written: <a
 * href="https://parquet.apache.org/docs/file-format/data-pages/encodings/">Parquet's encodings</a>,
 * by their numbers.
 */
final class ValueEncodings {

  static final int PLAIN = 0;
  static final int PLAIN_DICTIONARY = 2;
  static final int RLE = 3;
  private static final int DELTA_BINARY_PACKED = 5;
  private static final int DELTA_LENGTH_BYTE_ARRAY = 6;
  private static final int DELTA_BYTE_ARRAY = 7;
  private static final int RLE_DICTIONARY = 8;
  private static final int BYTE_STREAM_SPLIT = 9;

  private ValueEncodings() {}

  /**
   * Values of a page.
   *
   * @param column whose values they are
   * @param encoding its number
   * @param data the values alone, unpacked
   * @param most how many there can be
   * @param dictionary of the column, if it has one
   */
  static PageValues read(
      ParquetColumn column,
      int encoding,
      ByteBuffer data,
      int most,
      @Nullable PageDictionary dictionary)
      throws IOException {
    if (!data.hasRemaining()) {
      // All are missing, and then some programs leave out what would stand before them, too.
      return new PageValues() {};
    }
    StoredAs type = column.type();
    return switch (encoding) {
      case PLAIN -> new PlainValues(column, data);
      case PLAIN_DICTIONARY, RLE_DICTIONARY -> {
        if (dictionary == null) {
          throw new DamagedParquetException("a page is by a dictionary that is not there");
        }
        yield dictionary.values(data);
      }
      case RLE -> {
        check(type == StoredAs.BOOLEAN, type, encoding);
        yield runs(data);
      }
      case DELTA_BINARY_PACKED -> {
        check(type == StoredAs.INT32 || type == StoredAs.INT64, type, encoding);
        yield differences(type, data);
      }
      case DELTA_LENGTH_BYTE_ARRAY -> {
        check(type == StoredAs.BYTE_ARRAY, type, encoding);
        yield new DeltaBytes(null, data, most);
      }
      case DELTA_BYTE_ARRAY -> {
        check(type.isBytes(), type, encoding);
        yield new DeltaBytes(DeltaBytes.lengths(data, most), data, most);
      }
      case BYTE_STREAM_SPLIT -> {
        check(column.width() > 0, type, encoding);
        yield new SplitValues(type, column.width(), data);
      }
      default -> throw new DamagedParquetException("values have an encoding of number " + encoding);
    };
  }

  private static void check(boolean fits, StoredAs type, int encoding) throws IOException {
    if (!fits) {
      throw new DamagedParquetException(
          "values of type " + type + " have an encoding of number " + encoding);
    }
  }

  private static PageValues runs(ByteBuffer data) throws IOException {
    RunLengths runs = new RunLengths(slice(data, data.getInt()), 1);
    return new PageValues() {
      @Override
      long number() throws IOException {
        return runs.next();
      }
    };
  }

  private static PageValues differences(StoredAs type, ByteBuffer data) throws IOException {
    DeltaNumbers numbers = new DeltaNumbers(data);
    return new PageValues() {
      @Override
      long number() throws IOException {
        // Differences of INT32 overflow as the type does.
        return type == StoredAs.INT32 ? (int) numbers.number() : numbers.number();
      }
    };
  }

  /** The next bytes of a page, as a part of their own. */
  static ByteBuffer slice(ByteBuffer data, long length) throws IOException {
    if (length < 0 || length > data.remaining()) {
      throw new DamagedParquetException(
          length + " bytes are in a page with " + data.remaining() + " left");
    }
    ByteBuffer slice = data.slice(data.position(), (int) length).order(data.order());
    data.position(data.position() + (int) length);
    return slice;
  }
}
