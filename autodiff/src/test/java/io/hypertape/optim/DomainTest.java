package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hyperparameters that are moved in another form, and within bounds. */
class DomainTest {

  /**
   * The loss after an update in which a hyperparameter's stored form is other than it was, and its
   * derivative by that.
   */
  private static double[] moved(String tower, String label, double by) {
    try (SmallRun run = SmallRun.exact(false);
        TowerOptimizer optimizer = run.bind(tower)) {
      for (int i = 0; i < 3; i++) {
        int batch = i;
        optimizer.step(() -> run.loss(run.tensors(SmallRun.batch(batch))));
      }
      Transform form =
          Tower.parse(tower).levels().getFirst().hyperparameters().stream()
              .filter(h -> label.endsWith("." + h.name()))
              .findFirst()
              .orElseThrow()
              .transform();
      HyperparameterValue value =
          optimizer.hyperparameters().stream()
              .filter(h -> h.label().equals(label))
              .findFirst()
              .orElseThrow();
      optimizer.undo();
      optimizer.redo(Map.of(label, form.effective(value.raw() + by)));
      Gradients gradients = optimizer.gradients(() -> run.loss(run.tensors(SmallRun.batch(3))));
      return new double[] {gradients.loss().item(), gradients.hyperparameters().get(label).item()};
    }
  }

  @ParameterizedTest
  @CsvSource({
    "sgd, alpha, log, 0.3",
    "sgd, alpha, square, 0.3",
    "adam, alpha, log, 0.01",
    "adam, alpha, log, 1e-8",
    "adam, beta1, logit, 0.9",
    "adam, beta2, logit, 0.999",
    "adam, beta1, log, 0.9",
    "adam, beta1, clamp, 0.9",
    "rmsprop, gamma, log, 0.99",
    "rmsprop, alpha, identity, 0.01"
  })
  void hypergradientsAreThoseOfTheStoredForm(
      String optimizer, String name, String form, String value) {
    String tower =
        (optimizer + "(" + (name.equals("alpha") ? value : "0.01, " + name + "=" + value))
            + (", tune=" + name + ", " + form + "=" + name + ")/sgd(1e-6)");
    String label = "L1." + optimizer + "." + name;
    double told = moved(tower, label, 0)[1];
    double h = 1e-5;
    double expected = (moved(tower, label, h)[0] - moved(tower, label, -h)[0]) / (2 * h);
    assertTrue(told != 0);
    assertEquals(expected, told, 1e-5 * Math.abs(expected) + 1e-11);
  }

  /** d/d ln x = x·d/dx, d/d logit x = x(1 − x)·d/dx. */
  @ParameterizedTest
  @CsvSource({"alpha, log, 0.01, 0.01", "beta1, logit, 0.9, 0.09", "beta1, log, 0.9, 0.9"})
  void theyFollowTheChainRule(String name, String form, double value, double slope) {
    String text = "adam(0.01, " + (name.equals("alpha") ? "" : name + "=" + value + ", ");
    String label = "L1.adam." + name;
    double plain = moved(text + "identity=" + name + ")/sgd(0)", label, 0)[1];
    double told = moved(text + form + "=" + name + ")/sgd(0)", label, 0)[1];
    assertTrue(plain != 0);
    assertEquals(slope * plain, told, 1e-11 * Math.abs(slope * plain));
  }

  /** Loss ±2w: dL/dα is −4, or 4 where the sign has changed. */
  private static List<Double> alphas(String tower, int same, int alternating) {
    List<Double> alphas = new ArrayList<>();
    try (Session session = Session.open(Device.REFERENCE)) {
      Parameter w = new Parameter("w", session.scalar(1));
      try (TowerOptimizer optimizer = Tower.parse(tower).bind(session, List.of(w))) {
        for (int i = 0; i < same + alternating; i++) {
          double sign = i > same && (i - same) % 2 == 1 ? -2 : 2;
          optimizer.step(() -> w.value().mul(sign));
          alphas.add(optimizer.hyperparameters().getFirst().value());
        }
      }
    }
    return alphas;
  }

  @Test
  void theLevelAboveMovesTheLogarithm() {
    List<Double> alphas = alphas("sgd(0.1, log=alpha)/sgd(0.5)", 5, 0);
    double expected = 0.1;
    for (int i = 0; i < 5; i++) {
      expected *= i == 0 ? 1 : Math.exp(0.5 * 4 * expected);
      assertEquals(expected, alphas.get(i), 1e-14);
    }
  }

