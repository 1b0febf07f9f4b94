package io.hypertape.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.data.TextCorpus;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LanguageTrainerTest {

  @TempDir private Path folder;
  private TextCorpus corpus;

  /** What a run told. */
  private static final class Record implements TrainingListener {
    final List<Double> losses = new ArrayList<>();
    final List<Integer> epochs = new ArrayList<>();
    final List<Score> scores = new ArrayList<>();

    @Override
    public void step(long step, double loss, TowerOptimizer optimizer) {
      losses.add(loss);
    }

    @Override
    public void epoch(int epoch, double trainLoss, Score test, TowerOptimizer optimizer) {
      epochs.add(epoch);
      scores.add(test);
    }
  }

  /** Each letter but the first of a word follows from those before it; words are equally likely. */
  @BeforeEach
  void text() throws IOException {
    StringBuilder text = new StringBuilder();
    Random random = new Random(1);
    while (text.length() < 4000) {
      text.append(List.of("abcd ", "xbyd ").get(random.nextInt(2)));
    }
    Path file = folder.resolve("text");
    Files.writeString(file, text);
    corpus = TextCorpus.load(file);
  }

  private static SessionOptions cpu() {
    return SessionOptions.of(Device.CPU).withThreads(1);
  }

  private CharLstm model(Session session, double dropout) {
    return CharLstm.create(
        session, new CharLstmSpec(corpus.vocabulary().size(), 16, 16, 1, dropout), 1);
  }

  private Record run(TrainingOptions options, double dropout) throws IOException {
    Record record = new Record();
    try (Session session = Session.open(cpu())) {
      Training training =
          new LanguageTrainer(session, model(session, dropout), corpus)
              .options(options)
              .unroll(10)
              .listener(record);
      training.run(Tower.parse("adam(1e-2)/sgd(1e-5)"));
      assertEquals(training.steps(), record.losses.size());
      assertEquals(training.epochs(), record.epochs.size());
    }
    return record;
  }

  @Test
  void perplexityFallsTowardsWhatTheTextAllows() throws IOException {
    // 3200 characters in 8 streams of 399: 39 steps an epoch.
    Record record = run(new TrainingOptions(8, 8, 1), 0);
    assertEquals(8 * 39, record.losses.size());
    assertEquals(Math.log(corpus.vocabulary().size()), record.losses.getFirst(), 0.2);
    LanguageEvaluation last = (LanguageEvaluation) record.scores.getLast();
    // One bit for every five characters.
    double best = Math.pow(2, 0.2);
    assertTrue(last.test().perplexity() < 1.1 * best, last.text());
    assertTrue(last.test().perplexity() > 0.98 * best, last.text());
    assertEquals(last.valid().perplexity(), last.test().perplexity(), 0.1);
    assertTrue(last.text().matches("valid perplexity 1\\.\\d{3}  test perplexity 1\\.\\d{3}"));
  }

  @Test
  void equalSeedsGiveEqualBits() throws IOException {
    for (double dropout : new double[] {0, 0.3}) {
      List<Double> one = run(new TrainingOptions(2, 4, 1), dropout).losses;
      assertEquals(one, run(new TrainingOptions(2, 4, 1), dropout).losses);
    }
  }

  @Test
  void aLimitEndsARunWithinAnEpoch() throws IOException {
    Record whole = run(new TrainingOptions(2, 8, 1), 0);
    Record limited = run(new TrainingOptions(Integer.MAX_VALUE, 8, 1).limitedTo(50), 0);
    assertEquals(50, limited.losses.size());
    assertEquals(List.of(1, 2), limited.epochs);
    assertEquals(whole.losses.subList(0, 50), limited.losses);
    assertEquals(whole.scores.getFirst(), limited.scores.getFirst());
    assertEquals(39, run(new TrainingOptions(9, 8, 1).limitedTo(39), 0).losses.size());
    assertEquals(List.of(1), run(new TrainingOptions(9, 8, 1).limitedTo(39), 0).epochs);
  }

  @Test
  void evaluationTakesEveryCharacterOnce() throws IOException {
    try (Session session = Session.open(cpu())) {
      CharLstm model = model(session, 0.5);
      // 400 characters, 399 of which follow another: 7 streams of 57.
      TextEvaluation one = TextEvaluation.of(session, model, corpus.test());
      assertEquals(399, one.characters());
      assertEquals(one, TextEvaluation.of(session, model, corpus.test()), "state begins anew");
      assertEquals(Math.exp(one.loss()), one.perplexity());
      assertNotEquals(one.loss(), TextEvaluation.of(session, model, corpus.valid()).loss());
    }
  }

  @Test
  void textsTooShortForAStepAreRefused() {
    try (Session session = Session.open(cpu())) {
      CharLstm model = model(session, 0);
      var e =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  new LanguageTrainer(session, model, corpus)
                      .options(new TrainingOptions(1, 100, 1))
                      .unroll(100)
                      .checked());
      assertEquals(
          "text: the training part has 3200 characters; batches of 100 rows of 100 characters"
              + " need at least 10001",
          e.getMessage());
    }
  }

  @Test
  void divergenceIsTold() {
    try (Session session = Session.open(cpu())) {
      var trainer =
          new LanguageTrainer(session, model(session, 0), corpus)
              .options(new TrainingOptions(1, 8, 1))
              .unroll(10);
      var e = assertThrows(DivergedException.class, () -> trainer.run(Tower.parse("sgd(1e38)^2")));
      assertTrue(e.getMessage().startsWith("diverged at step "), e.getMessage());
    }
  }
}
