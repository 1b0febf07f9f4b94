package io.hypertape.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.data.Strokes;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.run.Evaluation;
import io.hypertape.run.Score;
import io.hypertape.run.Trainer;
import io.hypertape.run.TrainingListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A run's meters, in registries that are bound before and while it goes on. */
class TrainingMetricsTest {

  private static double gauge(MeterRegistry registry, String name, String... tags) {
    return registry.get("hypertape." + name).tags(tags).gauge().value();
  }

  @Test
  void aRunIsMeasured() throws IOException {
    SimpleMeterRegistry first = new SimpleMeterRegistry();
    SimpleMeterRegistry later = new SimpleMeterRegistry();
    double[] last = new double[2];
    try (Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1));
        Mlp model = Mlp.create(session, MlpSpec.tanh(784, 8, 10), 1)) {
      TrainingMetrics metrics = new TrainingMetrics(session, Tags.of("run", "a"));
      metrics.bindTo(first);
      assertTrue(Double.isNaN(gauge(first, "training.loss", "run", "a")));
      TrainingListener other =
          new TrainingListener() {
            @Override
            public void step(long step, double loss, TowerOptimizer optimizer) {
              if (step == 3) {
                metrics.bindTo(later);
              }
              last[0] = loss;
              last[1] = optimizer.hyperparameters().getFirst().value();
            }
          };
      Evaluation score =
          new Trainer(session, model, Strokes.generate(1, 250, 100))
              .epochs(2)
              .batch(50)
              .seed(1)
              .listener(TrainingListener.all(metrics, other))
              .run(Tower.parse("adam(1e-3)/sgd(1e-5)"));
      assertEquals(10, first.get("hypertape.training.steps").tags("run", "a").counter().count());
      assertEquals(7, later.get("hypertape.training.steps").counter().count());
      assertEquals(10, first.get("hypertape.training.step").timer().count());
      assertTrue(first.get("hypertape.training.step").timer().max(TimeUnit.NANOSECONDS) > 0);
      for (MeterRegistry registry : new MeterRegistry[] {first, later}) {
        assertEquals(last[0], gauge(registry, "training.loss"));
        assertEquals(2, gauge(registry, "training.epoch"));
        assertTrue(gauge(registry, "training.mean.loss") > 0);
        assertEquals(last[1], gauge(registry, "training.hyperparameter", "label", "L1.adam.alpha"));
        assertEquals(
            score.error(), gauge(registry, "training.score", "measure", "test_error", "run", "a"));
        double used = gauge(registry, "session.memory", "area", "used");
        assertTrue(used > 25_000 && used <= gauge(registry, "session.memory", "area", "allocated"));
        assertTrue(used <= gauge(registry, "session.memory", "area", "peak"));
      }
    }
  }

  @Test
  void judgementsWithinEpochsAreShownAsTheyCome() throws IOException {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    List<Double> shown = new ArrayList<>();
    List<Double> judged = new ArrayList<>();
    List<Double> epochs = new ArrayList<>();
    try (Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1));
        Mlp model = Mlp.create(session, MlpSpec.tanh(784, 8, 10), 1)) {
      TrainingMetrics metrics = new TrainingMetrics(session);
      metrics.bindTo(registry);
      TrainingListener after =
          new TrainingListener() {
            @Override
            public void evaluated(long step, double loss, Score score, TowerOptimizer optimizer) {
              judged.add(((Evaluation) score).loss());
              shown.add(gauge(registry, "training.score", "measure", "test_loss"));
              epochs.add(gauge(registry, "training.epoch"));
            }
          };
      new Trainer(session, model, Strokes.generate(1, 250, 100))
          .epochs(2)
          .batch(50)
          .seed(1)
          .evaluateEvery(3)
          .listener(TrainingListener.all(metrics, after))
          .run(Tower.parse("adam(1e-3)/sgd(1e-5)"));
    }
    assertEquals(3, judged.size());
    assertEquals(judged, shown);
    assertEquals(List.of(Double.NaN, 1.0, 1.0), epochs);
  }
}
