package io.hypertape.spark;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * A row as it goes to its worker.
 *
 * @param id what tells it apart
 * @param input values, unless they came as bytes
 * @param bytes values times 255, if they came as bytes
 * @param label its class, or 0
 * @param target numbers to be foretold, or none
 */
record SparkExample(long id, float[] input, byte[] bytes, int label, float[] target)
    implements Serializable {

  private static final float[] NO_NUMBERS = new float[0];
  private static final byte[] NO_BYTES = new byte[0];

  /** Reads a row of {@link SparkRows#selected}. */
  static SparkExample of(Row row) {
    for (int column = 0; column < 3; column++) {
      if (row.isNullAt(column)) {
        throw new IllegalArgumentException(
            "a row has no " + row.schema().fieldNames()[column] + ": " + row.get(0));
      }
    }
    boolean isClass = row.get(2) instanceof Integer;
    boolean isBytes = row.get(1) instanceof byte[];
    return new SparkExample(
        row.getLong(0),
        isBytes ? NO_NUMBERS : numbers(row, 1),
        isBytes ? row.getAs(1) : NO_BYTES,
        isClass ? row.getInt(2) : 0,
        isClass ? NO_NUMBERS : numbers(row, 2));
  }

  private static float[] numbers(Row row, int column) {
    List<Float> list = row.getList(column);
    float[] numbers = new float[list.size()];
    int i = 0;
    for (Float number : list) {
      if (number == null) {
        throw new IllegalArgumentException("row " + row.get(0) + " has a null among its numbers");
      }
      numbers[i++] = number;
    }
    return numbers;
  }

  /** Copies a row's numbers, or bytes, of a column. */
  static void copyValues(Row row, int column, float[] into, int at, int count) {
    if (row.isNullAt(column)) {
      throw new IllegalArgumentException("a row has no values: " + row);
    }
    boolean isBytes = row.get(column) instanceof byte[];
    SparkExample example =
        new SparkExample(
            0,
            isBytes ? NO_NUMBERS : numbers(row, column),
            isBytes ? row.getAs(column) : NO_BYTES,
            0,
            NO_NUMBERS);
    if (example.features() != count) {
      throw new IllegalArgumentException(
          "a row has " + example.features() + " values; " + count + " are needed");
    }
    example.copyInput(into, at);
  }

  /** How many values it has. */
  int features() {
    return bytes.length + input.length;
  }

  void copyInput(float[] into, int at) {
    System.arraycopy(input, 0, into, at, input.length);
    for (int i = 0; i < bytes.length; i++) {
      into[at + i] = (bytes[i] & 0xff) / 255f;
    }
  }
}
