package io.hypertape.spark;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.data.DataParts;
import io.hypertape.data.Targets;
import io.hypertape.models.Activation;
import io.hypertape.models.BatchNorm2d;
import io.hypertape.models.Conv2d;
import io.hypertape.models.CrossEntropy;
import io.hypertape.models.Dense;
import io.hypertape.models.Dropout;
import io.hypertape.models.Flatten;
import io.hypertape.models.GlobalAveragePool;
import io.hypertape.models.Layer;
import io.hypertape.models.ParameterFactory;
import io.hypertape.models.Sequential;
import io.hypertape.optim.Tower;
import io.hypertape.run.Trainer;
import io.hypertape.tensor.Convolution;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The part of a program for Spark that trains: by several numbers of workers, disturbed or not. */
final class TrainingJob {

  private static final int CLASSES = 3;
  private static final int SIDE = 5;
  private static final int SHARDS = 8;
  private static final List<Integer> SHAPE = List.of(2, SIDE, SIDE);
  private static final StructType COLUMNS =
      new StructType()
          .add("number", DataTypes.LongType)
          .add("pixels", DataTypes.createArrayType(DataTypes.DoubleType))
          .add("kind", DataTypes.IntegerType);

  private final SparkSession spark;
  private final Path folder;
  private final List<String> lines;

  TrainingJob(SparkSession spark, Path folder, List<String> lines) {
    this.spark = spark;
    this.folder = folder;
    this.lines = lines;
  }

  private static List<SparkExample> examples(int count, int seed) {
    Random random = new Random(seed);
    List<SparkExample> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] pixels = new float[2 * SIDE * SIDE];
      int kind = random.nextInt(CLASSES);
      for (int k = 0; k < pixels.length; k++) {
        pixels[k] = (float) random.nextGaussian() + kind;
      }
      examples.add(new SparkExample(1000L + 7 * i, pixels, new byte[0], kind, new float[0]));
    }
    return examples;
  }

  private SparkRows rows(int count, int seed) {
    List<Row> rows = new ArrayList<>();
    for (SparkExample example : examples(count, seed)) {
      Double[] pixels = new Double[example.input().length];
      for (int k = 0; k < pixels.length; k++) {
        pixels[k] = (double) example.input()[k];
      }
      rows.add(RowFactory.create(example.id(), pixels, example.label()));
    }
    return new SparkRows(
        spark.createDataFrame(rows, COLUMNS).repartition(3),
        "number",
        "pixels",
        SHAPE,
        "kind",
        targets());
  }

  private static Targets targets() {
    return new Targets.Classes(List.of("a", "b", "c"));
  }

  private static Layer mlp(Session session) {
    ParameterFactory factory = new ParameterFactory(session, 1);
    return Sequential.of(
        new Flatten(),
        Dense.create(factory, "in", 2 * SIDE * SIDE, 16, Activation.TANH),
        Dropout.create(factory, 0.3),
        Dense.create(factory, "out", 16, CLASSES, Activation.NONE));
  }

  private static Layer cnn(Session session) {
    ParameterFactory factory = new ParameterFactory(session, 1);
    return Sequential.of(
        Conv2d.create(factory, "conv", 2, 4, 3, Convolution.of(1, 1)),
        BatchNorm2d.create(factory, "bn", 4),
        Activation.RELU,
        new GlobalAveragePool(),
        Dense.create(factory, "out", 4, CLASSES, Activation.NONE));
  }

  private static Trainer settings(Trainer trainer, int epochs) {
    return trainer.loss(CrossEntropy.ofLogits()).batch(32).epochs(epochs).seed(5);
  }

  /** The same run in this process, as without Spark. */
  private static String alone(ModelFactory factory, Tower tower, int epochs) throws IOException {
    DataParts data =
        new DataParts(
            "rows",
            new SparkExamples("rows", SHAPE, targets(), examples(300, 1)),
            new SparkExamples("test", SHAPE, targets(), examples(40, 2)));
    try (Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1));
        Layer model = factory.create(session)) {
      settings(new Trainer(session, model, data), epochs).shards(SHARDS).run(tower);
      return SparkModel.sha256(WeightBytes.of(model));
    }
  }

  private void compare(String name, ModelFactory factory, Tower tower, int... numbers)
      throws IOException {
    lines.add(name + " alone: " + alone(factory, tower, 2));
    SparkRows train = rows(300, 1);
    SparkRows test = rows(40, 2);
    for (int number : numbers) {
      SparkModel model =
          SparkTraining.on(spark)
              .workers(number)
              .shards(SHARDS)
              .train(train, test, factory, tower, trainer -> settings(trainer, 2));
      lines.add(name + " by " + number + ": " + model.sha256());
      if (number > 1) {
        boolean measured =
            model.reports().size() == number
                && model.reports().getFirst().sentBytes() > 1000
                && model.measures().get("loss") < 2;
        lines.add(name + " measured: " + measured + " " + model.measures() + " " + model.reports());
      }
    }
  }

  /** An executor ends once a state of some steps is there, which the next attempt goes on from. */
  private void disturbed() throws IOException {
    Tower tower = Tower.parse("adam(1e-2)/sgd(1e-4)");
    int epochs = 8;
    lines.add("disturbed alone: " + alone(TrainingJob::mlp, tower, epochs));
    String mark = folder.resolve("trained").toString();
    Path states = folder.resolve("states");
    String folderOfStates = states.toString();
    SparkModel model =
        SparkTraining.on(spark)
            .workers(2)
            .shards(SHARDS)
            .checkpoints(states.toUri())
            .checkpointEvery(4)
            .train(
                rows(300, 1),
                rows(40, 2),
                session -> {
                  if (TaskContext.getPartitionId() == 1) {
                    end(mark, folderOfStates);
                  }
                  return mlp(session);
                },
                tower,
                trainer -> settings(trainer, epochs));
    lines.add("disturbed by 2: " + model.sha256());
    lines.add("disturbed steps: " + model.steps() + " " + Files.exists(Path.of(mark)));
  }

  private static void end(String mark, String states) {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              File marked = new File(mark);
              while (!marked.exists()) {
                String[] found = new File(states).list((unused, name) -> name.startsWith("state-"));
                if (found != null && found.length > 1) {
                  try {
                    Files.createFile(marked.toPath());
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                  Runtime.getRuntime().halt(9);
                }
                Thread.onSpinWait();
              }
            });
  }

  void run() throws IOException {
    compare("mlp", TrainingJob::mlp, Tower.parse("adam(1e-2)/sgd(1e-4)"), 1, 2, 4);
    compare("cnn", TrainingJob::cnn, Tower.parse("sgd(0.1)/sgd(1e-3)"), 2);
    disturbed();
  }
}
