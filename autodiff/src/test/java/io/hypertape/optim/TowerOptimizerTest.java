package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TowerOptimizerTest {

  /** Σ c·(w − target)², with gradient 2c(w − target). */
  private static final double[] SCALES = {1, 0.5, 2};

  private static Parameter weights(Session session) {
    return new Parameter("w", session.tensor(new double[] {1, -2, 0.5}, 3));
  }

  private static Supplier<Tensor> quadratic(Session session, Parameter w) {
    return () -> w.value().square().mul(session.tensor(SCALES, 3)).sum();
  }

  private static double[] gradient(Parameter w) {
    double[] g = w.value().toDoubles();
    for (int i = 0; i < g.length; i++) {
      g[i] *= 2 * SCALES[i];
    }
    return g;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double value(TowerOptimizer optimizer, int level, String name) {
    return optimizer.hyperparameters().stream()
        .filter(h -> h.level() == level && h.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }

  /** dL/dα at step i is −⟨g_i, g_(i−1)⟩, so α grows by κ·⟨g_i, g_(i−1)⟩; exactly 0 at first. */
  @Test
  void hypergradientOfSgdHasItsClosedForm() {
    try (Session session = Session.open(Device.REFERENCE)) {
      Parameter w = weights(session);
      double kappa = 1e-3;
      try (TowerOptimizer optimizer =
          new Sgd(0.01).tunedBy(new Sgd(kappa)).bind(session, List.of(w))) {
        double alpha = 0.01;
        double[] before = null;
        for (int i = 0; i < 20; i++) {
          double[] g = gradient(w);
          optimizer.step(quadratic(session, w));
          alpha += before == null ? 0 : kappa * dot(g, before);
          assertEquals(alpha, value(optimizer, 1, "alpha"), 1e-14);
          before = g;
        }
        assertTrue(alpha > 0.011);
      }
    }
  }

  /** With momentum dL/dμ = −α·⟨g_i, b_(i−2)⟩: the buffer before the last update. */
  @Test
  void hypergradientOfMomentumHasItsClosedForm() {
    try (Session session = Session.open(Device.REFERENCE)) {
      Parameter w = weights(session);
      double kappa = 1e-3;
      double alpha = 0.01;
      try (TowerOptimizer optimizer =
          new Sgd(alpha, 0.5).tuning("mu").tunedBy(new Sgd(kappa)).bind(session, List.of(w))) {
        double mu = 0.5;
        double[] older = new double[3];
        double[] buffer = new double[3];
        for (int i = 0; i < 20; i++) {
          double[] g = gradient(w);
          optimizer.step(quadratic(session, w));
          mu += kappa * alpha * dot(g, older);
          assertEquals(mu, value(optimizer, 1, "mu"), 1e-14);
          older = buffer.clone();
          for (int k = 0; k < 3; k++) {
            buffer[k] = mu * buffer[k] + g[k];
          }
        }
        assertEquals(alpha, value(optimizer, 1, "alpha"));
        assertTrue(mu != 0.5);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sgd(0.1)",
        "sgd(0.05, mu=0.9)",
        "adagrad(0.5)",
        "rmsprop(0.02)",
        "rmsprop-alpha(0.02)",
        "adam(0.1)",
        "adam-alpha(0.1)",
        "sgd-per-param(w=0.1)",
        "sgd(0.01)/adam(1e-3)/adagrad(1e-4)",
        "adam(0.01)/adam(0.001)/rmsprop(1e-4)/sgd(1e-3)"
      })
  void everyTowerDescends(String text) {
    for (Device device : new Device[] {Device.REFERENCE, Device.CPU}) {
      try (Session session = Session.open(SessionOptions.of(device).withThreads(1))) {
        Parameter w = weights(session);
        try (TowerOptimizer optimizer = Tower.parse(text).bind(session, List.of(w))) {
          double first = optimizer.step(quadratic(session, w)).item();
          double last = first;
          for (int i = 0; i < 100; i++) {
            last = optimizer.step(quadratic(session, w)).item();
          }
          assertTrue(last < 0.5 * first, device + " " + text + ": " + first + " → " + last);
        }
      }
    }
  }

  /**
   * Each level's gradient is a product of two of the level below, so a loss with gradients of norm
   * below 1 is needed for the upper ones to stay finite, as the mean loss of a network has them.
   */
  @Test
  void towerOfHeightFiftyDescends() {
    for (Device device : new Device[] {Device.REFERENCE, Device.CPU}) {
      try (Session session = Session.open(SessionOptions.of(device).withThreads(1))) {
        Parameter w = weights(session);
        Supplier<Tensor> loss = () -> quadratic(session, w).get().mul(0.1);
        try (TowerOptimizer optimizer =
            Tower.parse("sgd(0.1)/sgd(0.1)^49").bind(session, List.of(w))) {
          double first = optimizer.step(loss).item();
          double last = first;
          for (int i = 0; i < 100; i++) {
            last = optimizer.step(loss).item();
          }
          assertTrue(last < 0.5 * first, device + ": " + first + " → " + last);
          assertEquals(100, optimizer.hyperparameters().size());
          assertTrue(value(optimizer, 1, "alpha") > 0.1);
          assertTrue(value(optimizer, 2, "alpha") > 0.1);
        }
      }
    }
  }

  /** Fused kernels on the CPU against definitions on the reference backend. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "sgd(0.02)/sgd(1e-3)",
        "sgd(0.02, mu=0.5)/sgd(1e-3)",
        "adagrad(0.1)/sgd(1e-2)",
        "rmsprop(0.01, gamma=0.9)/sgd(1e-4)",
        "rmsprop-alpha(0.01, gamma=0.9)/sgd(1e-4)",
        "adam(0.01)/sgd(1e-4)",
        "adam(0.01, beta1=0.5, beta2=0.8)/adam(1e-3)",
        "adam-alpha(0.01, beta1=0.5)/sgd(1e-4)"
      })
  void fusedUpdatesAgreeWithDefinitions(String text) {
    double[][] results = new double[2][];
    double[][] weights = new double[2][];
    for (int k = 0; k < 2; k++) {
      Device device = k == 0 ? Device.REFERENCE : Device.CPU;
      try (Session session = Session.open(SessionOptions.of(device).withThreads(1))) {
        Parameter w = weights(session);
        try (TowerOptimizer optimizer = Tower.parse(text).bind(session, List.of(w))) {
          for (int i = 0; i < 30; i++) {
            optimizer.step(quadratic(session, w));
          }
          results[k] =
              optimizer.hyperparameters().stream()
                  .mapToDouble(HyperparameterValue::value)
                  .toArray();
        }
        weights[k] = w.value().toDoubles();
      }
    }
    assertArrayEquals(results[0], results[1], 2e-5);
    assertArrayEquals(weights[0], weights[1], 2e-4);
  }

  @ParameterizedTest
  @EnumSource(
      value = Device.class,
      names = {"CPU", "REFERENCE"})
  void memoryIsFlat(Device device) {
    try (Session session = Session.open(SessionOptions.of(device).withThreads(1))) {
      Parameter w = weights(session);
      try (TowerOptimizer optimizer =
          Tower.parse("adam(1e-3)/adam(1e-4)/sgd(1e-5)").bind(session, List.of(w))) {
        for (int i = 0; i < 5; i++) {
          optimizer.step(quadratic(session, w));
        }
        long bytes = session.allocatedBytes();
        for (int i = 0; i < 2000; i++) {
          optimizer.step(quadratic(session, w));
        }
        assertEquals(bytes, session.allocatedBytes());
        assertEquals(2005, optimizer.steps());
      }
    }
  }

  @Test
  void parametersKeepTheirValuesAfterClose() {
    try (Session session = Session.open(Device.CPU)) {
      Parameter w = weights(session);
      double[] running;
      try (TowerOptimizer optimizer = new Sgd(0.1).tower().bind(session, List.of(w))) {
        optimizer.step(quadratic(session, w));
        running = w.value().toDoubles();
      }
      assertArrayEquals(running, w.value().toDoubles());
      try (Scope scope = session.scratch()) {
        w.value().exp();
        assertEquals(3, w.value().size());
        assertTrue(scope != null);
      }
      // and another optimizer can go on from there
      try (TowerOptimizer optimizer = new Sgd(0.1).tower().bind(session, List.of(w))) {
        optimizer.step(quadratic(session, w));
      }
      assertTrue(Math.abs(w.value().toDoubles()[0]) < Math.abs(running[0]));
    }
  }

  @Test
  void refusedLossUpdatesNothing() {
    try (Session session = Session.open(Device.CPU)) {
      Parameter w = weights(session);
      try (TowerOptimizer optimizer =
          new Adam(0.1).tunedBy(new Sgd(1e-3)).bind(session, List.of(w))) {
        optimizer.step(quadratic(session, w));
        double[] before = w.value().toDoubles();
        List<HyperparameterValue> hypers = optimizer.hyperparameters();
        assertThrows(
            ArithmeticException.class,
            () ->
                optimizer.step(
                    quadratic(session, w),
                    loss -> {
                      throw new ArithmeticException("no");
                    }));
        assertArrayEquals(before, w.value().toDoubles());
        assertEquals(hypers, optimizer.hyperparameters());
        optimizer.step(quadratic(session, w));
        assertEquals(2, optimizer.steps());
      }
    }
  }

  @Test
  void twoTowersShareASession() {
    try (Session session = Session.open(Device.CPU)) {
      Parameter a = weights(session);
      Parameter b = weights(session);
      Tower tower = new Adam(0.05).tunedBy(new Sgd(1e-3));
      try (TowerOptimizer first = tower.bind(session, List.of(a));
          TowerOptimizer second = tower.bind(session, List.of(b))) {
        for (int i = 0; i < 10; i++) {
          first.step(quadratic(session, a));
          if (i % 2 == 0) {
            second.step(quadratic(session, b));
            second.step(quadratic(session, b));
          }
        }
        assertArrayEquals(a.value().toFloats(), b.value().toFloats());
      }
    }
  }

  @Test
  void unusableChoicesAreNamed() {
    try (Session session = Session.open(Device.CPU)) {
      List<Parameter> w = List.of(weights(session));
      Exception mu =
          assertThrows(
              IllegalArgumentException.class,
              () -> Tower.parse("sgd(1, tune=mu)/sgd(1)").bind(session, w));
      assertTrue(mu.getMessage().contains("not in use"), mu.getMessage());
      Exception name =
          assertThrows(
              IllegalArgumentException.class,
              () -> Tower.parse("adam(1)/sgd-per-param(gamma=1)").bind(session, w));
      assertTrue(name.getMessage().contains("alpha, beta1, beta2"), name.getMessage());
      assertThrows(
          IllegalArgumentException.class, () -> new Sgd(1).tower().bind(session, List.of()));
    }
  }
}
