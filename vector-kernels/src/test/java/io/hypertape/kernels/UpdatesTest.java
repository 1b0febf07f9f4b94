package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.updates.UpdateOp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The updates against their formulas in double, the hypergradients against differences of the
 * updates in double.
 */
@ParameterizedClass
@EnumSource(KernelMode.class)
class UpdatesTest {
  private static final float ALPHA = 0.03f;
  private static final float MU = 0.9f;
  private static final float BETA1 = 0.85f;
  private static final float BETA2 = 0.97f;
  private static final float EPS = 1e-3f;
  private static final float[] NONE = {};

  private final Kernels kernels;

  UpdatesTest(KernelMode mode) {
    kernels = Kernels.open(mode, 1);
    assertEquals(mode == KernelMode.VECTOR, kernels.selection().vectorized());
  }

  @AfterEach
  void close() {
    kernels.close();
  }

  /** Five arrays, each at an offset of its own: p, g, first state, second state, cotangent. */
  private record Data(int n, float[] p, float[] g, float[] a, float[] b, float[] c) {
    static Data of(int n) {
      return new Data(
          n,
          Randoms.normal(n + 1, 1),
          Randoms.normal(n + 2, 2),
          Randoms.normal(n + 3, 3),
          Randoms.positive(n + 4, 4),
          Randoms.normal(n + 5, 5));
    }

    Floats parameter() {
      return new Floats(p, 1, n);
    }

    Floats gradient() {
      return new Floats(g, 2, n);
    }

    Floats first() {
      return new Floats(a, 3, n);
    }

    Floats second() {
      return new Floats(b, 4, n);
    }

    Floats cotangent() {
      return new Floats(c, 5, n);
    }

    double p(int i) {
      return p[1 + i];
    }

    double g(int i) {
      return g[2 + i];
    }

    double a(int i) {
      return a[3 + i];
    }

    double b(int i) {
      return b[4 + i];
    }

    double c(int i) {
      return c[5 + i];
    }
  }

  private void run(UpdateOp update, double[] scalars, float[] sums, Floats... vectors) {
    kernels.updates().of(update, scalars, sums, vectors).run();
  }

  private interface Formula {
    double at(int i);
  }

  private static void assertAll(int n, float[] out, int off, Formula expected) {
    assertEquals(0f, out[off - 1], "written before the range");
    assertEquals(0f, out[off + n], "written after the range");
    for (int i = 0; i < n; i++) {
      int at = i;
      Close.assertWithin(
          expected.at(i),
          out[off + i],
          5e-7 * (1 + Math.abs(expected.at(i))),
          () -> "element " + at);
    }
  }

  private static final class Adam {
    final double m;
    final double v;
    final double step;

    Adam(Data d, int i, double beta1, double beta2, double t) {
      m = beta1 * d.a(i) + (1 - beta1) * d.g(i);
      v = beta2 * d.b(i) + (1 - beta2) * d.g(i) * d.g(i);
      step = m / (1 - Math.pow(beta1, t)) / (Math.sqrt(v / (1 - Math.pow(beta2, t))) + EPS);
    }
  }

