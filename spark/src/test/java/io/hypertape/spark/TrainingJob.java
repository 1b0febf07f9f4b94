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
import io.hypertape.models.GlobalAveragePool;
import io.hypertape.models.Layer;
import io.hypertape.models.ParameterFactory;
import io.hypertape.models.Sequential;
import io.hypertape.optim.Tower;
import io.hypertape.run.Trainer;
import io.hypertape.spark.exchange.ExchangeOptions;
import io.hypertape.tensor.Convolution;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The part of a program for Spark that trains, disturbed or not. */
final class TrainingJob {

  private static final int CLASSES = 3;
  private static final int SIDE = 5;
  private static final int SHARDS = 8;
  private static final int ROWS = 320;
  private static final int EPOCHS = 2;
  private static final int STEPS = 20;
  private static final ExchangeOptions PATIENT =
      ExchangeOptions.DEFAULT.withPatience(Duration.ofSeconds(20));
  private static final Tower TOWER = Tower.parse("adam(1e-2)/sgd(1e-4)");
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
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    return new SparkRows(
        spark.createDataFrame(context.parallelize(rows, 3), COLUMNS),
        "number",
        "pixels",
        SHAPE,
        "kind",
        targets());
  }

  private static Targets targets() {
    return new Targets.Classes(List.of("a", "b", "c"));
  }

  private static Layer net(Session session) {
    ParameterFactory factory = new ParameterFactory(session, 1);
    return Sequential.of(
        Conv2d.create(factory, "conv", 2, 4, 3, Convolution.of(1, 1)),
        BatchNorm2d.create(factory, "bn", 4),
        Activation.RELU,
        new GlobalAveragePool(),
        Dropout.create(factory, 0.3),
        Dense.create(factory, "out", 4, CLASSES, Activation.NONE));
  }

  private static Trainer settings(Trainer trainer) {
    return trainer.loss(CrossEntropy.ofLogits()).batch(32).epochs(EPOCHS).seed(5);
  }

  /** The same run in this process, as without Spark. */
  private static String alone() throws IOException {
    DataParts data =
        new DataParts(
            "rows",
            new SparkExamples("rows", SHAPE, targets(), examples(ROWS, 1)),
            new SparkExamples("test", SHAPE, targets(), examples(40, 2)));
    try (Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1));
        Layer model = net(session)) {
      settings(new Trainer(session, model, data)).shards(SHARDS).run(TOWER);
      return SparkModel.sha256(WeightBytes.of(model));
    }
  }

  /** Trains by four workers. */
  void undisturbed() {
    List<String> told = Collections.synchronizedList(new ArrayList<>());
    SparkModel model =
        SparkTraining.on(spark)
            .workers(4)
            .shards(SHARDS)
            .progress(told::add)
            .train(rows(ROWS, 1), rows(40, 2), TrainingJob::net, TOWER, TrainingJob::settings);
    lines.add("by 4: " + model.sha256());
    boolean measured =
        model.reports().size() == 4
            && model.reports().getFirst().sentBytes() > 1000
            && model.measures().get("loss") < 2;
    lines.add("told: " + told);
    lines.add("measured: " + measured + " " + model.measures() + " " + model.reports());
  }

  /** A worker's end at some moment. */
  private record End(int worker, Kind kind, int states, int millis) implements Serializable {

    /** What becomes of it. */
    enum Kind {
      EXECUTOR_KILLED,
      TASK_INTERRUPTED,
      EXECUTOR_HANGS
    }

    static End drawn(Random random) {
      Kind[] kinds = Kind.values();
      return new End(
          random.nextInt(4),
          kinds[random.nextInt(kinds.length)],
          random.nextInt(3),
          random.nextInt(60));
    }

    /** Comes once, when as many states are there, and some time after. */
    void await(String mark, String states) {
      Thread task = Thread.currentThread();
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                File marked = new File(mark);
                while (!marked.exists() && count(states) < this.states) {
                  Thread.onSpinWait();
                }
                try {
                  Thread.sleep(millis);
                  Files.createFile(marked.toPath());
                  come(task);
                } catch (IOException | InterruptedException e) {
                  // It has come before.
                }
              });
    }

    private void come(Thread task) throws IOException {
      switch (kind) {
        case EXECUTOR_KILLED -> Runtime.getRuntime().halt(9);
        case TASK_INTERRUPTED -> task.interrupt();
        case EXECUTOR_HANGS ->
            new ProcessBuilder("kill", "-STOP", Long.toString(ProcessHandle.current().pid()))
                .start();
      }
    }

    private static int count(String states) {
      String[] found = new File(states).list((unused, name) -> name.startsWith("state-"));
      return found == null ? 0 : found.length;
    }
  }

  /** Workers of whom one ends; as many as there is room for go on from the last state. */
  private void disturb(String name, End end, String expected) throws IOException {
    Path states = folder.resolve(name);
    String mark = folder.resolve(name + "-ended").toString();
    String folderOfStates = states.toString();
    SparkModel model =
        SparkTraining.on(spark)
            .workers(4)
            .shards(SHARDS)
            .with(workers -> workers.fewerAfter(Duration.ZERO).restarts(10).exchange(PATIENT))
            .checkpoints(states.toUri())
            .checkpointEvery(4)
            .train(
                rows(ROWS, 1),
                rows(40, 2),
                session -> {
                  if (TaskContext.getPartitionId() == end.worker()) {
                    end.await(mark, folderOfStates);
                  }
                  return net(session);
                },
                TOWER,
                TrainingJob::settings);
    boolean asExpected = model.sha256().equals(expected) && model.steps() == STEPS;
    lines.add(name + ": " + asExpected + " " + Files.exists(Path.of(mark)) + " " + end);
  }

  /** Trains as often, disturbed at random moments. */
  void disturb(int ends) throws IOException {
    Random random = new Random(ends);
    String expected = alone();
    lines.add("alone: " + expected);
    for (int i = 0; i < ends; i++) {
      End end = i == 0 ? new End(1, End.Kind.EXECUTOR_KILLED, 2, 0) : End.drawn(random);
      disturb("disturbed " + i, end, expected);
    }
  }
}
