package io.hypertape.spark;

import io.hypertape.checks.Nulls;
import io.hypertape.data.Targets;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.IntegralType;

/**
 * Rows of anything that Spark reads, and which of their columns a model learns from. A row's id
 * decides its shard: it stands in a column, and no two rows have the same.
 *
 * @param rows the rows
 * @param id the column that tells rows apart: whole numbers, or anything that is hashed to one
 * @param features the column of an example's values: a number, an array of numbers, or bytes, which
 *     become numbers from 0 to 1
 * @param shape lengths of an example's axes
 * @param target the column of what is to be foretold: a class's number from 0, or a number, or an
 *     array of numbers
 * @param targets what that is
 */
public record SparkRows(
    Dataset<Row> rows,
    String id,
    String features,
    List<Integer> shape,
    String target,
    Targets targets) {

  /** Checks that the columns are there. */
  public SparkRows {
    Nulls.check(rows, "spark rows: rows");
    Nulls.check(id, "spark rows: id");
    Nulls.check(features, "spark rows: features");
    shape = Nulls.copy(shape, "spark rows: shape");
    Nulls.check(target, "spark rows: target");
    Nulls.check(targets, "spark rows: targets");
    checkColumns("spark rows", rows, List.of(id, features, target));
  }

  static void checkColumns(String what, Dataset<Row> rows, List<String> columns) {
    for (String column : columns) {
      if (!Arrays.asList(rows.columns()).contains(column)) {
        throw new IllegalArgumentException(
            what
                + ": there is no column '"
                + column
                + "'; there are "
                + Arrays.toString(rows.columns()));
      }
    }
  }

  /**
   * The same columns of other rows, such as those to judge by.
   *
   * @param others the rows
   * @return the changed value
   */
  public SparkRows of(Dataset<Row> others) {
    Nulls.check(others, "spark rows: others");
    return new SparkRows(others, id, features, shape, target, targets);
  }

  /** Id, values and target, in this order and in the types that {@link SparkExample} reads. */
  Dataset<Row> selected() {
    DataType idType = rows.schema().apply(id).dataType();
    Column number =
        idType instanceof IntegralType
            ? rows.col(id).cast("long")
            : functions.xxhash64(rows.col(id));
    boolean classes = targets instanceof Targets.Classes;
    checkTarget(rows.schema().apply(target).dataType(), target);
    return rows.select(
        number.as("id"),
        values(rows, features).as("features"),
        classes ? rows.col(target).cast("int").as("target") : values(rows, target).as("target"));
  }

  /** Bytes are values of an example, but nothing to be foretold. */
  static void checkTarget(DataType type, String column) {
    if (type instanceof BinaryType) {
      throw new IllegalArgumentException(
          "spark rows: column '"
              + column
              + "' of targets is binary; numbers or arrays of numbers fit");
    }
  }

  /** A column as numbers or bytes. */
  static Column values(Dataset<Row> rows, String column) {
    DataType type = rows.schema().apply(column).dataType();
    if (type instanceof BinaryType) {
      return rows.col(column);
    }
    return switch (type.typeName()) {
      case "array" -> rows.col(column).cast("array<float>");
      case "byte", "short", "integer", "long", "float", "double", "boolean" ->
          functions.array(rows.col(column).cast("float"));
      default ->
          throw new IllegalArgumentException(
              "spark rows: column '"
                  + column
                  + "' is "
                  + type.simpleString()
                  + "; numbers, arrays of numbers or binary fit (of Spark ML's vectors:"
                  + " vector_to_array)");
    };
  }
}
