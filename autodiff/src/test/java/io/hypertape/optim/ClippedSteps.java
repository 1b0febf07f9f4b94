package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.Backend;
import io.hypertape.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clipping at the ends of the range of numbers, and what becomes of norms that are none. */
public abstract class ClippedSteps {

  /** The backend to be tested. */
  protected abstract Backend open();

  /** What one step of a step size of 1 from 0 takes off, the gradients being these. */
  private static double[] taken(Session session, double limit, double[] first, double second) {
    Parameter a = new Parameter("a", session.tensor(new double[first.length], first.length));
    Parameter b = new Parameter("b", session.scalar(0));
    try (TowerOptimizer optimizer =
        new Sgd(1).tower().clippedTo(limit).bind(session, List.of(a, b))) {
      Tensor weights = session.tensor(first, first.length);
      optimizer.step(() -> a.value().mul(weights).sum().add(b.value().mul(second)));
      double[] left = a.value().toDoubles();
      double[] all = Arrays.copyOf(left, left.length + 1);
      all[left.length] = b.value().item();
      for (int i = 0; i < all.length; i++) {
        all[i] = -all[i];
      }
      return all;
    }
  }

  /** Squares of such floats do not leave the range of doubles. */
  @ParameterizedTest
  @CsvSource({
    "1e19, -1e19, 2",
    "1e19, 0, 2",
    "3e38, 3e38, 2",
    "3e38, -1e37, 1e-3",
    "1e25, 1, 5",
    "3, 4, 2",
    "1e14, 3e14, 0.5",
    "1e-15, 1e-16, 1e-8"
  })
  void gradientsOfAnySizeAreScaledToTheLimit(float x, float y, float limit) {
    try (Session session = Session.over(open())) {
      double norm = Math.sqrt(4.0 * x * x + (double) y * y) + 1e-6;
      double share = limit / norm;
      double[] expected = {x * share, x * share, x * share, x * share, y * share};
      double[] actual = taken(session, limit, new double[] {x, x, x, x}, y);
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], actual[i], 2e-6 * Math.abs(expected[i]), x + ", " + y);
      }
    }
  }

  /** What needs no clipping keeps every bit, subnormal numbers and the largest ones included. */
  @ParameterizedTest
  @CsvSource({"1e-45, 3e-45, 2", "1e-40, -1e-42, 1e-5", "1, 2, 3.1", "1e30, 2e30, 3e38"})
  void smallerGradientsStayWhatTheyAre(float x, float y, float limit) {
    try (Session session = Session.over(open())) {
      assertArrayEquals(
          new double[] {x, x, y}, taken(session, limit, new double[] {x, x}, y), x + ", " + y);
    }
  }

  @Test
  void theLargestNumbersOfDoublePrecisionAreClipped() {
    try (Session session = Session.over(open())) {
      if (session.dtype() == DType.F64) {
        double[] actual = taken(session, 2, new double[] {1.5e308, 1.5e308}, -1.5e308);
        double share = 2 / Math.sqrt(3);
        assertArrayEquals(new double[] {share, share, -share}, actual, 1e-15);
      } else {
        // There these are infinite, and so is the norm.
        double[] actual = taken(session, 2, new double[] {1.5e308, 1.5e308}, 0);
        assertTrue(Double.isNaN(actual[0]) && Double.isNaN(actual[2]));
      }
    }
  }

  private static final int STEPS = 14;

  /** The loss is √(w·x) beside others: at x = 0 it is finite and its gradient is not. */
  private static Tensor loss(Tensor x, Parameter w, Parameter b) {
    return w.value().mul(x).sqrt().sum().add(b.value().square()).add(w.value().square().sum());
  }

  private static double[] train(
      Session session, boolean prepared, String tower, boolean disturbed) {
    List<Double> seen = new ArrayList<>();
    Parameter w = new Parameter("w", session.tensor(new double[] {5, 2.5, 10}, 3));
    Parameter b = new Parameter("b", session.scalar(0.5));
    try (TowerOptimizer optimizer = Tower.parse(tower).bind(session, List.of(w, b))) {
      TrainingStep step = optimizer.prepare(in -> loss(in.get(0), w, b));
      Consumer<Tensor> finite =
          value -> {
            if (!Double.isFinite(value.item())) {
              throw new ArithmeticException("loss is " + value.item());
            }
          };
      for (int i = 0; i < STEPS; i++) {
        float[] x = {1 + 0.1f * i, 2, 3};
        float[] bad = {1, 0, 3};
        if (disturbed && prepared) {
          assertThrows(ArithmeticException.class, () -> step.run(finite, Input.floats(bad, 3)));
        } else if (disturbed) {
          assertThrows(
              ArithmeticException.class,
              () -> optimizer.step(() -> loss(session.tensor(bad, 3), w, b), finite));
        }
        Tensor value =
            prepared
                ? step.run(finite, Input.floats(x, 3))
                : optimizer.step(() -> loss(session.tensor(x, 3), w, b), finite);
        seen.add(value.item());
        optimizer.hyperparameters().forEach(h -> seen.add(h.raw()));
      }
      assertEquals(STEPS, optimizer.steps());
    }
    for (double value : w.value().toDoubles()) {
      seen.add(value);
    }
    return seen.stream().mapToDouble(v -> v).toArray();
  }

  /** A finite loss with a gradient that is not: who looks at the loss refuses the step. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "sgd(0.01) clip=0.5",
        "sgd(0.01, mu=0.9)/sgd(1e-5) clip=0.5",
        "adam(0.01)/adam(1e-3)/sgd(1e-4) clip=0.5 schedule=warmup(4)"
      })
  void aNormThatIsNoNumberRefusesTheStep(String tower) {
    try (Session session = Session.over(open())) {
      for (boolean prepared : new boolean[] {false, true}) {
        assertArrayEquals(
            train(session, prepared, tower, false), train(session, prepared, tower, true));
      }
    }
  }

  /** Who does not look at the loss sees it in the parameters: all of them, not some. */
  @Test
  void anUnseenOneStaysVisible() {
    try (Session session = Session.over(open())) {
      double[] all = taken(session, 2, new double[] {Double.POSITIVE_INFINITY, 1}, 1);
      for (double value : all) {
        assertTrue(Double.isNaN(value));
      }
    }
  }
}
