package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.kernels.lanes.Matrix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(KernelMode.class)
class SoftmaxTest {
  private final Kernels kernels;

  SoftmaxTest(KernelMode mode) {
    kernels = Kernels.open(mode, 1);
    assertEquals(mode == KernelMode.VECTOR, kernels.selection().vectorized());
  }

  @AfterEach
  void close() {
    kernels.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 10, 15, 16, 17, 33, 1000})
  void agreesWithDoubles(int cols) {
    for (int rows : new int[] {0, 1, 3, 129, 300}) {
      int stride = cols + 2;
      float[] x = Randoms.normal(rows * stride + 1, 5);
      float[] g = Randoms.normal(rows * stride + 1, 6);
      float[] y = new float[rows * (cols + 1) + 1];
      float[] dx = new float[rows * cols];
      Matrix out = new Matrix(y, 1, rows, cols, cols + 1, 1);
      Matrix dOut = new Matrix(g, 1, rows, cols, stride, 1);
      kernels.elementwise().logSoftmax(new Matrix(x, 1, rows, cols, stride, 1), out).run();
      kernels.elementwise().logSoftmaxGrad(out, dOut, Matrix.dense(dx, 0, rows, cols)).run();
      for (int i = 0; i < rows; i++) {
        double exps = 0;
        double gs = 0;
        double magnitude = 1;
        for (int j = 0; j < cols; j++) {
          exps += Math.exp(x[1 + i * stride + j]);
          gs += g[1 + i * stride + j];
          magnitude += Math.abs(g[1 + i * stride + j]);
        }
        for (int j = 0; j < cols; j++) {
          double expected = x[1 + i * stride + j] - Math.log(exps);
          Close.assertWithin(expected, y[1 + i * (cols + 1) + j], 2e-6, () -> rows + "x" + cols);
          double grad = g[1 + i * stride + j] - Math.exp(expected) * gs;
          Close.assertWithin(
              grad, dx[i * cols + j], 1e-6 * magnitude, () -> rows + "x" + cols + " adjoint");
        }
        assertEquals(0f, y[i * (cols + 1)], "written between rows");
      }
    }
  }

  @Test
  void largeAndInfiniteLogitsAreStable() {
    float[] x = {1000, 0, -1000, Float.NEGATIVE_INFINITY};
    Matrix row = Matrix.dense(x, 0, 1, 4);
    kernels.elementwise().logSoftmax(row, row).run();
    assertEquals(0f, x[0]);
    assertEquals(-1000f, x[1]);
    assertEquals(-2000f, x[2]);
    assertEquals(Float.NEGATIVE_INFINITY, x[3]);
  }

  @Test
  void nanSpoilsItsRowOnly() {
    float[] x = {1, Float.NaN, 1, 1};
    Matrix rows = Matrix.dense(x, 0, 2, 2);
    kernels.elementwise().logSoftmax(rows, rows).run();
    assertTrue(Float.isNaN(x[0]) && Float.isNaN(x[1]));
    assertEquals(-Math.log(2), x[2], 1e-7);
  }
}
