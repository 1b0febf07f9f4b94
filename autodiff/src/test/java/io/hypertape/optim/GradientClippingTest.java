package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GradientClippingTest {

  /** Loss 3·a₀ + 4·b₀ + 12·b₁, whose gradient has norm 13 over both parameters. */
  private static Tensor loss(Session session, Parameter a, Parameter b) {
    return a.value().mul(3).sum().add(b.value().mul(session.tensor(new float[] {4, 12}, 2)).sum());
  }

  @ParameterizedTest
  @EnumSource(
      value = Device.class,
      names = {"CPU", "REFERENCE"})
  void theNormIsTakenOverAllParameters(Device device) {
    for (double limit : new double[] {6.5, 13.1, 1e-3}) {
      try (Session session = Session.open(device)) {
        Parameter a = new Parameter("a", session.tensor(new double[] {1}, 1));
        Parameter b = new Parameter("b", session.tensor(new double[] {2, 3}, 2));
        try (TowerOptimizer optimizer =
            new Sgd(0.1).tower().clippedTo(limit).bind(session, List.of(a, b))) {
          optimizer.step(() -> loss(session, a, b));
          double scale = 0.1 * Math.min(1, limit / (13 + 1e-6));
          assertArrayEquals(new double[] {1 - 3 * scale}, a.value().toDoubles(), 1e-6);
          assertArrayEquals(
              new double[] {2 - 4 * scale, 3 - 12 * scale}, b.value().toDoubles(), 1e-6);
        }
      }
    }
  }

  /** dL/dα = −⟨g, clipped g before⟩: the first factor is not clipped, nor is the product. */
  @Test
  void hypergradientsAreNotClipped() {
    try (Session session = Session.open(Device.REFERENCE)) {
      Parameter a = new Parameter("a", session.tensor(new double[] {1}, 1));
      Parameter b = new Parameter("b", session.tensor(new double[] {2, 3}, 2));
      try (TowerOptimizer optimizer =
          new Sgd(0.1).tunedBy(new Sgd(1)).clippedTo(2).bind(session, List.of(a, b))) {
        optimizer.step(() -> loss(session, a, b));
        optimizer.step(() -> loss(session, a, b));
        double alpha = optimizer.hyperparameters().get(0).value();
        assertEquals(0.1 + 13 * 13 * (2 / (13 + 1e-6)), alpha, 1e-9);
      }
    }
  }

  @Test
  void gradientsThatAreNotNumbersStayVisible() {
    try (Session session = Session.open(Device.REFERENCE)) {
      Parameter a = new Parameter("a", session.tensor(new double[] {1}, 1));
      try (TowerOptimizer optimizer = new Sgd(0.1).tower().clippedTo(2).bind(session, List.of(a))) {
        optimizer.step(() -> a.value().mul(Double.NaN).sum());
        assertTrue(Double.isNaN(a.value().toDoubles()[0]));
      }
    }
  }

  @Test
  void textAndErrors() {
    Tower tower = new Adam(1e-3).tunedBy(new Sgd(1e-5)).clippedTo(5);
    assertEquals("adam(0.001)/sgd(1e-5) clip=5", tower.toString());
    assertEquals(tower, Tower.parse("adam(1e-3)/sgd(1e-5) clip = 5"));
    assertEquals(
        tower, new Adam(1e-3).tower().clippedTo(5).tunedBy(new Sgd(1e-5)), "kept by what follows");
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Sgd(1).tunedBy(new Sgd(1).tower().clippedTo(1)));
    assertTrue(e.getMessage().contains("only the first level"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN})
  void aLimitMustBePositive(double limit) {
    assertThrows(IllegalArgumentException.class, () -> new Sgd(1).tower().clippedTo(limit));
  }
}
