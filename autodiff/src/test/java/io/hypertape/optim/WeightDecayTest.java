package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weight decay: trajectories and hypergradients against their closed forms. */
class WeightDecayTest {

  private static final double[] START = {1, -2, 0.5};
  private static final double[] SCALES = {1, 0.5, 2};
  private static final double LAMBDA = 0.05;

  /** Σ c·(w − 0.3)², whose gradient is 2c(w − 0.3): its minimum is not where decay leads. */
  private static Supplier<Tensor> loss(Session session, Parameter w) {
    return () -> w.value().sub(0.3).square().mul(session.tensor(SCALES, 3)).sum();
  }

  private static double gradient(double w, int i) {
    return 2 * SCALES[i] * (w - 0.3);
  }

  /** A scalar optimizer in plain Java, for parameter i alone. */
  private interface Plain {
    /** The next value, from the value, its gradient and the step's number, from 1. */
    double next(int i, double p, double g, int t);
  }

  private static void follows(String tower, Plain plain) {
    try (Session session = Session.open(Device.REFERENCE)) {
      Parameter w = new Parameter("w", session.tensor(START, 3));
      double[] expected = START.clone();
      try (TowerOptimizer optimizer = Tower.parse(tower).bind(session, List.of(w))) {
        for (int t = 1; t <= 20; t++) {
          optimizer.step(loss(session, w));
          for (int i = 0; i < 3; i++) {
            expected[i] = plain.next(i, expected[i], gradient(expected[i], i), t);
          }
          assertArrayEquals(expected, w.value().toDoubles(), 1e-12, tower + ", step " + t);
        }
      }
    }
  }

  @Test
  void sgdAddsLambdaTimesTheWeightToTheGradient() {
    follows("sgd(0.1, decay=0.05)", (i, p, g, t) -> p - 0.1 * (g + LAMBDA * p));
    double[] buffer = new double[3];
    follows(
        "sgd(0.05, mu=0.9, decay=0.05)",
        (i, p, g, t) -> p - 0.05 * (buffer[i] = 0.9 * buffer[i] + g + LAMBDA * p));
  }

  @Test
  void adagradAndRmspropSeeTheDecayedGradient() {
    double[] sum = {0.1, 0.1, 0.1};
    follows(
        "adagrad(0.5, decay=0.05)",
        (i, p, g, t) -> {
          double d = g + LAMBDA * p;
          sum[i] += d * d;
          return p - 0.5 * d / Math.sqrt(sum[i] + 1e-10);
        });
    for (String name : new String[] {"rmsprop", "rmsprop-alpha"}) {
      double[] mean = new double[3];
      follows(
          name + "(0.02, gamma=0.9, decay=0.05)",
          (i, p, g, t) -> {
            double d = g + LAMBDA * p;
            mean[i] = 0.9 * mean[i] + 0.1 * d * d;
            return p - 0.02 * d / Math.sqrt(mean[i] + 1e-8);
          });
    }
  }

  @Test
  void adamTakesDecayIntoItsMeansAndAdamwDoesNot() {
    for (String name : new String[] {"adam", "adam-alpha", "adamw"}) {
      boolean decoupled = name.equals("adamw");
      double[] m = new double[3];
      double[] v = {1e-8, 1e-8, 1e-8};
      follows(
          name + "(0.1, beta1=0.8, beta2=0.9, decay=0.05)",
          (i, p, g, t) -> {
            double d = decoupled ? g : g + LAMBDA * p;
            m[i] = 0.8 * m[i] + 0.2 * d;
            v[i] = 0.9 * v[i] + 0.1 * d * d;
            double mean = m[i] / (1 - Math.pow(0.8, t));
            double square = v[i] / (1 - Math.pow(0.9, t));
            double shrunk = decoupled ? p - 0.1 * LAMBDA * p : p;
            return shrunk - 0.1 * mean / (Math.sqrt(square) + 1e-8);
          });
    }
  }

  /** dL/dλ at step i is −α·⟨g_i, p_(i−2)⟩, p_(i−2) being what the last update started from. */
  @Test
  void hypergradientOfDecayHasItsClosedForm() {
    try (Session session = Session.open(Device.REFERENCE)) {
      Parameter w = new Parameter("w", session.tensor(START, 3));
      double lambda = LAMBDA;
      double[] before = null;
      try (TowerOptimizer optimizer =
          Tower.parse("sgd(0.1, decay=0.05, tune=decay)/sgd(0.01)").bind(session, List.of(w))) {
        for (int step = 0; step < 20; step++) {
          double[] p = w.value().toDoubles();
          optimizer.step(loss(session, w));
          if (before != null) {
            for (int i = 0; i < 3; i++) {
              lambda += 0.01 * 0.1 * gradient(p[i], i) * before[i];
            }
          }
          assertEquals(lambda, decay(optimizer), 1e-13);
          before = p;
        }
        assertTrue(Math.abs(lambda - LAMBDA) > 1e-3);
        assertEquals(0.1, optimizer.hyperparameters().get(0).value());
      }
    }
  }

