package io.hypertape.spark.ml;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/**
 * Names of a stage's columns, as Spark ML's classifiers call them: see {@link ClassifierColumns}.
 */
public final class Columns implements Serializable {

  private static final long serialVersionUID = 1L;

  /** The stage. */
  private final Params owner;

  /** The features. */
  final Param<String> features;

  /** The classes' numbers. */
  final Param<String> label;

  /** What tells rows apart. */
  final Param<String> id;

  /** What tells rows to judge by. */
  final Param<String> validationIndicator;

  /** The likeliest class's number. */
  final Param<String> prediction;

  /** Probabilities. */
  final Param<String> probability;

  /** Log-probabilities. */
  final Param<String> rawPrediction;

  Columns(Params owner) {
    this.owner = owner;
    features = param("featuresCol", "features: vectors, arrays of numbers, or bytes");
    label = param("labelCol", "label: a class's number from 0");
    id = param("idCol", "what tells rows apart, by which they go to their shards");
    validationIndicator =
        param("validationIndicatorCol", "whether a row is to judge by, not to learn from");
    prediction = param("predictionCol", "prediction: the likeliest class's number");
    probability = param("probabilityCol", "vector of the classes' probabilities");
    rawPrediction = param("rawPredictionCol", "vector of the classes' log-probabilities");
  }

  private Param<String> param(String name, String what) {
    return new Param<>(owner, name, what);
  }

  /** What Spark ML's own classifiers begin with. */
  void setDefaults() {
    owner.setDefault(features, "features");
    owner.setDefault(label, "label");
    owner.setDefault(id, "id");
    owner.setDefault(prediction, "prediction");
    owner.setDefault(probability, "probability");
    owner.setDefault(rawPrediction, "rawPrediction");
  }

  String name(Param<String> column) {
    return owner.isDefined(column) ? owner.getOrDefault(column) : "";
  }

  /** Rows whose features are what this library reads: vectors become arrays. */
  Dataset<Row> readable(Dataset<?> rows, String into) {
    String from = name(features);
    Dataset<Row> all = rows.toDF();
    boolean isVector = type(all.schema(), from).equals(SQLDataTypes.VectorType());
    return all.withColumn(
        into, isVector ? functions.vector_to_array(all.col(from), "float32") : all.col(from));
  }

  private DataType type(StructType schema, String column) {
    if (!List.of(schema.fieldNames()).contains(column)) {
      throw new IllegalArgumentException(
          owner.uid()
              + ": there is no column '"
              + column
              + "'; there are "
              + String.join(", ", schema.fieldNames()));
    }
    return schema.apply(column).dataType();
  }

  /** Checks that there is what is learned from. */
  void checkInputs(StructType schema) {
    type(schema, name(id));
    if (!(type(schema, name(label)) instanceof NumericType)) {
      throw new IllegalArgumentException(
          owner.uid()
              + ": column '"
              + name(label)
              + "' of labels is "
              + type(schema, name(label)).simpleString()
              + "; numbers of classes are needed, as a StringIndexer makes of names");
    }
    String indicator = name(validationIndicator);
    if (!indicator.isEmpty() && !type(schema, indicator).equals(DataTypes.BooleanType)) {
      throw new IllegalArgumentException(
          owner.uid() + ": column '" + indicator + "' is no boolean, which tells rows to judge by");
    }
  }

  /** The schema with what is foretold; a column whose name is empty is left out. */
  StructType withOutputs(StructType schema) {
    type(schema, name(features));
    StructType all = schema;
    for (Param<String> column : outputs()) {
      String name = name(column);
      for (String field : all.fieldNames()) {
        if (field.equalsIgnoreCase(name)) {
          throw new IllegalArgumentException(
              owner.uid()
                  + ": there is a column '"
                  + field
                  + "' already; another name for "
                  + column.name()
                  + " is needed, or an empty one");
        }
      }
      all =
          all.add(
              name, column == prediction ? DataTypes.DoubleType : SQLDataTypes.VectorType(), true);
    }
    return all;
  }

  /** Those of the columns foretold that have a name, in their order. */
  List<Param<String>> outputs() {
    List<Param<String>> named = new ArrayList<>();
    for (Param<String> column : List.of(rawPrediction, probability, prediction)) {
      if (!name(column).isEmpty()) {
        named.add(column);
      }
    }
    return named;
  }
}
