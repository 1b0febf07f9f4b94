package io.hypertape.spark.ml;

import io.hypertape.checks.Nulls;
import io.hypertape.data.Targets;
import io.hypertape.optim.Tower;
import io.hypertape.spark.ModelFactory;
import io.hypertape.spark.SparkModel;
import io.hypertape.spark.SparkRows;
import io.hypertape.spark.SparkTraining;
import io.hypertape.spark.TrainerSettings;
import java.util.List;
import java.util.UUID;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * A classifier as a stage of Spark ML's pipelines: {@link #fit} trains as {@link SparkTraining}
 * does, with the same bits. What it is made of is code, so it is not written with a pipeline; its
 * model is.
 */
public final class TowerClassifier extends Estimator<TowerClassifierModel>
    implements ClassifierColumns {

  private static final long serialVersionUID = 1L;

  /** Rows to judge by where none are named. */
  private static final int JUDGED = 1000;

  private static final String VALUES = "hypertape features";

  /** What Spark tells stages apart by. */
  private final String uid;

  // Of the driver alone.
  private final transient SparkTraining training;
  private final transient Targets targets;
  private final transient List<Integer> shape;
  private final transient ModelFactory model;
  private final transient Tower tower;
  private final transient TrainerSettings settings;

  /** Names of columns. */
  private final Columns columns;

  /**
   * A classifier that is not trained yet.
   *
   * @param training by how many workers and so on
   * @param shape lengths of an example's axes
   * @param classes how many classes there are
   * @param model makes the model in every worker
   * @param tower the optimizers
   * @param settings how long to train, in what portions and so on
   * @throws IllegalArgumentException if there are fewer than two classes
   */
  public TowerClassifier(
      SparkTraining training,
      List<Integer> shape,
      int classes,
      ModelFactory model,
      Tower tower,
      TrainerSettings settings) {
    this(
        "towerClassifier_" + UUID.randomUUID().toString().replace("-", "").substring(0, 12),
        Nulls.check(training, "tower classifier: training"),
        Nulls.copy(shape, "tower classifier: shape"),
        new Targets.Classes(classes, List.of()),
        Nulls.check(model, "tower classifier: model"),
        Nulls.check(tower, "tower classifier: tower"),
        Nulls.check(settings, "tower classifier: settings"));
    if (classes < 2) {
      throw new IllegalArgumentException(
          "tower classifier: classes is " + classes + "; at least 2 are needed");
    }
    columns.setDefaults();
  }

  private TowerClassifier(
      String uid,
      SparkTraining training,
      List<Integer> shape,
      Targets targets,
      ModelFactory model,
      Tower tower,
      TrainerSettings settings) {
    this.uid = uid;
    this.training = training;
    this.shape = shape;
    this.targets = targets;
    this.model = model;
    this.tower = tower;
    this.settings = settings;
    this.columns = new Columns(this);
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
   * Sets a column's name.
   *
   * @param column such as {@link #labelCol}
   * @param name its name; an empty one of the model's leaves that column out
   * @return this
   */
  public TowerClassifier setColumn(Param<String> column, String name) {
    Nulls.check(column, "tower classifier: column");
    Nulls.check(name, "tower classifier: name");
    set(column, name);
    return this;
  }

  /**
   * Trains, and waits.
   *
   * @param rows with the columns of features, labels and ids
   * @return the model
   * @throws IllegalArgumentException if a column is missing or is something else
   * @throws io.hypertape.spark.SparkWorkersException as of {@link SparkTraining#train}
   */
  @Override
  public TowerClassifierModel fit(Dataset<?> rows) {
    Nulls.check(rows, "fit: rows");
    transformSchema(rows.schema());
    Dataset<Row> all = columns.readable(rows, VALUES);
    String indicator = columns.name(columns.validationIndicator);
    Dataset<Row> train = all;
    Dataset<Row> test;
    if (indicator.isEmpty()) {
      // By a hash, so that the same ones are taken however they are distributed.
      Column order = functions.xxhash64(all.col(columns.name(columns.id)));
      test = all.orderBy(order).limit(JUDGED);
    } else {
      Column judged = functions.coalesce(all.col(indicator), functions.lit(false));
      train = all.where(functions.not(judged));
      test = all.where(judged);
    }
    SparkRows learned =
        new SparkRows(
            train, columns.name(columns.id), VALUES, shape, columns.name(columns.label), targets);
    SparkModel trained = training.train(learned, learned.of(test), model, tower, settings);
    TowerClassifierModel made = new TowerClassifierModel(uid, trained.predictor());
    return copyValues(made, ParamMap.empty()).setTrained(this, trained);
  }

  @Override
  public StructType transformSchema(StructType schema) {
    Nulls.check(schema, "tower classifier: schema");
    columns.checkInputs(schema);
    return columns.withOutputs(schema);
  }

  @Override
  public TowerClassifier copy(ParamMap extra) {
    Nulls.check(extra, "tower classifier: extra");
    return copyValues(
        new TowerClassifier(uid, training, shape, targets, model, tower, settings), extra);
  }
}
