package io.hypertape.benchmarks.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.optim.Adam;
import io.hypertape.optim.HyperparameterValue;
import io.hypertape.optim.Sgd;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UppersTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SAME|0.1|0|sgd(0.1)",
        "SAME|0.1|1|sgd(0.1)/sgd(0.1)",
        "SAME|1e-8|3|sgd(1e-8)/sgd(1e-8)^3",
        "DESCENDING|1e-4|3|sgd(1e-4)/sgd(0.01)/sgd(1e-4)/sgd(1e-6)",
        "DESCENDING|1e-3|3|sgd(1e-3)/sgd(1e-6)/sgd(1e-7)/sgd(1e-8)",
        "DESCENDING|0.1|2|sgd(0.1)/sgd(1e-4)/sgd(1e-5)",
      })
  void towersOfAHeight(Uppers uppers, double alpha, int height, String tower) {
    Tower expected = Tower.parse(tower);
    Tower actual = uppers.tower(new Sgd(alpha), alpha, height);
    assertEquals(expected.height(), actual.height());
    for (int k = 0; k < expected.height(); k++) {
      double stepSize = ((Sgd) expected.levels().get(k).optimizer()).alpha();
      assertEquals(
          stepSize, ((Sgd) actual.levels().get(k).optimizer()).alpha(), 1e-12 * stepSize, tower);
    }
  }

  @Test
  void anyFirstLevelWillDo() {
    assertEquals("adam(0.001)/sgd(0.001)", Uppers.SAME.tower(new Adam(1e-3), 1e-3, 1).toString());
  }

  /**
   * Hyper step sizes of their own for each hyperparameter, as the paper's CNN and RNN have them,
   * are written as sgd-per-param, whose names are those of the level below.
   */
  @Test
  void hyperStepSizesForEachHyperparameter() {
    Tower tower = Tower.parse("sgd(0.1, mu=0.9)/sgd-per-param(alpha=1e-5, mu=0.5)");
    try (Session session = Session.open(Device.REFERENCE)) {
      Parameter weight = new Parameter("w", session.scalar(2));
      try (TowerOptimizer optimizer = tower.bind(session, List.of(weight))) {
        // w' = w − α·b, b = μ·b₀ + g; the loss w²/2 has the gradient w.
        for (int i = 0; i < 3; i++) {
          optimizer.step(() -> weight.value().square().mul(0.5));
        }
        double w1 = 2 - 0.1 * 2;
        // At step 2: ∂L/∂α = −w₁·b₁ with b₁ = 2, and b₀ was 0, so μ stays.
        double alpha2 = 0.1 + 1e-5 * w1 * 2;
        double b2 = 0.9 * 2 + w1;
        double w2 = w1 - alpha2 * b2;
        // At step 3: ∂L/∂α = −w₂·b₂, ∂L/∂μ = −α·w₂·b₁.
        List<HyperparameterValue> values = optimizer.hyperparameters();
        assertEquals(alpha2 + 1e-5 * w2 * b2, values.get(0).value(), 1e-12);
        assertEquals(0.9 + 0.5 * alpha2 * w2 * 2, values.get(1).value(), 1e-12);
      }
    }
    assertEquals(
        "adam(0.002)/sgd-per-param(alpha=2e-5, beta1=1e-4, beta2=2e-4)",
        Tower.parse("adam(2e-3)/sgd-per-param(alpha=2e-5, beta1=1e-4, beta2=2e-4)").toString());
  }
}