  /** What goes on is the value at the bound, which the first step back leaves. */
  @ParameterizedTest
  @CsvSource({
    "identity, 0.12, 0.08, 0.001",
    "log, 0.13, 0.07, 0.1",
    "square, 0.1234, 0.0567, 0.003",
    "clamp, 0.13, 0.07, 0.1",
    "logit, 0.11, 0.09, 0.1"
  })
  void boundsAreReachedAndLeft(String form, double max, double min, double step) {
    String level = "sgd(0.1, " + form + "=alpha, within=alpha(" + min + ".." + max + "))";
    List<Double> alphas = alphas(level + "/sgd(" + step + ")", 200, 201);
    for (double alpha : alphas) {
      assertTrue(alpha >= min && alpha <= max, alpha + " is outside");
    }
    assertEquals(max, alphas.get(199));
    assertEquals(max, alphas.get(200));
    assertTrue(alphas.get(201) < max && alphas.get(201) > min, "at once: " + alphas.get(201));
    assertEquals(min, alphas.getLast());
  }

  /** Beyond a bound nothing depends on the step size with which it was passed. */
  @Test
  void atABoundTheLevelAboveThatHasNoGradient() {
    for (String bounds : List.of("", ", within=alpha(..0.12)")) {
      try (Session session = Session.open(Device.REFERENCE)) {
        Parameter w = new Parameter("w", session.scalar(1));
        Tower tower = Tower.parse("sgd(0.1" + bounds + ")/sgd(0.004)/sgd(1e-6)");
        try (TowerOptimizer optimizer = tower.bind(session, List.of(w))) {
          for (int i = 0; i < 3; i++) {
            optimizer.step(() -> w.value().mul(2));
          }
          Map<String, Tensor> gradients =
              optimizer.gradients(() -> w.value().mul(2)).hyperparameters();
          assertEquals(-4, gradients.get("L1.sgd.alpha").item(), 1e-12);
          double expected = bounds.isEmpty() ? -16 : 0;
          assertEquals(expected, gradients.get("L2.sgd.alpha").item(), 1e-12);
        }
      }
    }
  }

  private static final String BOUNDED =
      "adam(0.01, log=alpha, logit=beta1, within=alpha(0.009..0.0104)+beta1(0.895..0.902))";

