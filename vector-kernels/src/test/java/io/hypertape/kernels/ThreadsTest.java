package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.Strided;
import io.hypertape.kernels.lanes.UnaryOp;
import io.hypertape.kernels.updates.UpdateOp;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sizes above every threshold, on one, two and three threads: the same bits. */
class ThreadsTest {
  private static void assertSame(KernelMode mode, Function<Kernels, float[]> run) {
    float[] expected;
    try (Kernels one = Kernels.open(mode, 1)) {
      expected = run.apply(one);
    }
    for (int threads = 2; threads <= 3; threads++) {
      try (Kernels many = Kernels.open(mode, threads)) {
        assertEquals(mode == KernelMode.VECTOR ? threads : 1, many.selection().threads());
        assertArrayEquals(expected, run.apply(many));
        assertArrayEquals(expected, run.apply(many));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void gemm(KernelMode mode) {
    int[][] shapes = {{256, 128, 784}, {131, 977, 600}, {10, 2000, 300}, {2000, 10, 300}};
    for (int[] s : shapes) {
      int m = s[0];
      int n = s[1];
      int k = s[2];
      float[] a = Randoms.normal(m * k, 1);
      float[] b = Randoms.normal(k * n, 2);
      for (int transposes = 0; transposes < 4; transposes++) {
        boolean ta = (transposes & 1) == 1;
        boolean tb = transposes > 1;
        assertSame(
            mode,
            kernels -> {
              float[] c = Randoms.normal(m * n, 3);
              kernels
                  .products()
                  .gemm(
                      new Matrix(a, 0, m, k, ta ? 1 : k, ta ? m : 1),
                      new Matrix(b, 0, k, n, tb ? 1 : n, tb ? k : 1),
                      0.5f,
                      new Matrix(c, 0, m, n, n, 1))
                  .run();
              return c;
            });
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void elementwise(KernelMode mode) {
    int n = 200_003;
    float[] x = Randoms.normal(n, 1);
    assertSame(
        mode,
        kernels -> {
          float[] out = new float[n];
          Strided all = Strided.dense(out, 0, new int[] {n});
          kernels.elementwise().unary(UnaryOp.TANH, Strided.dense(x, 0, new int[] {n}), all).run();
          return out;
        });
    assertSame(
        mode,
        kernels -> {
          float[] out = new float[n];
          Strided a = Strided.dense(x, 0, new int[] {449, 443});
          Strided b = new Strided(x, 0, new int[] {449, 443}, new int[] {1, 449});
          Strided all = Strided.dense(out, 0, new int[] {449, 443});
          kernels.elementwise().binary(BinaryOp.MUL, a, b, all).run();
          return out;
        });
  }

  @ParameterizedTest
  @EnumSource
  void rowsUpdatesAndRandomNumbers(KernelMode mode) {
    int n = 200_003;
    float[] x = Randoms.normal(n, 1);
    float[] y = Randoms.positive(n, 2);
    assertSame(
        mode,
        kernels -> {
          float[] out = new float[3 * n];
          kernels
              .updates()
              .of(
                  UpdateOp.ADAM,
                  new double[] {0.1f, 0.9f, 0.99f, 1e-8f, 3},
                  new float[0],
                  new Floats(x, 0, n),
                  new Floats(y, 0, n),
                  new Floats(x, 0, n),
                  new Floats(y, 0, n),
                  new Floats(out, 0, n),
                  new Floats(out, n, n),
                  new Floats(out, 2 * n, n))
              .run();
          return out;
        });
    assertSame(
        mode,
        kernels -> {
          float[] mean = new float[n + 3];
          float[] sums = new float[3];
          kernels
              .updates()
              .of(
                  UpdateOp.TRACE,
                  new double[] {0.3f},
                  sums,
                  new Floats(x, 0, n),
                  new Floats(y, 0, n),
                  new Floats(x, 0, n),
                  new Floats(mean, 0, n))
              .run();
          System.arraycopy(sums, 0, mean, n, 3);
          return mean;
        });
    assertSame(
        mode,
        kernels -> {
          float[] out = new float[n];
          Matrix rows = Matrix.dense(out, 0, n / 13, 13);
          kernels.elementwise().logSoftmax(Matrix.dense(x, 0, n / 13, 13), rows).run();
          Matrix g = Matrix.dense(y, 0, n / 13, 13);
          kernels.elementwise().logSoftmaxGrad(rows, g, rows).run();
          return out;
        });
    assertSame(
        mode,
        kernels -> {
          float[] out = new float[2 * n];
          kernels.elementwise().uniform(1, 2, 3, new Floats(out, 0, n)).run();
          kernels.elementwise().normal(1, 2, 3, new Floats(out, n, n)).run();
          return out;
        });
  }

  @org.junit.jupiter.api.Test
  void vectorAndScalarAgreeToTheBitInUpdatesAndRandomNumbers() {
    int n = 5003;
    float[] x = Randoms.normal(n, 1);
    float[] y = Randoms.positive(n, 2);
    Function<Kernels, float[]> run =
        kernels -> {
          float[] out = new float[8 * n];
          kernels
              .updates()
              .of(
                  UpdateOp.ADAM,
                  new double[] {0.1f, 0.9f, 0.99f, 1e-8f, 3},
                  new float[0],
                  new Floats(x, 0, n),
                  new Floats(y, 0, n),
                  new Floats(x, 0, n),
                  new Floats(y, 0, n),
                  new Floats(out, 0, n),
                  new Floats(out, n, n),
                  new Floats(out, 2 * n, n))
              .run();
          kernels
              .updates()
              .of(
                  UpdateOp.RMSPROP,
                  new double[] {0.1f, 0.9f, 1e-8f},
                  new float[0],
                  new Floats(x, 0, n),
                  new Floats(y, 0, n),
                  new Floats(y, 0, n),
                  new Floats(out, 3 * n, n),
                  new Floats(out, 4 * n, n))
              .run();
          kernels
              .updates()
              .of(
                  UpdateOp.SGD_MOMENTUM,
                  new double[] {0.1f, 0.9f},
                  new float[0],
                  new Floats(x, 0, n),
                  new Floats(y, 0, n),
                  new Floats(y, 0, n),
                  new Floats(out, 5 * n, n),
                  new Floats(out, 6 * n, n))
              .run();
          kernels.elementwise().uniform(1, 2, 3, new Floats(out, 7 * n, n)).run();
          return out;
        };
    try (Kernels scalar = Kernels.open(KernelMode.SCALAR, 1);
        Kernels vector = Kernels.open(KernelMode.VECTOR, 1)) {
      assertArrayEquals(run.apply(scalar), run.apply(vector));
    }
  }
}
