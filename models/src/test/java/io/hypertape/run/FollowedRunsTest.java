package io.hypertape.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.data.DataSplit;
import io.hypertape.data.Strokes;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.optim.EvaluationWeights;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a run tells and how it is ended from outside. */
class FollowedRunsTest {

  private final Session session = Session.open(Device.CPU);
  private final DataSplit data = Strokes.generate(1, 200, 100);
  private final Mlp model = Mlp.create(session, MlpSpec.tanh(28 * 28, 16, 10), 1);

  private Trainer trainer() {
    return new Trainer(session, model, data).epochs(2).batch(20);
  }

  private float[] weights() {
    List<Float> all = new ArrayList<>();
    for (Parameter parameter : model.parameters()) {
      for (float value : parameter.value().toFloats()) {
        all.add(value);
      }
    }
    float[] array = new float[all.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = all.get(i);
    }
    return array;
  }

  private void reset() {
    Mlp fresh = Mlp.create(session, MlpSpec.tanh(28 * 28, 16, 10), 1);
    for (int i = 0; i < fresh.parameters().size(); i++) {
      model.parameters().get(i).set(fresh.parameters().get(i).value());
    }
  }

  @Test
  void judgementsWithinEpochsChangeNoBit() throws IOException {
    trainer().run(Tower.parse("adam(1e-2)/sgd(1e-5)"));
    float[] expected = weights();
    reset();
    List<String> told = new ArrayList<>();
    trainer()
        .evaluateEvery(4)
        .listener(
            new TrainingListener() {
              @Override
              public void evaluated(
                  long step, double trainLoss, Score score, TowerOptimizer optimizer) {
                assertEquals(100, ((Evaluation) score).examples());
                assertTrue(trainLoss > 0);
                told.add("step " + step);
              }

              @Override
              public void epoch(int epoch, double loss, Score test, TowerOptimizer optimizer) {
                told.add("epoch " + epoch);
              }
            })
        .run(Tower.parse("adam(1e-2)/sgd(1e-5)"));
    assertEquals(List.of("step 4", "step 8", "epoch 1", "step 12", "step 16", "epoch 2"), told);
    assertArrayEquals(expected, weights());
  }

  /** An average of weights is judged, and it is the average that is kept. */
  @Test
  void theBestWeightsAreThoseThatWereJudged() throws IOException {
    List<Double> losses = new ArrayList<>();
    List<float[]> kept = new ArrayList<>();
    // Few examples are soon learned by heart.
    DataSplit few = Strokes.generate(2, 30, 100);
    Evaluation last =
        new Trainer(session, model, few)
            .epochs(60)
            .batch(10)
            .keepBest(Metric.TEST_LOSS)
            .listener(
                new TrainingListener() {
                  @Override
                  public void epoch(int epoch, double loss, Score test, TowerOptimizer optimizer) {
                    losses.add(((Evaluation) test).loss());
                  }

                  @Override
                  public void improved(Metric metric, double value, TowerOptimizer optimizer) {
                    assertEquals(Metric.TEST_LOSS, metric);
                    assertEquals(losses.getLast(), value);
                    float[] training = weights();
                    try (EvaluationWeights unused = optimizer.evaluation()) {
                      kept.add(weights());
                    }
                    assertNotEquals(training[0], kept.getLast()[0]);
                  }
                })
            .run(Tower.parse("sgd(0.5, average=8)"));
    double best = losses.stream().mapToDouble(v -> v).min().orElseThrow();
    assertTrue(best < losses.getLast(), "the last epoch is the best: " + losses);
    assertEquals(best, last.loss());
    assertArrayEquals(kept.getLast(), weights());
  }

  @Test
  void theBestWeightsStayWhereARunDiverges() throws IOException {
    Trainer run = trainer().keepBest(Metric.TEST_ERROR).evaluateEvery(1);
    List<float[]> kept = new ArrayList<>();
    Trainer followed =
        run.listener(
            new TrainingListener() {
              @Override
              public void improved(Metric metric, double value, TowerOptimizer optimizer) {
                kept.add(weights());
              }
            });
    Tower tower = Tower.parse("sgd(10) schedule=milestones(5, 1e38)");
    assertThrows(DivergedException.class, () -> followed.run(tower));
    assertArrayEquals(kept.getLast(), weights());
  }

  @Test
  void allAreTold() throws IOException {
    List<String> told = new ArrayList<>();
    List<RunState> states = new ArrayList<>();
    class Named implements TrainingListener {
      final String name;

      Named(String name) {
        this.name = name;
      }

      @Override
      public void begin(TowerOptimizer optimizer) {
        told.add(name + " begins");
      }

      @Override
      public void step(long step, double loss, TowerOptimizer optimizer) {
        told.add(name + " " + step);
      }

      @Override
      public void stepped(Supplier<RunState> state) {
        states.add(state.get());
      }

      @Override
      public boolean stops() {
        return name.equals("b") && told.contains("b 2");
      }
    }
    trainer()
        .listener(TrainingListener.all(new Named("a"), new Named("b")))
        .run(Tower.parse("sgd(0.1)"));
    assertEquals(List.of("a begins", "b begins", "a 1", "b 1", "a 2", "b 2"), told);
    assertEquals(4, states.size());
    assertSame(states.get(0), states.get(1));
    assertSame(states.get(2), states.get(3));
    assertEquals(2, states.getLast().steps());
  }

  @Test
  @Timeout(60)
  void anotherThreadStopsIt() throws Exception {
    TrainingControl control = new TrainingControl();
    CountDownLatch begun = new CountDownLatch(1);
    TrainingListener first =
        new TrainingListener() {
          @Override
          public void step(long step, double loss, TowerOptimizer optimizer) {
            begun.countDown();
          }
        };
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      Future<Evaluation> run =
          executor.submit(
              () -> {
                try (Session own = Session.open(Device.CPU)) {
                  Mlp mlp = Mlp.create(own, MlpSpec.tanh(28 * 28, 16, 10), 1);
                  return new Trainer(own, mlp, data)
                      .epochs(1_000_000)
                      .batch(20)
                      .listener(TrainingListener.all(control, first))
                      .run(Tower.parse("sgd(0.1)"));
                }
              });
      begun.await();
      control.stop();
      assertEquals(100, run.get(50, TimeUnit.SECONDS).examples());
    }
    assertTrue(control.steps() > 0);
    control.stop();
  }

  @Test
  void aCoolDownIsAskedFor() throws IOException {
    TrainingControl control = new TrainingControl();
    TrainingListener asking =
        new TrainingListener() {
          @Override
          public void step(long step, double loss, TowerOptimizer optimizer) {
            if (step == 10) {
              control.coolDown();
            }
          }
        };
    trainer()
        .epochs(9)
        .listener(TrainingListener.all(control, asking))
        .run(Tower.parse("sgd(0.1) schedule=ondemand"));
    assertEquals(13, control.steps());
  }

  @Test
  void whatDoesNotFitIsTold() {
    assertTold("evaluateEvery is -1 steps", () -> trainer().evaluateEvery(-1));
    assertTold(
        "has no valid perplexity; it has train loss",
        () -> trainer().keepBest(Metric.VALID_PERPLEXITY).run(Tower.parse("sgd(0.1)")));
    assertTold("or 0 with a metric", () -> CoolDown.atTheEnd(0));
  }

  private static void assertTold(String part, org.junit.jupiter.api.function.Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }
}
