package io.hypertape.benchmarks.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.benchmarks.parts.FewSteps;
import io.hypertape.benchmarks.parts.Outcome;
import io.hypertape.benchmarks.study.ImageTask.Objective;
import io.hypertape.data.DataSplit;
import io.hypertape.data.LabeledImages;
import io.hypertape.data.Normalization;
import io.hypertape.data.Strokes;
import io.hypertape.data.TextCorpus;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TasksTest {

  private static final int EPOCHS = 8;

  private static final ImageData DATA = ImageData.of(Strokes.generate(1, 100, 40), 10);

  /** Images of 8 × 8 pixels, of which the class has two bright rows. */
  private static final ImageData STRIPES =
      ImageData.of(new DataSplit("stripes", stripes(100), stripes(40)), 10);

  private static LabeledImages stripes(int count) {
    SplittableRandom random = new SplittableRandom(count);
    byte[] pixels = new byte[count * 64];
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) random.nextInt(4);
      for (int k = 0; k < 64; k++) {
        pixels[64 * i + k] = (byte) (random.nextInt(50) + (k / 16 == labels[i] ? 200 : 0));
      }
    }
    return new LabeledImages("stripes", 1, 8, 8, 4, pixels, labels);
  }

  private static ImageTask task(StudyNetwork network, Objective objective) {
    return ImageTask.of("t", Half.TUNING, network, objective, DATA, 16, 2, 1e-3);
  }

  private static Session session() {
    return Session.open(SessionOptions.of(Device.CPU).withThreads(1));
  }

  /** Made before anything was tuned: whoever changes it has to say so. */
  @Test
  void theSplitOfTheTasksStands() {
    assertEquals(
        "tanh relu tanh-30 relu-b32 logistic deep-norm cnn lstm",
        Stream.of(TaskList.values())
            .filter(t -> t.half() == Half.TUNING)
            .map(TaskList::toString)
            .collect(Collectors.joining(" ")));
    assertEquals(
        "tanh-1 tanh-b32 relu-1 relu-30 deep autoencoder resnet20 lstm-2",
        Stream.of(TaskList.values())
            .filter(t -> t.half() == Half.REPORT)
            .map(TaskList::toString)
            .collect(Collectors.joining(" ")));
  }

  @Test
  void everyTenthImageIsHeldBack() {
    LabeledImages all = Strokes.generate(1, 100, 40).train();
    assertEquals(90, DATA.train().size());
    assertEquals(10, DATA.valid().size());
    assertEquals(40, DATA.test().size());
    byte[] pixels = all.pixels();
    int size = all.features();
    for (int i = 0; i < 10; i++) {
      int from = (10 * i + 9) * size;
      assertArrayEquals(
          Arrays.copyOfRange(pixels, from, from + size),
          Arrays.copyOfRange(DATA.valid().pixels(), i * size, (i + 1) * size));
      assertEquals(all.labels()[10 * i + 9], DATA.valid().labels()[i]);
      assertEquals(all.labels()[10 * i + 8], DATA.train().labels()[9 * i + 8]);
    }
  }

  @ParameterizedTest
  @EnumSource(StudyNetwork.class)
  void everyNetworkLearns(StudyNetwork network) throws IOException {
    Objective objective =
        network == StudyNetwork.AUTOENCODER ? Objective.PIXELS : Objective.CLASSES;
    ImageTask task = ImageTask.of("t", Half.TUNING, network, objective, STRIPES, 30, EPOCHS, 1e-3);
    StudyPart part = StudyPart.of(task, "adam(0.01)", "", 1);
    Outcome outcome = part.run(FewSteps.toTheEnd());
    assertEquals("", outcome.note());
    assertEquals(3 * EPOCHS, outcome.figure("steps"));
    double chance = task.quality().chance();
    assertTrue(outcome.figure(StudyPart.TEST) < 0.8 * chance, network + " " + outcome.figures());
    assertTrue(Double.isFinite(outcome.figure(StudyPart.VALID)), outcome.figures().toString());
  }

  /** Seeds decide weights and batches; the optimizer, which comes after, decides nothing. */
  @Test
  void equalSeedsGiveEqualWeightsAndBatches() {
    ImageTask task = task(StudyNetwork.RELU_MLP, Objective.CLASSES);
    try (Session session = session();
        Trial one = task.begin(session, 1);
        Trial same = task.begin(session, 1);
        Trial other = task.begin(session, 2)) {
      assertArrayEquals(weights(one), weights(same));
      assertFalse(Arrays.equals(weights(one), weights(other)));
      double differences = 0;
      for (int step = 0; step < 12; step++) {
        double loss = loss(session, one);
        assertEquals(loss, loss(session, same));
        differences += Math.abs(loss - loss(session, other));
      }
      assertTrue(differences > 0);
    }
  }

  private static float[] weights(Trial trial) {
    return trial.parameters().getFirst().value().toFloats();
  }

  /** The loss of the next batch at the first weights. */
  private static double loss(Session session, Trial trial) {
    Tower tower = Tower.parse("sgd(0)");
    try (TowerOptimizer optimizer = tower.bind(session, trial.parameters())) {
      return optimizer.prepare(trial::loss).run(trial.next()).item();
    }
  }

  @Test
  void aBatchThatIsNeverFullIsRefused() {
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                ImageTask.of(
                    "big", Half.TUNING, StudyNetwork.CNN, Objective.CLASSES, DATA, 91, 1, 1e-3));
    assertEquals("big: 90 images to learn from are fewer than a batch of 91", e.getMessage());
  }

  @Test
  void whoGivesTheMeanImageBackHasChance() {
    byte[] train = {0, 0, (byte) 255, (byte) 255};
    LabeledImages images = new LabeledImages("i", 1, 1, 2, 2, train, new byte[2]);
    LabeledImages test =
        new LabeledImages("i", 1, 1, 2, 2, new byte[] {(byte) 255, 0}, new byte[1]);
    ImageData data = new ImageData("i", images, images, test, Normalization.none(1), "digest");
    assertEquals(0.25, data.distanceFromMean(), 1e-12);
  }

  @Test
  void aTextIsLearnedInWindows(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("text"), "abcdefgh".repeat(200));
    TextCorpus corpus = TextCorpus.load(file);
    TextTask task =
        TextTask.of("w", Half.REPORT, corpus, new WindowNet.Form(8, 8, 12, 1), 4, 60, 1e-3);
    assertEquals(100 * 7 / 8.0, task.quality().chance(), 0.1);
    Outcome outcome = StudyPart.of(task, "adam(0.03)", "", 3).run(FewSteps.toTheEnd());
    assertTrue(outcome.figure(StudyPart.TEST) < 40, outcome.figures().toString());
    assertTrue(outcome.figure("valid_loss") < 1, outcome.figures().toString());
  }

  @Test
  void wrongSymbolsAreCounted() {
    float nan = Float.NaN;
    float[] output = {0, 1, 0, 1, 0, 0, nan, nan, nan};
    assertEquals(2, TextTask.wrong(output, new int[] {1, 2, 0}));
    assertEquals(1, TextTask.wrong(output, new int[] {1, 0, 0}));
  }
}
