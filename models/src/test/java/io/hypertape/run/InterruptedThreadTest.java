package io.hypertape.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.data.DataSplit;
import io.hypertape.data.Strokes;
import io.hypertape.data.TextCorpus;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.run.folder.MetricsCsv;
import io.hypertape.run.folder.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An interrupt ends what a thread does after the current step, keeps everything, and stays. */
class InterruptedThreadTest {

  private static final DataSplit DATA = Strokes.generate(1, 500, 100);
  private static final Tower TOWER = Tower.parse("adam(1e-3)/sgd(1e-5)");

  @TempDir private Path folder;
  private final Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1));

  @AfterEach
  void close() {
    Thread.interrupted();
    session.close();
  }

  private static void assertStillInterrupted() {
    assertTrue(Thread.interrupted(), "the status is kept");
  }

  /** Interrupts its thread at a step, and keeps what it is offered. */
  private static class Listener implements TrainingListener {
    final List<Double> losses = new ArrayList<>();
    final List<Integer> epochs = new ArrayList<>();
    long interruptAt = -1;
    RunState last;

    @Override
    public void step(long step, double loss, TowerOptimizer optimizer) {
      losses.add(loss);
      if (step == interruptAt) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void epoch(int epoch, double trainLoss, Score test, TowerOptimizer optimizer) {
      epochs.add(epoch);
    }

    @Override
    public void checkpoint(Supplier<RunState> state) {
      last = state.get();
    }
  }

  private Mlp mlp() {
    return Mlp.create(session, MlpSpec.tanh(784, 8, 10), 1);
  }

  private Trainer trainer(Mlp model, Listener listener) {
    return new Trainer(session, model, DATA)
        .options(new TrainingOptions(2, 100, 1))
        .listener(listener);
  }

  private static float[] weights(Mlp model) {
    return model.parameters().getFirst().value().toFloats();
  }

  @ParameterizedTest
  // Within an epoch, and at its end.
  @ValueSource(longs = {3, 5})
  void aRunEndsAfterItsStepAndGoesOnLater(long step) throws IOException {
    Mlp whole = mlp();
    Listener all = new Listener();
    trainer(whole, all).run(TOWER);

    Mlp model = mlp();
    Listener listener = new Listener();
    listener.interruptAt = step;
    Evaluation score = trainer(model, listener).run(TOWER);
    assertStillInterrupted();
    assertEquals(all.losses.subList(0, (int) step), listener.losses);
    assertEquals(step, listener.last.steps());
    assertEquals(List.of(), listener.epochs);
    assertEquals(0, score.examples());
    assertEquals("not tested", score.text());

    Mlp again = mlp();
    Listener rest = new Listener();
    trainer(again, rest).resume(TOWER, listener.last);
    assertEquals(all.losses.subList((int) step, 10), rest.losses);
    assertArrayEquals(weights(whole), weights(again));
  }

  @Test
  void aRunOfAnInterruptedThreadDoesNotBegin() throws IOException {
    Mlp model = mlp();
    float[] before = weights(model);
    Listener listener = new Listener();
    Thread.currentThread().interrupt();
    trainer(model, listener).run(TOWER);
    assertStillInterrupted();
    assertEquals(List.of(), listener.losses);
    assertEquals(0, listener.last.steps());
    assertArrayEquals(before, weights(model));
  }

  @Test
  void theLastScoreStandsIfNoStepCameAfterIt() throws IOException {
    Mlp model = mlp();
    Listener listener =
        new Listener() {
          @Override
          public void epoch(int epoch, double trainLoss, Score test, TowerOptimizer optimizer) {
            super.epoch(epoch, trainLoss, test, optimizer);
            Thread.currentThread().interrupt();
          }
        };
    Evaluation score = trainer(model, listener).run(TOWER);
    assertStillInterrupted();
    assertEquals(List.of(1), listener.epochs);
    assertEquals(5, listener.last.steps());
    assertEquals(Evaluation.of(session, model, DATA.test()), score);
  }

  private TextCorpus text() throws IOException {
    Path file = folder.resolve("text");
    Files.writeString(file, "the quick brown fox jumps over the lazy dog\n".repeat(20));
    return TextCorpus.load(file);
  }

  private CharLstm lstm(TextCorpus corpus) {
    return CharLstm.create(session, new CharLstmSpec(corpus.vocabulary().size(), 4, 4, 1, 0), 1);
  }

  @Test
  void aLanguageModelsRunEndsSoToo() throws IOException {
    TextCorpus corpus = text();
    Listener listener = new Listener();
    listener.interruptAt = 2;
    LanguageEvaluation score =
        new LanguageTrainer(session, lstm(corpus), corpus)
            .options(new TrainingOptions(9, 2, 1))
            .unroll(5)
            .listener(listener)
            .run(TOWER);
    assertStillInterrupted();
    assertEquals(2, listener.losses.size());
    assertEquals(2, listener.last.steps());
    assertEquals("not tested", score.text());
  }

  @Test
  void anEvaluationIsCancelled() throws IOException {
    TextCorpus corpus = text();
    CharLstm lstm = lstm(corpus);
    Mlp mlp = mlp();
    Thread.currentThread().interrupt();
    var images =
        assertThrows(CancellationException.class, () -> Evaluation.of(session, mlp, DATA.test()));
    assertEquals("the evaluation of strokes test was interrupted", images.getMessage());
    assertThrows(
        CancellationException.class, () -> TextEvaluation.of(session, lstm, corpus.test()));
    assertStillInterrupted();
  }

  @Test
  void aTextEndsAfterTheCharacterThatIsBeingWritten() throws IOException {
    TextCorpus corpus = text();
    TextGenerator generator = new TextGenerator(session, lstm(corpus), corpus.vocabulary());
    List<Integer> text = new ArrayList<>();
    int written =
        generator.generate(
            "t",
            100,
            1,
            1,
            c -> {
              text.add(c);
              if (text.size() == 5) {
                Thread.currentThread().interrupt();
              }
            });
    assertStillInterrupted();
    assertEquals(5, text.size());
    assertEquals(5, written);
    assertEquals(100, generator.generate("t", 100, 1, 1, c -> {}));
  }

  @Test
  void everyFileIsWrittenWholeAndRead() throws IOException {
    Mlp model = mlp();
    Listener listener = new Listener();
    trainer(model, listener).run(TOWER);
    RunFolder run = RunFolder.create(folder.resolve("run"));
    Thread.currentThread().interrupt();
    Checkpoint.write(run.file("model"), model, Map.of());
    listener.last.write(run.file("state"));
    run.writeConfig(Map.of("command", "train"));
    try (MetricsCsv table = new MetricsCsv(run.file("table"), List.of("step"))) {
      table.row(1);
      table.row(2);
    }
    MetricsCsv.goBack(run.file("table"), 1);
    try (MetricsCsv table = MetricsCsv.append(run.file("table"), List.of("step"))) {
      table.row(3);
    }

    Mlp read = (Mlp) Checkpoint.read(session, run.file("model")).model();
    assertArrayEquals(weights(model), weights(read));
    assertEquals(listener.last.steps(), RunState.read(run.file("state")).steps());
    assertEquals("train", run.readConfig().path("command").asText());
    assertEquals("step\n1\n3\n", Files.readString(run.file("table")));
    assertStillInterrupted();
  }
}
