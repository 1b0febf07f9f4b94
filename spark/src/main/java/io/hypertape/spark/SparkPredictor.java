package io.hypertape.spark;

import io.hypertape.checks.Nulls;
import io.hypertape.io.guard.AtomicFile;
import io.hypertape.predict.Predictor;
import io.hypertape.predict.PredictorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Predicts by a model in executors, partition by partition: the model is sent with the task. Models
 * are those that a file tells all about, such as {@code Mlp}, {@code Cnn} and {@code ResNet}.
 */
public final class SparkPredictor {

  private static final String VALUES = "hypertape values";

  private final byte[] weights;

  SparkPredictor(byte[] weights) {
    this.weights = weights;
  }

  /**
   * Reads a model's file, as {@link SparkModel#write} and {@code Checkpoint} write it.
   *
   * @param file the file, in the safetensors format
   * @return the predictor
   * @throws IOException if it cannot be read, or has no network that gives a row for an example
   */
  public static SparkPredictor read(Path file) throws IOException {
    Nulls.check(file, "spark predictor: file");
    Predictor.open(file).close();
    return new SparkPredictor(Files.readAllBytes(file));
  }

  /**
   * Takes a model's file as bytes, from wherever they are kept.
   *
   * @param file what {@link #weights} gives, in the safetensors format
   * @return the predictor
   * @throws IOException if it is damaged, or has no network that gives a row for an example
   */
  public static SparkPredictor of(byte[] file) throws IOException {
    Nulls.check(file, "spark predictor: file");
    byte[] own = file.clone();
    opened(own).close();
    return new SparkPredictor(own);
  }

  /**
   * The model's file.
   *
   * @return its bytes, in the safetensors format
   */
  public byte[] weights() {
    return weights.clone();
  }

  /**
   * Adds a column of predictions.
   *
   * @param rows the rows
   * @param features the column of an example's values, as {@link SparkRows#features} has them
   * @param into the name of the column of outputs that is added, arrays of numbers as {@code
   *     Predictor.predict} returns them
   * @return the rows with that column, computed when Spark needs them
   * @throws IllegalArgumentException if there is no column of values, or one of outputs already
   */
  public Dataset<Row> transform(Dataset<Row> rows, String features, String into) {
    Nulls.check(rows, "transform: rows");
    Nulls.check(features, "transform: features");
    Nulls.check(into, "transform: into");
    SparkRows.checkColumns("transform", rows, List.of(features));
    checkNew(rows.columns(), into);
    StructType columns = rows.schema().add(into, DataTypes.createArrayType(DataTypes.FloatType));
    byte[] sent = weights;
    MapPartitionsFunction<Row, Row> predicted =
        (Iterator<Row> partition) -> new PredictedRows(partition, opened(sent));
    return rows.withColumn(VALUES, SparkRows.values(rows, features))
        .mapPartitions(predicted, Encoders.row(columns));
  }

  /** Spark takes names for equal whose letters differ in case only. */
  static void checkNew(String[] columns, String into) {
    for (String column : columns) {
      if (column.equalsIgnoreCase(into)) {
        throw new IllegalArgumentException(
            "transform: there is a column '"
                + column
                + "' already; outputs need a name of their own, not '"
                + into
                + "'");
      }
    }
  }

  private static Predictor opened(byte[] weights) throws IOException {
    Path file = Files.createTempFile("hypertape-model", ".safetensors");
    try {
      AtomicFile.write(file, out -> out.write(weights));
      // A partition is predicted by its task's thread, one call after the other.
      return Predictor.open(file, PredictorOptions.DEFAULTS.withLanes(1));
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
