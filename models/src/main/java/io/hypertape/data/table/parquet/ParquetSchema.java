package io.hypertape.data.table.parquet;

import io.hypertape.data.table.parquet.ParquetColumn.Cell;
import io.hypertape.data.table.parquet.ParquetColumn.StoredAs;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * The columns of a footer's schema, and what their values mean: <a
 * href="https://github.com/apache/parquet-format/blob/master/LogicalTypes.md">logical types</a>, or
 * converted ones where an old program wrote the file.
 */
final class ParquetSchema {

  private static final double MILLIS = 1e3;
  private static final double MICROS = 1e6;
  private static final double NANOS = 1e9;
  private static final int MOST_DIGITS = 1000;
  private static final int MOST_BYTES = 512;
  private static final int UUID_BYTES = 16;
  private static final int REPEATED = 2;

  private ParquetSchema() {}

  /**
   * Reads the columns.
   *
   * @param elements of the schema, a tree with the root first
   * @return the columns, in their order
   * @throws IOException if there are others than of plain values
   */
  static List<ParquetColumn> columns(List<ThriftStruct> elements) throws IOException {
    if (elements.isEmpty() || elements.getFirst().size(5, "num_children") != elements.size() - 1L) {
      refuseNested(elements);
    }
    List<ParquetColumn> columns = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (ThriftStruct element : elements.subList(1, elements.size())) {
      String name = element.text(4, "name");
      if (isGroup(element) || element.number(3, "repetition_type", 0) == REPEATED) {
        refuseNested(elements);
      }
      if (!names.add(name)) {
        throw new IOException("two columns are called " + name + "; different names are needed");
      }
      columns.add(column(name, element));
    }
    if (columns.isEmpty()) {
      throw new IOException("there is no column; one or more are needed");
    }
    return columns;
  }

  private static boolean isGroup(ThriftStruct element) throws IOException {
    return element.number(5, "num_children", 0) != 0;
  }

  /** Names the first leaf that is not the root's child, or is repeated. */
  private static void refuseNested(List<ThriftStruct> elements) throws IOException {
    StringBuilder path = new StringBuilder();
    for (int i = 1; i < elements.size(); i++) {
      ThriftStruct element = elements.get(i);
      path.append(path.isEmpty() ? "" : ".").append(element.text(4, "name"));
      if (!isGroup(element)) {
        if (path.indexOf(".") >= 0 || element.number(3, "repetition_type", 0) == REPEATED) {
          throw new IOException(
              "column " + path + " has lists or structures; columns of plain values fit");
        }
        path.setLength(0);
      }
    }
    throw new DamagedParquetException("the schema is no tree");
  }

  private static ParquetColumn column(String name, ThriftStruct element) throws IOException {
    int number = element.number(1, "type", null);
    if (number < 0 || number >= StoredAs.values().length) {
      throw new DamagedParquetException("column " + name + " is of the type " + number);
    }
    StoredAs type = StoredAs.values()[number];
    int width = type.bytes;
    if (type == StoredAs.FIXED_LEN_BYTE_ARRAY) {
      width = element.number(2, "type_length", null);
      if (width < 1) {
        throw new DamagedParquetException("column " + name + " has values of " + width + " bytes");
      }
    }
    Meaning meaning = new Meaning(name, type, width, element);
    Cell cell =
        element.has(10)
            ? meaning.logical(element.struct(10, "logicalType"))
            : meaning.converted(element.number(6, "converted_type", -1));
    return new ParquetColumn(name, type, width, element.number(3, "repetition_type", 0) == 1, cell);
  }

  /** What values of a column mean. */
  private record Meaning(String name, StoredAs type, int width, ThriftStruct element) {

    Cell logical(ThriftStruct logical) throws IOException {
      int kind = logical.choice();
      return switch (kind) {
        case 1, 4 -> text();
        case 5 -> decimal(logical.struct(5, "DECIMAL").number(1, "scale", null));
        case 6 -> number(StoredAs.INT32);
        case 7 -> time(unit(logical.struct(7, "TIME")));
        case 8 -> timestamp(unit(logical.struct(8, "TIMESTAMP")));
        case 10 -> logical.struct(10, "INTEGER").flag(2, "isSigned", true) ? plain() : unsigned();
        case 11 -> plain();
        case 14 -> uuid();
        default -> throw unfit("a logical type, number " + kind);
      };
    }

