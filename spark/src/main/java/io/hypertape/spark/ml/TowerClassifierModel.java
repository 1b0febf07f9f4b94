package io.hypertape.spark.ml;

import static org.apache.spark.sql.functions.expr;

import io.hypertape.checks.Nulls;
import io.hypertape.spark.SparkModel;
import io.hypertape.spark.SparkPredictor;
import java.util.Optional;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * What {@link TowerClassifier} has trained, as a stage of Spark ML's pipelines: adds log-
 * probabilities, probabilities and the likeliest class, as Spark ML's own classifiers do, and is
 * written with a pipeline. Models are those that a file tells all about, such as {@code Mlp},
 * {@code Cnn} and {@code ResNet}.
 */
public final class TowerClassifierModel extends Model<TowerClassifierModel>
    implements ClassifierColumns, MLWritable {

  private static final long serialVersionUID = 1L;
  private static final String VALUES = "hypertape features";
  private static final String OUTPUTS = "hypertape outputs";

  /** What Spark tells stages apart by. */
  private final String uid;

  private final transient SparkPredictor predictor;

  /** Names of columns. */
  private final Columns columns;

  private transient Optional<SparkModel> trained = Optional.empty();

  TowerClassifierModel(String uid, SparkPredictor predictor) {
    this.uid = uid;
    this.predictor = predictor;
    this.columns = new Columns(this);
    columns.setDefaults();
  }

  TowerClassifierModel setTrained(TowerClassifier by, SparkModel model) {
    trained = Optional.of(model);
    return setParent(by);
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public Columns columns() {
    return columns;
  }

  /**
   * What training has told: measures, steps, the run's tables.
   *
   * @return empty of a model that was read
   */
  public Optional<SparkModel> trained() {
    return trained;
  }

  /**
   * What predicts.
   *
   * @return the predictor, whose weights are the model's
   */
  public SparkPredictor predictor() {
    return predictor;
  }

  /**
   * Sets a column's name.
   *
   * @param column such as {@link #predictionCol}
   * @param name its name; empty leaves the column out
   * @return this
   */
  public TowerClassifierModel setColumn(Param<String> column, String name) {
    Nulls.check(column, "tower classifier model: column");
    Nulls.check(name, "tower classifier model: name");
    set(column, name);
    return this;
  }

  /**
   * Adds the columns that are foretold.
   *
   * @param rows with the column of features
   * @return the rows, computed in executors when Spark needs them
   * @throws IllegalArgumentException if a column is missing, or there already
   */
  @Override
  public Dataset<Row> transform(Dataset<?> rows) {
    Nulls.check(rows, "transform: rows");
    transformSchema(rows.schema());
    Dataset<Row> all = predictor.transform(columns.readable(rows, VALUES), VALUES, OUTPUTS);
    for (Param<String> column : columns.outputs()) {
      all = all.withColumn(columns.name(column), value(all, column));
    }
    return all.drop(VALUES, OUTPUTS);
  }

  private Column value(Dataset<Row> rows, Param<String> column) {
    if (column == columns.rawPrediction) {
      return functions.array_to_vector(rows.col(OUTPUTS));
    }
    String outputs = "`" + OUTPUTS + "`";
    return column == columns.prediction
        ? expr("CAST(array_position(" + outputs + ", array_max(" + outputs + ")) - 1 AS DOUBLE)")
        : functions.array_to_vector(
            expr("transform(" + outputs + ", x -> exp(CAST(x AS DOUBLE)))"));
  }

  @Override
  public StructType transformSchema(StructType schema) {
    Nulls.check(schema, "tower classifier model: schema");
    return columns.withOutputs(schema);
  }

  @Override
  public TowerClassifierModel copy(ParamMap extra) {
    Nulls.check(extra, "tower classifier model: extra");
    TowerClassifierModel copy = copyValues(new TowerClassifierModel(uid, predictor), extra);
    copy.trained = trained;
    return copy.setParent(parent());
  }

  @Override
  public MLWriter write() {
    return new StageWriter(this);
  }

  /**
   * Reads what {@link #write} has written; also called by Spark ML for a pipeline's stages.
   *
   * @return a reader
   */
  public static MLReader<TowerClassifierModel> read() {
    return new StageReader();
  }

  /**
   * Reads a model.
   *
   * @param path where {@link #save} has written it
   * @return the model
   */
  public static TowerClassifierModel load(String path) {
    return read().load(Nulls.check(path, "tower classifier model: path"));
  }
}
