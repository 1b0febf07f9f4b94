package io.hypertape.spark;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.data.Cifar10;
import io.hypertape.data.DataParts;
import io.hypertape.data.DataSplit;
import io.hypertape.data.Dataset;
import io.hypertape.data.Mnist;
import io.hypertape.data.Targets;
import io.hypertape.data.TextCorpus;
import io.hypertape.data.Vocabulary;
import io.hypertape.models.Activation;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.models.CrossEntropy;
import io.hypertape.models.Dense;
import io.hypertape.models.Dropout;
import io.hypertape.models.Flatten;
import io.hypertape.models.Layer;
import io.hypertape.models.ParameterFactory;
import io.hypertape.models.ResNet;
import io.hypertape.models.Sequential;
import io.hypertape.optim.Tower;
import io.hypertape.run.Checkpoint;
import io.hypertape.run.LanguageTrainer;
import io.hypertape.run.Trainer;
import io.hypertape.spark.exchange.ExchangeReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A program for Spark that trains each model by several numbers of workers, and without Spark. */
public final class AcceptanceJob {

  private static final int SHARDS = 8;
  private static final int TEST_ROWS = 64;
  private static final Tower ADAM = Tower.parse("adam(1e-3)/sgd(1e-5)");
  private static final Tower SGD = Tower.parse("sgd(0.05)/sgd(1e-4)");
  private static final StructType IMAGES =
      new StructType()
          .add("id", DataTypes.LongType)
          .add("pixels", DataTypes.createArrayType(DataTypes.FloatType))
          .add("label", DataTypes.IntegerType);
  private static final StructType LINES =
      new StructType().add("line", DataTypes.IntegerType).add("text", DataTypes.StringType);

  private final SparkSession spark;
  private final Path data;
  private final int[] numbers;
  private final int steps;
  private final List<String> lines = new ArrayList<>();

  private AcceptanceJob(SparkSession spark, Path data, int[] numbers, int steps) {
    this.spark = spark;
    this.data = data;
    this.numbers = numbers;
    this.steps = steps;
  }

