package io.hypertape.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.GradientCheck;
import io.hypertape.autodiff.GradientMode;
import io.hypertape.autodiff.Precision;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decays near 0 and 1, in both precisions. */
class DecayTest {

  private static final double[] RESTS = {
    0x1p-53, 1e-12, 1e-8, 3e-8, 1e-6, 1e-4, 1e-3, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999, 1 - 1e-6
  };
  private static final double[] STEPS = {1, 2, 3, 10, 1000, 16_777_216};

  private static Session reference(Precision precision) {
    return Session.open(SessionOptions.of(Device.REFERENCE).withPrecision(precision));
  }

  private static double exact(double rest, double t) {
    return -Math.expm1(t * Math.log1p(-rest));
  }

  @Test
  void correctionsHaveTheirDigitsInFloat32() {
    try (Session session = reference(Precision.FLOAT32);
        Scope unused = session.scratch()) {
      for (double rest : RESTS) {
        for (double t : STEPS) {
          double expected = exact((float) rest, t);
          double actual = Decay.correction(session.scalar(rest), session.scalar(t)).item();
          assertEquals(expected, actual, 1e-6 * expected, rest + ", " + t);
        }
      }
    }
  }

  /** d(1 − (1−c)^t)/dc = t·(1−c)^(t−1), and the derivative of that. */
  @Test
  void derivativesOfCorrectionsHaveTheirDigitsInFloat32() {
    try (Session session = reference(Precision.FLOAT32)) {
      for (double rest : RESTS) {
        for (double t : new double[] {1, 2, 3, 10, 1000}) {
          double beta = 1 - (double) (float) rest;
          try (Tape tape = session.tape()) {
            Tensor c = tape.watch(session.scalar(rest));
            Tensor y = Decay.correction(c, session.scalar(t));
            Tensor first = tape.gradient(y, List.of(c), GradientMode.DIFFERENTIABLE).get(0);
            Tensor second = tape.gradient(first, List.of(c)).get(0);
            double scale = Math.max(1, t * Math.pow(beta, t - 1));
            assertEquals(t * Math.pow(beta, t - 1), first.item(), 4e-5 * scale, rest + ", " + t);
            double expected = -t * (t - 1) * Math.pow(beta, t - 2);
            // 1/β has fewer digits where β is what is left of 1.
            double lost = 1e-5 + 2e-7 / beta;
            scale = Math.max(t, Math.abs(expected));
            assertEquals(expected, second.item(), lost * t * scale, rest + ", " + t);
          }
        }
      }
    }
  }

  /** The form for float32, in float64 against differences and against the power. */
  @Test
  void bothFormsAreOneFunction() {
    try (Session session = reference(Precision.FLOAT64)) {
      for (double t : new double[] {1, 2, 7, 40}) {
        Tensor rest = session.tensor(new double[] {0.01, 0.1, 0.3, 0.5, 0.8}, 5);
        GradientCheck check =
            new GradientCheck(
                session, in -> Decay.logarithmic(in.get(0), session.constant(t)).mul(1 / t));
        assertTrue(check.worstError(2, List.of(rest)) < 1e-5, "t = " + t);
        try (Scope unused = session.scratch()) {
          double[] one = Decay.logarithmic(rest, session.constant(t)).toDoubles();
          double[] other = Decay.correction(rest, session.constant(t)).toDoubles();
          for (int i = 0; i < one.length; i++) {
            assertEquals(other[i], one[i], 1e-13 * other[i]);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1e30, -400, -30, -9, -1, 0, 3, 9, 18, 30, 60, 400, 1e30})
  void clampedValuesStayBetweenZeroAndOne(double raw) {
    for (Transform transform : List.of(Transform.CLAMP, Transform.LOGIT)) {
      staysBetweenZeroAndOne(transform, raw);
    }
  }

  private static void staysBetweenZeroAndOne(Transform transform, double raw) {
    double value = transform.effective(raw);
    assertTrue(value > 0 && value < 1, raw + " → " + value);
    for (Precision precision : new Precision[] {Precision.FLOAT64, Precision.FLOAT32}) {
      try (Session session = reference(precision);
          Tape tape = session.tape()) {
        Tensor stored = tape.watch(session.scalar(raw));
        Tensor effective = transform.effective(stored);
        Tensor rest = Decay.rest(transform.complement(stored));
        Tensor correction = Decay.correction(rest, session.scalar(3));
        for (Tensor y : List.of(effective, rest, correction)) {
          boolean below = y.item() < 1 || y == correction && y.item() == 1;
          assertTrue(y.item() > 0 && below, precision + ": " + raw + " → " + y.item());
          double slope = tape.gradient(y, List.of(stored)).get(0).item();
          assertTrue(Double.isFinite(slope), precision + ": slope at " + raw + " is " + slope);
        }
      }
    }
  }

  @Test
  void complementsHaveTheDigitsOfTheStoredForm() {
    try (Session session = reference(Precision.FLOAT32);
        Scope unused = session.scratch()) {
      for (double beta : new double[] {0.9, 0.999, 0.999999, 0.99999999}) {
        for (Transform transform : List.of(Transform.CLAMP, Transform.EXP, Transform.LOGIT)) {
          Tensor raw = session.scalar(transform.raw(beta));
          double rest = transform.complement(raw).item();
          assertEquals(1 - beta, rest, 2e-6 * (1 - beta), transform + ": beta = " + beta);
        }
      }
    }
  }
}