  private static double[] train(String tower, boolean records) {
    try (SmallRun run = SmallRun.cpu(records);
        TowerOptimizer optimizer = run.bind(tower)) {
      TrainingStep step = optimizer.prepare(run::loss);
      List<Double> seen = new ArrayList<>();
      int atBounds = 0;
      for (int i = 0; i < 30; i++) {
        step.run(SmallRun.batch(i));
        for (HyperparameterValue h : optimizer.hyperparameters()) {
          seen.add(h.value());
          if (h.label().equals("L1.adam.alpha")) {
            assertTrue(h.value() >= 0.009 && h.value() <= 0.0104, h.toString());
            atBounds += h.value() < 0.009 + 1e-8 || h.value() > 0.0104 - 1e-8 ? 1 : 0;
          }
        }
        for (double value : run.values(optimizer)) {
          seen.add(value);
        }
      }
      assertTrue(atBounds > 5 && atBounds < 29, atBounds + " steps at a bound");
      assertEquals(records, run.backend.replays > 20, run.backend.replays + " replays");
      return seen.stream().mapToDouble(v -> v).toArray();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/sgd(6)", "/sgd(6, log=alpha, within=alpha(5.5..6.5))/sgd(10)"})
  void recordedStepsKeepThemWithTheSameBits(String above) {
    assertArrayEquals(train(BOUNDED + above, false), train(BOUNDED + above, true));
  }

  /** What a recorded step consists of, and the weights after some. */
  private static List<Object> recorded(String tower) {
    try (SmallRun run = SmallRun.cpu(true);
        TowerOptimizer optimizer = run.bind(tower)) {
      TrainingStep step = optimizer.prepare(run::loss);
      for (int i = 0; i < 9; i++) {
        step.run(SmallRun.batch(i));
      }
      List<Object> told = new ArrayList<>(List.of(step.mode()));
      for (double value : run.weight.value().toDoubles()) {
        told.add(value);
      }
      return told;
    }
  }

  /** A hyperparameter that nothing tunes is the number that it is, in whatever form. */
  @Test
  void withoutALevelAboveNothingChanges() {
    assertEquals(
        recorded("adam(0.001)"),
        recorded("adam(0.001, log=alpha, logit=beta1+beta2, within=alpha(1e-3..1e-3))"));
    assertEquals(
        recorded("adam(0.001, tune=beta1)/sgd(0.1)"),
        recorded("adam(0.001, tune=beta1, log=alpha+beta2, within=alpha(..1))/sgd(0.1)"));
  }

  /** In single precision the value at a bound need not be the bound; it is told as if it were. */
  @Test
  void aValueThatIsToldCanBeGivenAgain() {
    try (SmallRun run = SmallRun.cpu(true);
        TowerOptimizer optimizer =
            run.bind("sgd(0.35, log=alpha, within=alpha(0.35..0.3500001))/sgd(1e3)")) {
      TrainingStep step = optimizer.prepare(run::loss);
      for (int i = 0; i < 9; i++) {
        step.run(SmallRun.batch(i));
        double alpha = optimizer.hyperparameters().getFirst().value();
        assertTrue(alpha >= 0.35 && alpha <= 0.3500001);
        optimizer.undo();
        optimizer.redo(Map.of("L1.sgd.alpha", alpha));
      }
      optimizer.undo();
      double[] before = run.values(optimizer);
      for (double outside : new double[] {0.3, 0.4, -1, Double.NaN}) {
        Map<String, Double> values = Map.of("L1.sgd.alpha", outside);
        String message =
            assertThrows(IllegalArgumentException.class, () -> optimizer.redo(values)).getMessage();
        assertTrue(message.contains("'alpha' is " + outside), message);
        assertArrayEquals(before, run.values(optimizer));
      }
      optimizer.redo(Map.of("L1.sgd.alpha", 0.35));
      assertEquals(0.35, optimizer.hyperparameters().getFirst().value(), 1e-7);
    }
  }

  @Test
  void whatNoDomainIsIsRefused() {
    refused("'alpha' is 0.0, which has no stored form", () -> new Sgd(0).inLog("alpha"));
    refused("'alpha' is 2.0, which has no stored form", () -> new Sgd(2).inLogit("alpha"));
    refused("no hyperparameter 'beta'", () -> new Sgd(2).inLog("beta"));
    refused("no hyperparameter 'beta'", () -> new Sgd(2).within("beta", 0, 1));
    refused("its bounds, 3 to 4", () -> new Sgd(2).within("alpha", 3, 4));
    refused("bounds from 4 to 3", () -> new Sgd(2).within("alpha", 4, 3));
    refused("bounds from nan to 3", () -> Domain.own().within(Double.NaN, 3));
    refused("bounds from 1 to 0", () -> new Hyperparameter("x", 0.5, Transform.EXP, 1, 0));
    refused("its bounds, 1 to 2", () -> new Hyperparameter("x", 0.5, Transform.EXP, 1, 2));
  }

  private static void refused(String why, Runnable call) {
    Exception e = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  /** Bounds of the stored form are those of the effective one, for any form. */
  @ParameterizedTest
  @CsvSource({
    "IDENTITY, -1, 2, -1, 2",
    "SQUARE, 0.25, 4, 0.5, 2",
    "SQUARE, -1, 4, -2, 2",
    "SQUARE, 0, Infinity, -Infinity, Infinity",
    "CLAMP, 0, 1, -Infinity, Infinity",
    "CLAMP, -3, 0.5, -Infinity, 0",
    "CLAMP, 0.5, 7, 0, Infinity",
    "EXP, 0, 1, -Infinity, 0",
    "EXP, 1, Infinity, 0, Infinity",
    "LOGIT, 0.5, 1, 0, Infinity",
    "LOGIT, -Infinity, 0.5, -Infinity, 0"
  })
  void boundsHaveStoredForms(
      Transform transform, double min, double max, double rawMin, double rawMax) {
    double inside = Math.max(min, Math.min(max, 0.5));
    Hyperparameter hyper = new Hyperparameter("x", inside, transform, min, max);
    assertEquals(rawMin, hyper.rawMin());
    assertEquals(rawMax, hyper.rawMax());
  }
}
