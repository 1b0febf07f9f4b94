package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.DenseActivation;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.ReduceOp;
import io.hypertape.kernels.lanes.Strided;
import io.hypertape.kernels.lanes.UnaryOp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A dense layer in one call and its derivative: the bits of the calls that they stand for. */
class DenseLayerTest {
  private static final int[][] SHAPES = {
    {1, 1, 1},
    {3, 10, 7},
    {64, 10, 33},
    {256, 10, 128},
    {37, 43, 41},
    {129, 65, 257},
    {40, 600, 30},
    {30, 33, 1100},
    {256, 128, 784},
    {5, 17, 0},
    {0, 3, 3},
    {3, 0, 3}
  };

  private static void unary(Kernels kernels, DenseActivation activation, int n, float[] x) {
    if (activation != DenseActivation.NONE) {
      UnaryOp op = UnaryOp.valueOf(activation.name());
      Strided all = Strided.dense(x, 0, new int[] {n});
      kernels.elementwise().unary(op, all, all).run();
    }
  }

  private static Kernels open(KernelMode mode, int threads) {
    Kernels kernels = Kernels.open(mode, threads);
    assertEquals(mode == KernelMode.VECTOR, kernels.selection().vectorized());
    return kernels;
  }

  @ParameterizedTest
  @EnumSource
  void forwardHasTheBitsOfItsParts(DenseActivation activation) {
    for (KernelMode mode : KernelMode.values()) {
      for (int threads = 1; threads <= 2; threads++) {
        try (Kernels kernels = open(mode, threads)) {
          for (int[] shape : SHAPES) {
            for (int transposes = 0; transposes < 4; transposes++) {
              forward(kernels, activation, shape, (transposes & 1) == 1, transposes > 1);
            }
          }
        }
      }
    }
  }

  private static void forward(
      Kernels kernels, DenseActivation activation, int[] shape, boolean ta, boolean tb) {
    int m = shape[0];
    int n = shape[1];
    int k = shape[2];
    float[] a = Randoms.normal(m * k + 1, 1);
    float[] b = Randoms.normal(n * k + 2, 2);
    float[] bias = Randoms.normal(n + 3, 3);
    int aRow = ta ? 1 : k;
    int aCol = ta ? m : 1;
    int bRow = tb ? 1 : n;
    int bCol = tb ? k : 1;
    float[] expected = new float[m * n];
    kernels
        .products()
        .gemm(
            new Matrix(a, 1, m, k, aRow, aCol),
            new Matrix(b, 2, k, n, bRow, bCol),
            0,
            new Matrix(expected, 0, m, n, n, 1))
        .run();
    Strided whole = Strided.dense(expected, 0, new int[] {m, n});
    Strided repeated = new Strided(bias, 3, new int[] {m, n}, new int[] {0, 1});
    kernels.elementwise().binary(BinaryOp.ADD, whole, repeated, whole).run();
    unary(kernels, activation, m * n, expected);
    int cRow = n + 2;
    float[] c = new float[m * cRow + 1];
    java.util.Arrays.fill(c, Float.NaN);
    kernels
        .products()
        .dense(
            activation,
            new Matrix(a, 1, m, k, aRow, aCol),
            new Matrix(b, 2, k, n, bRow, bCol),
            new Floats(bias, 3, n),
            new Matrix(c, 1, m, n, cRow, 1))
        .run();
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < cRow; j++) {
        float wanted = j < n ? expected[i * n + j] : Float.NaN;
        assertEquals(
            Float.floatToIntBits(wanted),
            Float.floatToIntBits(c[1 + i * cRow + j]),
            () -> activation + " " + m + "x" + n + "x" + k);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void backwardHasTheBitsOfItsParts(DenseActivation activation) {
    for (KernelMode mode : KernelMode.values()) {
      try (Kernels kernels = open(mode, 2)) {
        for (int[] shape : new int[][] {{1, 1}, {7, 10}, {256, 128}, {33, 47}, {0, 4}, {4, 0}}) {
          backward(kernels, activation, shape[0], shape[1]);
        }
      }
    }
  }

  private static void backward(Kernels kernels, DenseActivation activation, int rows, int cols) {
    int n = rows * cols;
    float[] g = Randoms.normal(n + 1, 1);
    float[] y = Randoms.normal(n + 2, 2);
    float[] expected = new float[n];
    Strided all = Strided.dense(expected, 0, new int[] {rows, cols});
    if (activation == DenseActivation.NONE) {
      System.arraycopy(g, 1, expected, 0, n);
    } else {
      BinaryOp op = BinaryOp.valueOf(activation + "_GRAD");
      Strided cotangents = Strided.dense(g, 1, new int[] {rows, cols});
      kernels
          .elementwise()
          .binary(op, cotangents, Strided.dense(y, 2, new int[] {rows, cols}), all)
          .run();
    }
    float[] sums = new float[cols];
    kernels
        .elementwise()
        .reduce(ReduceOp.SUM, all, Strided.dense(sums, 0, new int[] {1, cols}))
        .run();
    float[] out = new float[n];
    float[] bias = Randoms.normal(cols + 1, 3);
    float before = bias[0];
    kernels
        .products()
        .denseGrad(
            activation,
            new Matrix(g, 1, rows, cols, cols, 1),
            new Matrix(y, 2, rows, cols, cols, 1),
            new Matrix(out, 0, rows, cols, cols, 1),
            new Floats(bias, 1, cols))
        .run();
    assertArrayEquals(expected, out);
    assertArrayEquals(sums, java.util.Arrays.copyOfRange(bias, 1, cols + 1));
    assertEquals(before, bias[0]);
    kernels
        .products()
        .denseGrad(
            activation,
            new Matrix(g, 1, rows, cols, cols, 1),
            new Matrix(y, 2, rows, cols, cols, 1),
            new Matrix(g, 1, rows, cols, cols, 1),
            new Floats(bias, 1, cols))
        .run();
    assertArrayEquals(expected, java.util.Arrays.copyOfRange(g, 1, n + 1), "in place");
  }

  @Test
  void refusalsNameTheOperand() {
    try (Kernels kernels = Kernels.open(KernelMode.SCALAR, 1)) {
      float[] four = new float[4];
      Exception bias =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  kernels
                      .products()
                      .dense(
                          DenseActivation.TANH,
                          new Matrix(four, 0, 2, 2, 2, 1),
                          new Matrix(four, 0, 2, 2, 2, 1),
                          new Floats(four, 0, 3),
                          new Matrix(four, 0, 2, 2, 2, 1)));
      assertTrue(bias.getMessage().startsWith("bias has 3 elements; 2 fit"), bias::getMessage);
      Exception y =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  kernels
                      .products()
                      .denseGrad(
                          DenseActivation.TANH,
                          new Matrix(four, 0, 2, 2, 2, 1),
                          new Matrix(four, 1, 2, 1, 2, 1),
                          new Matrix(four, 0, 2, 2, 2, 1),
                          new Floats(four, 0, 2)));
      assertTrue(y.getMessage().startsWith("y is 2 x 1; 2 x 2 fits"), y::getMessage);
    }
  }
}