  private static double rms(Data d, int i, double gamma) {
    double s = gamma * d.b(i) + (1 - gamma) * d.g(i) * d.g(i);
    return d.g(i) / Math.sqrt(s + EPS);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 1009})
  void updatesFollowTheirFormulas(int n) {
    Data d = Data.of(n);
    float[] p = new float[n + 2];
    float[] a = new float[n + 2];
    float[] b = new float[n + 2];
    run(UpdateOp.SGD, new double[] {ALPHA}, NONE, d.parameter(), d.gradient(), new Floats(p, 1, n));
    assertAll(n, p, 1, i -> d.p(i) - ALPHA * d.g(i));
    run(
        UpdateOp.SGD_MOMENTUM,
        new double[] {ALPHA, MU},
        NONE,
        d.parameter(),
        d.gradient(),
        d.first(),
        new Floats(p, 1, n),
        new Floats(a, 1, n));
    assertAll(n, a, 1, i -> MU * d.a(i) + d.g(i));
    assertAll(n, p, 1, i -> d.p(i) - ALPHA * (MU * d.a(i) + d.g(i)));
    run(
        UpdateOp.ADAGRAD,
        new double[] {ALPHA, EPS},
        NONE,
        d.parameter(),
        d.gradient(),
        d.second(),
        new Floats(p, 1, n),
        new Floats(b, 1, n));
    assertAll(n, b, 1, i -> d.b(i) + d.g(i) * d.g(i));
    assertAll(n, p, 1, i -> d.p(i) - ALPHA * d.g(i) / Math.sqrt(d.b(i) + d.g(i) * d.g(i) + EPS));
    run(
        UpdateOp.RMSPROP,
        new double[] {ALPHA, MU, EPS},
        NONE,
        d.parameter(),
        d.gradient(),
        d.second(),
        new Floats(p, 1, n),
        new Floats(b, 1, n));
    assertAll(n, b, 1, i -> MU * d.b(i) + (1 - (double) MU) * d.g(i) * d.g(i));
    assertAll(n, p, 1, i -> d.p(i) - ALPHA * rms(d, i, MU));
    for (float t : new float[] {1, 2, 50}) {
      run(
          UpdateOp.ADAM,
          new double[] {ALPHA, BETA1, BETA2, EPS, t},
          NONE,
          d.parameter(),
          d.gradient(),
          d.first(),
          d.second(),
          new Floats(p, 1, n),
          new Floats(a, 1, n),
          new Floats(b, 1, n));
      assertAll(n, a, 1, i -> new Adam(d, i, BETA1, BETA2, t).m);
      assertAll(n, b, 1, i -> new Adam(d, i, BETA1, BETA2, t).v);
      assertAll(n, p, 1, i -> d.p(i) - ALPHA * new Adam(d, i, BETA1, BETA2, t).step);
    }
  }

  /**
   * ⟨c, f⟩ by central differences of the formula in one hyperparameter, or exactly where that
   * enters linearly.
   */
  private static void assertHyper(
      Data d,
      float actual,
      double at,
      java.util.function.BiFunction<Integer, Double, Double> step) {
    double h = 1e-5;
    double sum = 0;
    double magnitude = 0;
    for (int i = 0; i < d.n; i++) {
      double term = d.c(i) * (step.apply(i, at + h) - step.apply(i, at - h)) / (2 * h);
      sum += term;
      magnitude += Math.abs(term);
    }
    Close.assertWithin(sum, actual, 2e-6 * magnitude + 1e-30, () -> "n = " + d.n);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 15, 16, 17, 31, 33, 1009, 40_009})
  void hypergradientsAreDerivativesOfTheUpdates(int n) {
    Data d = Data.of(n);
    float[] out = new float[4];
    run(UpdateOp.SGD_HYPER, new double[] {0}, out, d.cotangent(), d.gradient());
    assertHyper(d, out[0], ALPHA, (i, h) -> -h * d.g(i));
    run(
        UpdateOp.SGD_MOMENTUM_HYPER,
        new double[] {ALPHA, MU},
        out,
        d.cotangent(),
        d.gradient(),
        d.first());
    assertHyper(d, out[0], ALPHA, (i, h) -> -h * (MU * d.a(i) + d.g(i)));
    assertHyper(d, out[1], MU, (i, h) -> -ALPHA * (h * d.a(i) + d.g(i)));
    run(
        UpdateOp.ADAGRAD_HYPER,
        new double[] {0, EPS},
        out,
        d.cotangent(),
        d.gradient(),
        d.second());
    assertHyper(
        d, out[0], ALPHA, (i, h) -> -h * d.g(i) / Math.sqrt(d.b(i) + d.g(i) * d.g(i) + EPS));
    run(
        UpdateOp.RMSPROP_HYPER,
        new double[] {ALPHA, MU, EPS},
        out,
        d.cotangent(),
        d.gradient(),
        d.second());
    assertHyper(d, out[0], ALPHA, (i, h) -> -h * rms(d, i, MU));
    assertHyper(d, out[1], MU, (i, h) -> -ALPHA * rms(d, i, h));
    for (float t : new float[] {1, 2, 50}) {
      run(
          UpdateOp.ADAM_HYPER,
          new double[] {ALPHA, BETA1, BETA2, EPS, t},
          out,
          d.cotangent(),
          d.gradient(),
          d.first(),
          d.second());
      assertHyper(d, out[0], ALPHA, (i, h) -> -h * new Adam(d, i, BETA1, BETA2, t).step);
      assertHyper(d, out[1], BETA1, (i, h) -> -ALPHA * new Adam(d, i, h, BETA2, t).step);
      assertHyper(d, out[2], BETA2, (i, h) -> -ALPHA * new Adam(d, i, BETA1, h, t).step);
    }
    assertEquals(0f, out[3]);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 15, 16, 17, 31, 33, 1009, 40_009})
  void traceMovesTheMeanAndAddsProducts(int n) {
    Data d = Data.of(n);
    float[] mean = new float[n + 7];
    float[] out = new float[3];
    run(
        UpdateOp.TRACE,
        new double[] {0.25f},
        out,
        d.gradient(),
        d.first(),
        d.second(),
        new Floats(mean, 6, n));
    double[] sums = new double[3];
    double magnitude = 0;
    for (int i = 0; i < n; i++) {
      double e = (double) d.a(i) - d.b(i);
      assertEquals(d.b(i) + 0.25 * e, mean[6 + i], 1e-6, "element " + i);
      sums[0] += d.g(i) * e;
      sums[1] += (double) d.g(i) * d.g(i);
      sums[2] += e * e;
      magnitude += Math.abs(d.g(i) * e);
    }
    Close.assertWithin(sums[0], out[0], 2e-6 * magnitude + 1e-30, () -> "product, n = " + d.n);
    Close.assertWithin(sums[1], out[1], 2e-6 * sums[1] + 1e-30, () -> "gradient, n = " + d.n);
    Close.assertWithin(sums[2], out[2], 2e-6 * sums[2] + 1e-30, () -> "distance, n = " + d.n);
    assertEquals(0, mean[5]);
    assertEquals(0, mean[6 + n]);
  }

  /** Adam's step by 1 − β, as exact as double precision is. */
  private static double step(Data d, int i, double rest1, double rest2, double t) {
    double m = (1 - rest1) * d.a(i) + rest1 * d.g(i);
    double v = (1 - rest2) * d.b(i) + rest2 * d.g(i) * d.g(i);
    double mean = m / -Math.expm1(t * Math.log1p(-rest1));
    double square = v / -Math.expm1(t * Math.log1p(-rest2));
    return mean / (Math.sqrt(square) + EPS);
  }

  private static double slope(
      Data d, java.util.function.DoubleUnaryOperator step, double rest, int i) {
    double h = rest < 0.5 ? 1e-5 * rest : 3e-4 * (1 - rest);
    // By β, not by 1 − β.
    return -ALPHA
        * (step.applyAsDouble(rest - h) - step.applyAsDouble(rest + h))
        / (2 * h)
        * d.c(i);
  }

  /** A float cannot tell most of these decays from 1. */
  @ParameterizedTest
  @ValueSource(doubles = {0x1p-53, 1e-12, 1e-8, 1e-6, 1e-3, 0.5, 0.999, 1 - 0x1p-20})
  void decaysNearOneKeepTheirDigits(double about) {
    int n = 37;
    Data d = Data.of(n);
    float[] p = new float[n + 2];
    float[] a = new float[n + 2];
    float[] b = new float[n + 2];
    float[] out = new float[3];
    double beta = 1 - about;
    double rest = 1 - beta;
    run(
        UpdateOp.RMSPROP,
        new double[] {ALPHA, beta, EPS},
        NONE,
        d.parameter(),
        d.gradient(),
        d.second(),
        new Floats(p, 1, n),
        new Floats(b, 1, n));
    assertAll(n, b, 1, i -> beta * d.b(i) + rest * d.g(i) * d.g(i));
    for (float t : new float[] {1, 2, 50, 100_000}) {
      run(
          UpdateOp.ADAM,
          new double[] {ALPHA, beta, beta, EPS, t},
          NONE,
          d.parameter(),
          d.gradient(),
          d.first(),
          d.second(),
          new Floats(p, 1, n),
          new Floats(a, 1, n),
          new Floats(b, 1, n));
      assertAll(n, a, 1, i -> beta * d.a(i) + rest * d.g(i));
      assertAll(n, b, 1, i -> beta * d.b(i) + rest * d.g(i) * d.g(i));
      assertAll(n, p, 1, i -> d.p(i) - ALPHA * step(d, i, rest, rest, t));
      run(
          UpdateOp.ADAM_HYPER,
          new double[] {ALPHA, beta, beta, EPS, t},
          out,
          d.cotangent(),
          d.gradient(),
          d.first(),
          d.second());
      double[] sums = new double[3];
      double[] magnitudes = new double[3];
      for (int i = 0; i < n; i++) {
        int at = i;
        double[] terms = {
          -d.c(i) * step(d, i, rest, rest, t),
          slope(d, r -> step(d, at, r, rest, t), rest, i),
          slope(d, r -> step(d, at, rest, r, t), rest, i)
        };
        for (int k = 0; k < 3; k++) {
          sums[k] += terms[k];
          magnitudes[k] += Math.abs(terms[k]);
        }
        // Terms of the mean before and of its correction, of which only the difference counts.
        magnitudes[1] += Math.abs(ALPHA * d.c(i) * step(d, i, rest, rest, t)) * t;
        magnitudes[2] += Math.abs(ALPHA * d.c(i) * step(d, i, rest, rest, t)) * t;
      }
      for (int k = 0; k < 3; k++) {
        String what = "hypergradient " + k + " of 1 - " + rest + " at " + t;
        Close.assertWithin(sums[k], out[k], 3e-6 * magnitudes[k] + 1e-30, () -> what);
      }
    }
  }

  @Test
  void adamWithoutAnyGradientYetHasFiniteHypergradients() {
    float[] zero = new float[20];
    float[] out = new float[3];
    run(
        UpdateOp.ADAM_HYPER,
        new double[] {ALPHA, BETA1, BETA2, EPS, 1},
        out,
        new Floats(Randoms.normal(20, 1), 0, 20),
        new Floats(zero, 0, 20),
        new Floats(zero, 0, 20),
        new Floats(zero, 0, 20));
    for (float h : out) {
      assertEquals(0f, h, 0f);
    }
  }

  @Test
  void overlappingOutputsAreRefused() {
    float[] x = new float[20];
    float[] y = new float[20];
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                run(
                    UpdateOp.SGD,
                    new double[] {ALPHA},
                    NONE,
                    new Floats(x, 0, 10),
                    new Floats(y, 0, 10),
                    new Floats(x, 9, 10)));
    assertTrue(
        e.getMessage().contains("pOut, 10 elements at 9, overlaps p, 10 at 0"), e.getMessage());
    run(
        UpdateOp.SGD,
        new double[] {ALPHA},
        NONE,
        new Floats(x, 0, 10),
        new Floats(y, 0, 10),
        new Floats(x, 10, 10));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            run(
                UpdateOp.SGD_MOMENTUM,
                new double[] {ALPHA, MU},
                NONE,
                new Floats(x, 0, 10),
                new Floats(x, 0, 10),
                new Floats(x, 0, 10),
                new Floats(y, 0, 10),
                new Floats(y, 5, 10)));
  }
}