    Cell converted(int kind) throws IOException {
      return switch (kind) {
        case 0, 4 -> text();
        case 5 -> decimal(element.number(7, "scale", 0));
        case 6 -> number(StoredAs.INT32);
        case 7 -> time(MILLIS);
        case 8 -> time(MICROS);
        case 9 -> timestamp(MILLIS);
        case 10 -> timestamp(MICROS);
        case 11, 12, 13, 14 -> unsigned();
        case -1, 15, 16, 17, 18 -> plain();
        default -> throw unfit("a converted type, number " + kind);
      };
    }

    private static double unit(ThriftStruct time) throws IOException {
      int unit = time.struct(2, "unit").choice();
      return switch (unit) {
        case 1 -> MILLIS;
        case 2 -> MICROS;
        case 3 -> NANOS;
        default -> throw new DamagedParquetException("a time has a unit of number " + unit);
      };
    }

    private void check(StoredAs needed) throws IOException {
      if (type != needed) {
        throw new DamagedParquetException(
            "column " + name + " is stored as " + type + ", not as " + needed);
      }
    }

    private Cell text() throws IOException {
      check(StoredAs.BYTE_ARRAY);
      return (values, sink, k) -> sink.text(k, new String(values.bytes(), StandardCharsets.UTF_8));
    }

    private Cell uuid() throws IOException {
      check(StoredAs.FIXED_LEN_BYTE_ARRAY);
      if (width != UUID_BYTES) {
        throw new DamagedParquetException("column " + name + " has UUIDs of " + width + " bytes");
      }
      return (values, sink, k) -> {
        ByteBuffer bytes = ByteBuffer.wrap(values.bytes());
        sink.text(k, new UUID(bytes.getLong(), bytes.getLong()).toString());
      };
    }

    private Cell decimal(int scale) throws IOException {
      if (scale < 0 || scale > MOST_DIGITS) {
        throw new DamagedParquetException("column " + name + " has " + scale + " decimal places");
      }
      return switch (type) {
        case INT32, INT64 ->
            (values, sink, k) ->
                sink.number(k, BigDecimal.valueOf(values.number(), scale).doubleValue());
        case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY ->
            (values, sink, k) -> sink.number(k, decimal(values.bytes(), scale));
        default -> throw unfit(type.toString());
      };
    }

    private double decimal(byte[] digits, int scale) throws IOException {
      if (digits.length == 0 || digits.length > MOST_BYTES) {
        throw new DamagedParquetException(
            "column " + name + " has a decimal number of " + digits.length + " bytes");
      }
      return new BigDecimal(new BigInteger(digits), scale).doubleValue();
    }

    private Cell number(StoredAs needed) throws IOException {
      check(needed);
      return (values, sink, k) -> sink.number(k, values.number());
    }

    private Cell time(double perSecond) throws IOException {
      check(perSecond == MILLIS ? StoredAs.INT32 : StoredAs.INT64);
      return (values, sink, k) -> sink.number(k, values.number() / perSecond);
    }

    private Cell timestamp(double perSecond) throws IOException {
      check(StoredAs.INT64);
      long unit = (long) perSecond;
      return (values, sink, k) -> {
        long time = values.number();
        sink.number(k, Math.floorDiv(time, unit) + Math.floorMod(time, unit) / perSecond);
      };
    }

    private Cell unsigned() throws IOException {
      return switch (type) {
        case INT32 -> (values, sink, k) -> sink.number(k, values.number() & 0xFFFFFFFFL);
        case INT64 ->
            (values, sink, k) -> {
              long number = values.number();
              // Half of it, with the last bit kept for rounding, is none with a sign.
              sink.number(k, number >= 0 ? number : 2.0 * (number >>> 1 | number & 1));
            };
        default -> throw unfit(type.toString());
      };
    }

    private Cell plain() throws IOException {
      return switch (type) {
        case BOOLEAN -> (values, sink, k) -> sink.text(k, Boolean.toString(values.number() != 0));
        case INT32, INT64 -> (values, sink, k) -> sink.number(k, values.number());
        case FLOAT ->
            (values, sink, k) -> sink.number(k, Float.intBitsToFloat((int) values.number()));
        case DOUBLE ->
            (values, sink, k) -> sink.number(k, Double.longBitsToDouble(values.number()));
        default -> throw unfit(type.toString());
      };
    }

    private IOException unfit(String what) {
      return new IOException(
          "column "
              + name
              + " is of the type "
              + what
              + "; numbers, texts, booleans, dates and times fit");
    }
  }
}
