package io.hypertape.spark;

import io.hypertape.data.Targets;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.optim.Tower;
import io.hypertape.spark.ml.TowerClassifier;
import io.hypertape.spark.ml.TowerClassifierModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.functions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The part of a program for Spark that trains in a pipeline of Spark ML. */
final class PipelineJob {

  private static final List<Integer> SHAPE = List.of(3);
  private static final Tower TOWER = Tower.parse("adam(1e-2)/sgd(1e-4)");
  private static final ModelFactory MODEL =
      session -> Mlp.create(session, MlpSpec.tanh(3, 8, 3), 1);
  private static final TrainerSettings SETTINGS = trainer -> trainer.batch(32).epochs(6).seed(5);

  private PipelineJob() {}

  private static Dataset<Row> rows(SparkSession spark) {
    Random random = new Random(1);
    List<Row> rows = new ArrayList<>();
    for (long i = 0; i < 400; i++) {
      int kind = random.nextInt(3);
      rows.add(
          RowFactory.create(
              i,
              random.nextGaussian() + 3 * kind,
              random.nextGaussian() - 3 * kind,
              random.nextGaussian(),
              "kind " + kind,
              i % 4 == 0));
    }
    return spark.createDataFrame(
        rows,
        new StructType()
            .add("number", DataTypes.LongType)
            .add("a", DataTypes.DoubleType)
            .add("b", DataTypes.DoubleType)
            .add("c", DataTypes.DoubleType)
            .add("kind", DataTypes.StringType)
            .add("held", DataTypes.BooleanType));
  }

  private static String refusal(Runnable work) {
    try {
      work.run();
      return "nothing";
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  /** What a pipeline's model foretells, and that read from where it was written. */
  static List<String> lines(SparkSession spark, Path folder) throws Exception {
    SparkTraining training = SparkTraining.on(spark).workers(2).shards(4);
    TowerClassifier classifier = new TowerClassifier(training, SHAPE, 3, MODEL, TOWER, SETTINGS);
    classifier
        .setColumn(classifier.idCol(), "number")
        .setColumn(classifier.validationIndicatorCol(), "held")
        .setColumn(classifier.rawPredictionCol(), "");
    Dataset<Row> rows = rows(spark);
    PipelineModel fitted =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  new StringIndexer()
                      .setInputCol("kind")
                      .setOutputCol("label")
                      .setStringOrderType("alphabetAsc"),
                  new VectorAssembler()
                      .setInputCols(new String[] {"a", "b", "c"})
                      .setOutputCol("features"),
                  classifier
                })
            .fit(rows);
    TowerClassifierModel model = (TowerClassifierModel) fitted.stages()[2];
    Dataset<Row> found = fitted.transform(rows).cache();
    MulticlassClassificationEvaluator judge = new MulticlassClassificationEvaluator();
    double accuracy = judge.setMetricName("accuracy").evaluate(found.where("held"));
    double loss = judge.setMetricName("logLoss").evaluate(found.where("held"));
    SparkModel trained = model.trained().orElseThrow();
    String path = folder.resolve("pipeline").toUri().toString();
    fitted.save(path);
    PipelineModel read = PipelineModel.load(path);
    boolean same =
        read.transform(rows).collectAsList().equals(found.collectAsList())
            && ((TowerClassifierModel) read.stages()[2]).trained().isEmpty();
    Dataset<Row> plain =
        found
            .withColumn("pixels", functions.vector_to_array(found.col("features"), "float32"))
            .drop("features", "prediction", "probability");
    SparkRows learned =
        new SparkRows(
            plain.where("not held"),
            "number",
            "pixels",
            SHAPE,
            "label",
            new Targets.Classes(3, List.of()));
    SparkModel other =
        training.workers(1).train(learned, learned.of(plain.where("held")), MODEL, TOWER, SETTINGS);
    String taken = refusal(() -> model.transform(found));
    String named = refusal(() -> classifier.fit(rows.withColumnRenamed("kind", "label")));
    return List.of(
        "pipeline: "
            + trained.sha256().equals(other.sha256())
            + " "
            + same
            + " "
            + Arrays.toString(found.drop("number", "a", "b", "c", "kind", "held").columns()),
        "accuracy: " + (1 - trained.measures().get("error") - accuracy),
        "logLoss: " + (trained.measures().get("loss") - loss) + " of " + loss,
        "taken: " + taken,
        "named: " + named);
  }
}
