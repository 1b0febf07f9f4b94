package io.hypertape.benchmarks.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Session;
import io.hypertape.benchmarks.parts.FewSteps;
import io.hypertape.benchmarks.parts.Outcome;
import io.hypertape.benchmarks.parts.StoppedException;
import io.hypertape.data.DataSplit;
import io.hypertape.data.InvalidDataException;
import io.hypertape.data.LabeledImages;
import io.hypertape.data.TextCorpus;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.optim.Tower;
import io.hypertape.run.LanguageTrainer;
import io.hypertape.run.TrainingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingRunTest {

  private static final Tower ADAM =
      Tower.parse("adam(0.002)/sgd-per-param(alpha=0.00002, beta1=0.0001, beta2=0.0002)");
  private static final Tower SGD =
      Tower.parse(
          "sgd(0.1, mu=0.9, decay=0.0001, tune=alpha+mu)/sgd-per-param(alpha=0.001, mu=0.001)");

  @TempDir private Path folder;

  /** 8,000 characters of nine kinds, of which 6,400 are learned from: two steps an epoch. */
  private Path text() throws IOException {
    return Files.writeString(
        folder.resolve("text.txt"), "abc def gh ".repeat(728).substring(0, 8000));
  }

  private static LabeledImages images(int count, long seed) {
    Random random = new Random(seed);
    byte[] pixels = new byte[count * 3 * 8 * 8];
    byte[] labels = new byte[count];
    random.nextBytes(pixels);
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) random.nextInt(10);
    }
    return new LabeledImages("noise", 3, 8, 8, 10, pixels, labels);
  }

  static DataSplit noise() {
    return new DataSplit("noise", images(70, 1), images(40, 2));
  }

  @Test
  void theRnnIsThePapersSetUpAndEndsAtItsLastStep() throws IOException {
    TrainingRun rnn = CharRnn.whole(text(), 3);
    FewSteps conditions = FewSteps.of(1000);
    Outcome outcome = rnn.part(ADAM, 5).run(conditions);
    assertEquals(3, rnn.steps());
    assertEquals(3, conditions.steps()[0], "one and a half epochs");
    TextCorpus corpus = TextCorpus.load(text());
    try (Session session = conditions.open()) {
      CharLstm model =
          CharLstm.create(session, new CharLstmSpec(corpus.vocabulary().size(), 128, 128, 2, 0), 5);
      TrainingOptions options = new TrainingOptions(2, 50, 5).limitedTo(3);
      double loss =
          new LanguageTrainer(session, model, corpus)
              .options(options)
              .unroll(50)
              .run(ADAM)
              .test()
              .loss();
      assertEquals(loss, outcome.figure("test_loss"));
      assertEquals(Math.exp(loss), outcome.figure("test_perplexity"));
    }
    assertTrue(outcome.figure("test_perplexity") < rnn.measure().guessing(), outcome.toString());
    assertEquals(corpus.vocabulary().size(), rnn.measure().guessing());
    assertNotEquals(0.002, outcome.figure("L1.adam.alpha"));
    assertEquals("", outcome.note());
  }

  @Test
  void aQuickRnnReadsTheBeginningAndSaysSo() throws IOException {
    TrainingRun rnn = CharRnn.quick(text(), 4000, 3);
    assertTrue(rnn.remark().contains("on the first 4,000 characters only"), rnn.remark());
    assertTrue(rnn.remark().contains("cannot be compared"), rnn.remark());
    assertTrue(rnn.remark().contains("3 steps of 50 × 50 characters, 3.00 passes"), rnn.remark());
    assertTrue(rnn.title().endsWith("text.txt, 3 steps (quick)"), rnn.title());
    // Cut at a place within the text: the same as a text that ends there.
    Path cut =
        Files.writeString(folder.resolve("cut.txt"), Files.readString(text()).substring(0, 4000));
    assertEquals(CharRnn.whole(cut, 3).key(), rnn.key());
    assertNotEquals(CharRnn.whole(cut, 4).key(), rnn.key());
    assertNotEquals(CharRnn.whole(text(), 3).key(), rnn.key());
  }

  @Test
  void aTextWithoutOneStepIsRefused() throws IOException {
    Path small = Files.writeString(folder.resolve("small.txt"), "abcd ".repeat(600));
    InvalidDataException e =
        assertThrows(InvalidDataException.class, () -> CharRnn.whole(small, 3));
    assertTrue(e.getMessage().contains("have 2400 characters to learn from"), e.getMessage());
    assertTrue(e.getMessage().contains("at least 2501"), e.getMessage());
  }

  @Test
  void theCnnTunesStepSizeAndMomentumButNotDecay() throws IOException {
    TrainingRun cnn = CifarResNet.quick(noise(), 64, 32, 2);
    FewSteps conditions = FewSteps.of(1000);
    Outcome outcome = cnn.part(SGD, 1).run(conditions);
    assertEquals(4, cnn.steps(), "64 images in batches of 32, twice");
    assertEquals(4, conditions.steps()[0]);
    assertNotEquals(0.1, outcome.figure("L1.sgd.alpha"));
    assertNotEquals(0.9, outcome.figure("L1.sgd.mu"));
    assertTrue(
        !outcome.figures().containsKey("L1.sgd.decay")
            || Math.abs(outcome.figure("L1.sgd.decay") - 1e-4) < 1e-9,
        outcome.toString());
    double error = outcome.figure("test_error_percent");
    assertEquals(Math.rint(error * 0.32), error * 0.32, 1e-9, "a fraction of 32 images");
    assertTrue(cnn.remark().contains("the first 64 images, judged by the first 32"), cnn.remark());
    assertEquals(90, cnn.measure().guessing());
  }

  @Test
  void theWholeCnnIsHesSetUp() {
    TrainingRun cnn = CifarResNet.whole(noise(), 3);
    assertEquals(3, cnn.steps(), "70 images are one batch of 128");
    assertEquals("128", cnn.key().get("batch"));
    assertTrue(cnn.key().get("model").contains("depth=20"), cnn.key().toString());
    assertEquals("ResNet-20 on CIFAR-10, 3 epochs", cnn.title());
    DataSplit changed = TinyMnist.withAnotherPixel(noise());
    assertNotEquals(cnn.key(), CifarResNet.whole(changed, 3).key());
    assertNotEquals(cnn.key(), CifarResNet.whole(noise(), 4).key());
  }

  @Test
  void divergenceIsAResult() throws IOException {
    Outcome outcome =
        CifarResNet.quick(noise(), 64, 32, 2)
            .part(Tower.parse("sgd(3e38)"), 1)
            .run(FewSteps.of(1000));
    assertEquals(90, outcome.figure("test_error_percent"));
    assertTrue(outcome.note().startsWith("diverged "), outcome.note());
    assertTrue(outcome.note().endsWith(" (counted as guessing)"), outcome.note());
  }

  @Test
  void whatWasStoppedIsNoResult() throws IOException {
    TrainingRun rnn = CharRnn.whole(text(), 5);
    assertThrows(StoppedException.class, () -> rnn.part(ADAM, 1).run(FewSteps.of(2)));
  }
}
