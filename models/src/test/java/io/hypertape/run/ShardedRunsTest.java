package io.hypertape.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.data.DataParts;
import io.hypertape.data.Dataset;
import io.hypertape.data.Example;
import io.hypertape.data.Examples;
import io.hypertape.data.ShardPlan;
import io.hypertape.data.Targets;
import io.hypertape.data.TextCorpus;
import io.hypertape.models.Activation;
import io.hypertape.models.BatchNorm2d;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
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
import io.hypertape.shards.Shards;
import io.hypertape.shards.Shards.Statistics;
import io.hypertape.tensor.Convolution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run whose batches are divided into shards has the same bits whoever computes them. */
class ShardedRunsTest {

  private static final int ROWS = 45;
  private static final int BATCH = 16;
  private static final int SIDE = 5;
  private static final List<Integer> SHAPE = List.of(2, SIDE, SIDE);

  @TempDir private Path folder;
  private TextCorpus corpus;

  private static Examples noise(int rows, boolean weighted) {
    Random random = new Random(rows);
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      float[] pixels = new float[2 * SIDE * SIDE];
      for (int k = 0; k < pixels.length; k++) {
        pixels[k] = (float) random.nextGaussian();
      }
      Example example = Example.ofClass(random.nextInt(3), pixels);
      examples.add(weighted ? example.weighing(i % 4 == 0 ? 0 : i % 4) : example);
    }
    return Examples.of(
        "noise", SHAPE, new Targets.Classes(List.of("a", "b", "c")), examples.stream());
  }

  private static DataParts data() {
    return new DataParts("noise", noise(ROWS, false), noise(6, false));
  }

  private static Layer mlp(ParameterFactory factory, double dropout) {
    return Sequential.of(
        new Flatten(),
        Dense.create(factory, "in", 2 * SIDE * SIDE, 7, Activation.TANH),
        Dropout.create(factory, dropout),
        Dense.create(factory, "out", 7, 3, Activation.NONE));
  }

  private static Layer cnn(ParameterFactory factory, double dropout) {
    return Sequential.of(
        Conv2d.create(factory, "conv", 2, 4, 3, Convolution.of(1, 1)),
        BatchNorm2d.create(factory, "bn", 4),
        Activation.RELU,
        Dropout.create(factory, dropout),
        new GlobalAveragePool(),
        Dense.create(factory, "out", 4, 3, Activation.NONE));
  }

  private static Layer model(String kind, Session session) {
    ParameterFactory factory = new ParameterFactory(session, 1);
    return switch (kind) {
      case "mlp" -> mlp(factory, 0);
      case "dropout" -> mlp(factory, 0.4);
      // Batch norm of images, of which even a single one has many values a channel.
      case "plane" -> cnn(factory, 0);
      default -> cnn(factory, 0.2);
    };
  }

  /** What a run tells, and what it leaves. */
  private static List<Object> run(
      String kind, String tower, int threads, Function<Trainer, Trainer> settings)
      throws IOException {
    return run(kind, data(), tower, threads, settings);
  }

  private static List<Object> run(
      String kind, DataParts data, String tower, int threads, Function<Trainer, Trainer> settings)
      throws IOException {
    SessionOptions options = SessionOptions.of(Device.CPU).withThreads(threads);
    try (Session session = Session.open(options)) {
      Layer model = model(kind, session);
      RunFollower follower = new RunFollower();
      settings
          .apply(
              new Trainer(session, model, data)
                  .loss(CrossEntropy.ofLogits())
                  .batch(BATCH)
                  .epochs(2)
                  .listener(follower))
          .run(Tower.parse(tower));
      follower.told.addAll(left(model));
      return follower.told;
    }
  }

  private static List<Double> left(Layer model) {
    List<Double> values = new ArrayList<>();
    for (Parameter parameter : model.parameters()) {
      for (double value : parameter.value().toDoubles()) {
        values.add(value);
      }
    }
    for (Buffer buffer : model.buffers()) {
      for (double value : buffer.toDoubles()) {
        values.add(value);
      }
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource({
    "mlp, adam(1e-2)/sgd(1e-3), JOINED",
    "dropout, sgd(0.1)/sgd(1e-2), JOINED",
    "mlp, auto(adam), JOINED",
    "cnn, adam(1e-2)/sgd(1e-3), PER_SHARD",
    "cnn, adam(1e-2)/sgd(1e-3), JOINED",
    "cnn, 'sgd(0.1, mu=0.9)/sgd(1e-3)', JOINED",
  })
  void threadsAndWorkersChangeNoBit(String kind, String tower, Statistics statistics)
      throws Exception {
    Shards shards = Shards.of(8).withStatistics(statistics);
    List<Object> expected = run(kind, tower, 1, t -> t.shards(shards));
    assertEquals(expected, run(kind, tower, 3, t -> t.shards(shards)));
    for (int workers : new int[] {2, 4}) {
      List<List<Object>> found =
          ThreadedWorkers.run(
              workers, e -> run(kind, tower, 4 / workers, t -> t.shards(shards.over(e))));
      for (List<Object> one : found) {
        assertEquals(expected, one, "of " + workers + " workers");
      }
    }
  }

  /** So few examples that some workers have none of a batch. */
  @ParameterizedTest
  @EnumSource
  void workersMayHaveNoRows(Statistics statistics) throws Exception {
    DataParts few = new DataParts("few", noise(20, false), noise(6, false));
    Shards shards = Shards.of(8).withStatistics(statistics);
    ShardPlan plan = ShardPlan.of(few.train(), shards, 8);
    boolean anyLacks = false;
    for (int shard = 0; shard < 8; shard++) {
      anyLacks |= plan.rows(plan.batches() - 1, shard) == 0;
    }
    assertTrue(anyLacks);
    String tower = "adam(1e-2)/sgd(1e-3)";
    Function<Trainer, Trainer> settings = t -> t.batch(8).limitedTo(6);
    List<Object> expected = run("plane", few, tower, 1, t -> settings.apply(t).shards(shards));
    for (List<Object> one :
        ThreadedWorkers.run(
            8, e -> run("plane", few, tower, 1, t -> settings.apply(t).shards(shards.over(e))))) {
      assertEquals(expected, one);
    }
  }

  @Test
  void workersNeedTheirOwnRowsAlone() throws Exception {
    Shards shards = Shards.of(8);
    String tower = "adam(1e-2)/sgd(1e-3)";
    List<Object> expected = run("cnn", tower, 1, t -> t.shards(shards));
    for (List<Object> one :
        ThreadedWorkers.run(
            4,
            e -> {
              DataParts all = data();
              DataParts own =
                  new DataParts("noise", OwnRows.of(all.train(), shards.over(e)), all.test());
              return run("cnn", own, tower, 1, t -> t.shards(shards.over(e)));
            })) {
      assertEquals(expected, one);
    }
  }

  @Test
  void shardsSideBySideAreReplayed() throws IOException {
    SessionOptions options = SessionOptions.of(Device.CPU).withThreads(1);
    try (Session session = Session.open(options)) {
      Trainer trainer =
          new Trainer(session, model("cnn", session), data())
              .loss(CrossEntropy.ofLogits())
              .batch(BATCH)
              .epochs(12)
              .shards(4);
      trainer.run(Tower.parse("adam(1e-2)/sgd(1e-3)"));
      assertTrue(trainer.mode().startsWith("steps are replayed"), trainer.mode());
    }
  }

  private List<Object> read(String tower, int threads, Shards shards) throws IOException {
    SessionOptions options = SessionOptions.of(Device.CPU).withThreads(threads);
    try (Session session = Session.open(options)) {
      CharLstm model = CharLstm.create(session, new CharLstmSpec(7, 6, 8, 2, 0.3), 1);
      RunFollower follower = new RunFollower();
      new LanguageTrainer(session, model, corpus)
          .options(new TrainingOptions(2, 11, 1).withShards(shards))
          .unroll(9)
          .listener(follower)
          .run(Tower.parse(tower));
      for (Parameter parameter : model.parameters()) {
        for (double value : parameter.value().toDoubles()) {
          follower.told.add(value);
        }
      }
      return follower.told;
    }
  }

  /** Eleven streams, so that shards have one or two of them. */
  @ParameterizedTest
  @ValueSource(strings = {"adam(1e-2)/sgd(1e-4)", "sgd(0.5)/sgd(1e-3) clip=1"})
  void textsDoNotDependOnWorkers(String tower) throws Exception {
    Path file = folder.resolve("text");
    Files.writeString(file, "abcd xbyd ".repeat(60));
    corpus = TextCorpus.load(file);
    List<Object> expected = read(tower, 1, Shards.of(8));
    assertEquals(expected, read(tower, 3, Shards.of(8)));
    for (int workers : new int[] {2, 4}) {
      for (List<Object> one :
          ThreadedWorkers.run(workers, e -> read(tower, 1, Shards.of(8).over(e)))) {
        assertEquals(expected, one, "of " + workers + " workers");
      }
    }
    String message =
        assertThrows(IllegalArgumentException.class, () -> read(tower, 1, Shards.of(16)))
            .getMessage();
    assertTrue(message.startsWith("batches of 11 streams cannot be divided into 16"), message);
  }

  /** A batch that is the whole set, so that the order of its examples does not matter. */
  private static double[] afterSteps(
      boolean convolutional, Dataset train, Function<Trainer, Trainer> settings)
      throws IOException {
    try (Session session = Session.open(Device.REFERENCE)) {
      ParameterFactory factory = new ParameterFactory(session, 1);
      Layer model = convolutional ? cnn(factory, 0) : mlp(factory, 0);
      Trainer trainer =
          new Trainer(session, model, new DataParts("noise", train, noise(6, false)))
              .loss(CrossEntropy.ofLogits())
              .batch(ROWS)
              .epochs(4);
      settings.apply(trainer).run(Tower.parse("sgd(0.1, mu=0.5)/sgd(1e-3) clip=2"));
      return left(model).stream().mapToDouble(v -> v).toArray();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, false, false",
    "4, false, false",
    "32, false, false",
    "4, true, false",
    "8, false, true"
  })
  void gradientsAreThoseOfTheWholeBatch(int shards, boolean weighted, boolean convolutional)
      throws IOException {
    Examples train = noise(ROWS, weighted);
    double[] expected = afterSteps(convolutional, train, t -> t);
    assertArrayEquals(expected, afterSteps(convolutional, train, t -> t.shards(shards)), 1e-6);
  }

  private static long peak(Function<Trainer, Trainer> settings) throws IOException {
    try (Session session = Session.open(Device.REFERENCE)) {
      Layer model = mlp(new ParameterFactory(session, 1), 0);
      DataParts data = new DataParts("noise", noise(512, false), noise(6, false));
      Trainer trainer =
          new Trainer(session, model, data).loss(CrossEntropy.ofLogits()).batch(512).epochs(3);
      settings.apply(trainer).run(Tower.parse("sgd(0.1)"));
      return session.peakBytes();
    }
  }

  @Test
  void aStepNeedsTheMemoryOfAShard() throws IOException {
    long whole = peak(t -> t);
    long shards = peak(t -> t.shards(8));
    assertTrue(shards < 0.3 * whole, shards + " bytes of " + whole);
  }

  private static String refusal(Function<Trainer, Trainer> settings) {
    return assertThrows(IllegalArgumentException.class, () -> run("mlp", "sgd(0.1)", 1, settings))
        .getMessage();
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertTrue(refusal(t -> t.shards(6)).startsWith("shards is 6; a power of two"));
    assertEquals(
        "batches of 16 examples cannot be divided into 32 shards; at least one for each shard is"
            + " needed",
        refusal(t -> t.shards(32)));
    assertEquals(
        "batches are divided into 4 shards, and into 2 parts; one of the two fits",
        refusal(t -> t.shards(4).parts(2)));
  }

  /** A state belongs to a number of shards, not to one of workers. */
  @Test
  void aStateKeepsItsShards() throws IOException {
    try (Session session = Session.open(Device.REFERENCE)) {
      RunFollower follower = new RunFollower();
      Trainer trainer =
          new Trainer(session, model("mlp", session), data())
              .loss(CrossEntropy.ofLogits())
              .batch(BATCH)
              .listener(follower);
      Tower tower = Tower.parse("sgd(0.1)");
      trainer.shards(4).run(tower);
      String message =
          assertThrows(UnfitStateException.class, () -> trainer.resume(tower, follower.last))
              .getMessage();
      assertTrue(message.contains("divided into shards: 4, not none"), message);
      message =
          assertThrows(
                  UnfitStateException.class, () -> trainer.shards(8).resume(tower, follower.last))
              .getMessage();
      assertTrue(message.contains("divided into shards: 4, not 8"), message);
    }
  }
}