  private static double decay(TowerOptimizer optimizer) {
    return optimizer.hyperparameters().stream()
        .filter(h -> h.name().equals("decay"))
        .findFirst()
        .orElseThrow()
        .value();
  }

  /** One tuned step against the difference quotient of the loss after it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "sgd(0.1, decay=%s%s)",
        "sgd(0.1, mu=0.9, decay=%s%s)",
        "rmsprop(0.05, gamma=0.9, decay=%s%s)",
        "rmsprop-alpha(0.05, gamma=0.9, decay=%s%s)",
        "adam(0.1, decay=%s%s)",
        "adam-alpha(0.1, decay=%s%s)",
        "adamw(0.1, decay=%s%s)"
      })
  void hypergradientOfDecayAgreesWithDifferences(String form) {
    double delta = 1e-5;
    double numeric =
        (lossAfterStep(form, LAMBDA + delta) - lossAfterStep(form, LAMBDA - delta)) / (2 * delta);
    try (Session session = Session.open(Device.REFERENCE)) {
      Parameter w = new Parameter("w", session.tensor(START, 3));
      String tuned = form.formatted(LAMBDA, ", tune=decay") + "/sgd(1)";
      try (TowerOptimizer optimizer = Tower.parse(tuned).bind(session, List.of(w))) {
        optimizer.step(loss(session, w));
        assertEquals(LAMBDA, decay(optimizer));
        optimizer.step(loss(session, w));
        assertEquals(numeric, LAMBDA - decay(optimizer), 1e-5 * Math.max(1, Math.abs(numeric)));
      }
      assertTrue(Math.abs(numeric) > 1e-9, "nothing to see");
    }
  }

  private static double lossAfterStep(String form, double lambda) {
    try (Session session = Session.open(Device.REFERENCE)) {
      Parameter w = new Parameter("w", session.tensor(START, 3));
      try (TowerOptimizer optimizer =
          Tower.parse(form.formatted(lambda, "")).bind(session, List.of(w))) {
        optimizer.step(loss(session, w));
        return optimizer.step(loss(session, w)).item();
      }
    }
  }

  /** Fused kernels on the CPU against definitions on the reference backend. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "sgd(0.05, mu=0.5, decay=0.1)/sgd(1e-3)",
        "adagrad(0.1, decay=0.1)/sgd(1e-2)",
        "rmsprop(0.01, gamma=0.9, decay=0.1)/sgd(1e-4)",
        "adam(0.01, decay=0.1)/sgd(1e-4)",
        "adam(0.01, decay=0.1, tune=alpha)/sgd(1e-4)",
        "adamw(0.01, decay=0.1)/sgd(1e-4)",
        "adamw(0.01)/adamw(1e-3)/sgd(1e-4)"
      })
  void backendsAgree(String text) {
    double[][] results = new double[2][];
    double[][] weights = new double[2][];
    for (int k = 0; k < 2; k++) {
      Device device = k == 0 ? Device.REFERENCE : Device.CPU;
      try (Session session = Session.open(SessionOptions.of(device).withThreads(1))) {
        Parameter w = new Parameter("w", session.tensor(START, 3));
        try (TowerOptimizer optimizer = Tower.parse(text).bind(session, List.of(w))) {
          for (int i = 0; i < 30; i++) {
            optimizer.step(loss(session, w));
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

  @Test
  void withoutDecayNothingIsThereToTune() {
    Exception e =
        assertThrows(
            IllegalArgumentException.class, () -> Tower.parse("adam(0.1, tune=decay)/sgd(1)"));
    assertTrue(e.getMessage().contains("no hyperparameter 'decay'"), e.getMessage());
    assertEquals(
        new Adam(0.1).withDecay(0.2),
        Tower.parse("adam(0.1, decay=0.2)").levels().get(0).optimizer());
    for (Optimizer optimizer :
        List.of(
            new Sgd(0.1).withDecay(0.2),
            new AdaGrad(0.1).withDecay(0.2),
            new RmsProp(0.1).withDecay(0.2),
            new RmsPropAlpha(0.1).withDecay(0.2),
            new AdamAlpha(0.1).withDecay(0.2),
            new AdamW(0.1, 0.2))) {
      assertEquals(optimizer.tower(), Tower.parse(optimizer.name() + "(0.1, decay=0.2)"));
      assertEquals(optimizer.tower(), Tower.parse(optimizer.text()));
      assertEquals("decay", optimizer.hyperparameters().getLast().name());
    }
    assertThrows(IllegalArgumentException.class, () -> new Adam(0.1).withDecay(-1));
    assertThrows(IllegalArgumentException.class, () -> new AdamW(0.1, Double.NaN));
  }
}
