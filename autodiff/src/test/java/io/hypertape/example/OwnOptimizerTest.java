package io.hypertape.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Precision;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import io.hypertape.optim.Hyperparameter;
import io.hypertape.optim.Optimizer;
import io.hypertape.optim.Sgd;
import io.hypertape.optim.Update;
import io.hypertape.optim.Updated;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An optimizer of the user's own, from public parts alone, in any place of a tower. */
class OwnOptimizerTest {

  /** p' = p − α·sign(g). */
  record SignSgd(double alpha) implements Optimizer {
    @Override
    public String name() {
      return "sign-sgd";
    }

    @Override
    public List<Hyperparameter> hyperparameters() {
      return List.of(new Hyperparameter("alpha", alpha));
    }

    @Override
    public Updated update(Update u) {
      return u.to(u.p().sub(u.g().sign().mul(u.value("alpha"))));
    }
  }

  private static Tensor loss(Session session, Parameter w) {
    return w.value().square().sum();
  }

  /** dL/dα is −⟨g, sign(the gradient before)⟩. */
  @ParameterizedTest
  @EnumSource(
      value = Device.class,
      names = {"CPU", "REFERENCE"})
  void itIsTuned(Device device) {
    try (Session session =
        Session.open(SessionOptions.of(device).withPrecision(Precision.DEFAULT))) {
      Parameter w = new Parameter("w", session.tensor(new double[] {3, -4}, 2));
      try (var optimizer = new SignSgd(0.1).tunedBy(new Sgd(0.01)).bind(session, List.of(w))) {
        optimizer.step(() -> loss(session, w));
        assertEquals(2.9, w.value().toDoubles()[0], 1e-6);
        optimizer.step(() -> loss(session, w));
        // g = (5.8, −7.8), signs before (1, −1): α grows by 0.01·13.6.
        assertEquals(0.236, optimizer.hyperparameters().getFirst().value(), 1e-6);
        assertEquals(2.9 - 0.236, w.value().toDoubles()[0], 1e-6);
      }
    }
  }

  @Test
  void itTunes() {
    try (Session session = Session.open(Device.REFERENCE)) {
      Parameter w = new Parameter("w", session.tensor(new double[] {3, -4}, 2));
      var tower = new Sgd(0.01).tunedBy(new SignSgd(1e-3)).tunedBy(new Sgd(1e-6));
      assertTrue(tower.toString().contains("sign-sgd(alpha=0.001)"), tower.toString());
      try (var optimizer = tower.bind(session, List.of(w))) {
        for (int i = 0; i < 3; i++) {
          optimizer.step(() -> loss(session, w));
        }
        double alpha = optimizer.hyperparameters().getFirst().value();
        assertEquals(0.012, alpha, 2e-4, "two steps up by about the step size");
      }
    }
  }
}
