package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a parameter that an optimizer is at work on is worth elsewhere. */
class ParameterValueTest {

  private final Session session = Session.open(Device.REFERENCE);
  private final Parameter x = new Parameter("x", session.scalar(2));
  private final Parameter y = new Parameter("y", session.scalar(3));

  @AfterEach
  void close() {
    session.close();
  }

  /** As in a GAN: one plays x² − xy down, the other up. */
  @Test
  void anotherOptimizersTapeSeesItWithoutItsHistory() {
    Tower tower = new Sgd(0.1).tunedBy(new Sgd(0.01));
    try (TowerOptimizer down = tower.bind(session, List.of(x));
        TowerOptimizer up = tower.bind(session, List.of(y))) {
      double expectedX = 2;
      double expectedY = 3;
      for (int step = 0; step < 3; step++) {
        down.step(() -> x.value().square().sub(x.value().mul(y.value())));
        double rateX = down.hyperparameters().getFirst().value();
        expectedX -= rateX * (2 * expectedX - expectedY);
        assertEquals(expectedX, x.value().item(), 1e-12);
        up.step(() -> x.value().mul(y.value()).sub(x.value().square()));
        double rateY = up.hyperparameters().getFirst().value();
        expectedY -= rateY * expectedX;
        assertEquals(expectedY, y.value().item(), 1e-12);
      }
    }
    assertFalse(INTERNALS.tracked(x).isTracked(), "nobody is at work any more");
  }

  @Test
  void outsideOfStepsItIsAPlainValueOfTheSameStorage() {
    try (TowerOptimizer optimizer = new Sgd(0.1).tower().bind(session, List.of(x))) {
      optimizer.step(() -> x.value().square());
      assertFalse(x.value().isTracked());
      assertTrue(INTERNALS.tracked(x).isTracked());
      assertTrue(INTERNALS.isSameStorage(x.value(), INTERNALS.tracked(x)));
      try (Tape tape = session.tape()) {
        Tensor leaf = tape.watch(List.of(x)).get(x);
        assertTrue(INTERNALS.isSameStorage(leaf, INTERNALS.tracked(x)));
        assertEquals(2 * 1.6, tape.gradient(x.value().square(), List.of(x)).get(x).item(), 1e-12);
      }
      optimizer.step(() -> x.value().square());
      assertEquals(1.6 * 0.8, x.value().item(), 1e-12);
    }
  }

  @Test
  void aGradientInALossIsThatOfTheOptimizersTape() {
    try (TowerOptimizer optimizer = new Sgd(0.1).tower().bind(session, List.of(x))) {
      optimizer.step(
          () -> {
            assertTrue(x.value().isTracked());
            // x²·d with d = the value of x: a scope of its own has no history.
            double d = session.scoped(() -> x.value().item());
            return x.value().square().mul(d);
          });
      assertEquals(2 - 0.1 * 8, x.value().item(), 1e-12);
    }
  }
}