  private static List<SparkExample> first(Dataset all, int count) {
    List<SparkExample> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] values = new float[all.features()];
      all.copyInput(i, values, 0);
      rows.add(new SparkExample(i, values, new byte[0], all.label(i), new float[0]));
    }
    return rows;
  }

  private SparkRows rows(List<SparkExample> examples, List<Integer> shape) {
    List<Row> rows = new ArrayList<>();
    for (SparkExample example : examples) {
      Float[] pixels = new Float[example.input().length];
      Arrays.setAll(pixels, i -> example.input()[i]);
      rows.add(RowFactory.create(example.id(), pixels, example.label()));
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    return new SparkRows(
        spark.createDataFrame(context.parallelize(rows, 4), IMAGES),
        "id",
        "pixels",
        shape,
        "label",
        new Targets.Classes(10, List.of()));
  }

  private static Layer mlp(Session session) {
    ParameterFactory factory = new ParameterFactory(session, 1);
    return Sequential.of(
        new Flatten(),
        Dense.create(factory, "in", 784, 128, Activation.TANH),
        Dropout.create(factory, 0.2),
        Dense.create(factory, "out", 128, 10, Activation.NONE));
  }

  private void images(
      String name, DataSplit split, int batch, ModelFactory factory, List<Tower> towers)
      throws IOException {
    List<Integer> shape = split.train().shape();
    List<SparkExample> train = first(split.train(), Math.min(2048, 16 * batch));
    List<SparkExample> test = first(split.test(), TEST_ROWS);
    Targets classes = new Targets.Classes(10, List.of());
    int wanted = steps;
    TrainerSettings settings =
        trainer ->
            trainer.loss(CrossEntropy.ofLogits()).batch(batch).epochs(wanted).limitedTo(wanted);
    for (Tower tower : towers) {
      long start = System.nanoTime();
      try (Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1));
          Layer model = factory.create(session)) {
        DataParts parts =
            new DataParts(
                "rows",
                new SparkExamples("rows", shape, classes, train),
                new SparkExamples("test", shape, classes, test));
        settings.of(new Trainer(session, model, parts)).shards(SHARDS).run(tower);
        say(name, tower, "alone", SparkModel.sha256(WeightBytes.of(model)), start, "");
      }
      for (int number : numbers) {
        long began = System.nanoTime();
        SparkModel model =
            training(number).train(rows(train, shape), rows(test, shape), factory, tower, settings);
        say(name, tower, "by " + number, model.sha256(), began, cost(model));
      }
    }
  }

  private void text(List<Tower> towers) throws IOException {
    String text = Files.readString(data.resolve("text/tinyshakespeare_input.txt"));
    text = text.substring(0, Math.min(text.length(), 60_000)).strip();
    List<Row> rows = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      rows.add(RowFactory.create(rows.size(), line));
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    SparkText all =
        new SparkText(spark.createDataFrame(context.parallelize(rows, 4), LINES), "line", "text");
    LanguageModelFactory factory = AcceptanceJob::lstm;
    int wanted = steps;
    LanguageSettings settings =
        trainer -> trainer.streams(16).unroll(20).epochs(wanted).limitedTo(wanted);
    for (Tower tower : towers) {
      long start = System.nanoTime();
      TextCorpus corpus = TextCorpus.of("text", text);
      try (Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1));
          CharLstm model = factory.create(session, corpus.vocabulary())) {
        settings.of(new LanguageTrainer(session, model, corpus)).shards(SHARDS).run(tower);
        byte[] weights = WeightBytes.of(model, Checkpoint.notes(corpus.vocabulary()));
        say("char-lstm", tower, "alone", SparkModel.sha256(weights), start, "");
      }
      for (int number : numbers) {
        long began = System.nanoTime();
        SparkModel model = training(number).train(all, factory, tower, settings);
        say("char-lstm", tower, "by " + number, model.sha256(), began, cost(model));
      }
    }
  }

  private static CharLstm lstm(Session session, Vocabulary vocabulary) {
    CharLstmSpec spec = CharLstmSpec.of(vocabulary.size()).withLayers(64, 2).withDropout(0.2);
    return CharLstm.create(session, spec, 1);
  }

  private SparkTraining training(int number) {
    return SparkTraining.on(spark).workers(number).shards(SHARDS);
  }

  private static String cost(SparkModel model) {
    ExchangeReport report = model.reports().getFirst();
    return String.format(
        Locale.ROOT,
        ", %d bytes a step sent, %.2f s waited of worker 0",
        report.sentBytes() / model.steps(),
        report.lost().toNanos() / 1e9);
  }

  private void say(String name, Tower tower, String by, String sha, long start, String cost) {
    double seconds = (System.nanoTime() - start) / 1e9;
    String line =
        String.format(Locale.ROOT, "%s %s %s: %s (%.1f s%s)", name, tower, by, sha, seconds, cost);
    System.out.println(line);
    lines.add(line);
  }

  /**
   * Writes a line for each training.
   *
   * @param arguments the file to write, the folder of data, models, numbers of workers, and steps
   */
  public static void main(String[] arguments) throws Exception {
    Path data = Path.of(arguments[1]);
    int[] numbers = Arrays.stream(arguments[3].split(",")).mapToInt(Integer::parseInt).toArray();
    try (SparkSession spark = SparkSession.builder().appName("acceptance").getOrCreate()) {
      AcceptanceJob job = new AcceptanceJob(spark, data, numbers, Integer.parseInt(arguments[4]));
      for (String name : arguments[2].split(",")) {
        switch (name) {
          case "mlp" ->
              job.images(
                  name,
                  Mnist.load(data.resolve("mnist")),
                  64,
                  AcceptanceJob::mlp,
                  List.of(ADAM, SGD));
          case "resnet20" ->
              job.images(
                  name,
                  Cifar10.load(data.resolve("cifar10")),
                  32,
                  session -> ResNet.cifar(session, 20, 10, 1),
                  List.of(ADAM, SGD));
          case "char-lstm" -> job.text(List.of(ADAM, SGD));
          default -> throw new IllegalArgumentException(name + " is no model of this job");
        }
      }
      Files.write(Path.of(arguments[0]), job.lines);
    }
  }
}
