package io.hypertape.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TunedModelTest {

  @ParameterizedTest
  @ValueSource(strings = {"mlp", "char-lstm", "resnet20"})
  void takesSteps(String name) {
    try (Session session = Session.open(Device.CPU)) {
      TunedModel model = TunedModel.of(name, session);
      Tower tower = Tower.parse("auto(adam(0.001)) schedule=decay(1, 1000000000)");
      try (TowerOptimizer optimizer = tower.bind(session, model.parameters())) {
        TrainingStep step = optimizer.prepare(model.loss());
        for (int i = 0; i < 2; i++) {
          double loss = step.run(model.batches().get(i)).item();
          assertTrue(loss > 0 && loss < 10, name + ": " + loss);
        }
      }
    }
  }

  @Test
  void othersAreRefused() {
    try (Session session = Session.open(Device.CPU)) {
      var e = assertThrows(IllegalArgumentException.class, () -> TunedModel.of("vgg", session));
      assertEquals("model is 'vgg'; mlp, char-lstm, resnet20 fit", e.getMessage());
    }
  }

  /** One turn of both sides: equal steps are counted, and what each took. */
  @Test
  void aTurnIsOfBothSides() {
    TuningBenchmark benchmark = new TuningBenchmark();
    benchmark.step = "mlp sgd(0.1, mu=0.9)";
    benchmark.threads = 1;
    benchmark.open();
    TuningBenchmark.Turns turns = new TuningBenchmark.Turns();
    double losses = benchmark.tuning(turns) + benchmark.tuning(turns);
    benchmark.close();
    assertTrue(Double.isFinite(losses));
    assertTrue(turns.steps >= 2);
    assertTrue(turns.plainTime > 0 && turns.tunedTime > 0);
  }
}
