package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.lanes.Matrix;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(KernelMode.class)
class RowsTest {
  private final Kernels kernels;

  RowsTest(KernelMode mode) {
    kernels = Kernels.open(mode, 1);
    assertEquals(mode == KernelMode.VECTOR, kernels.selection().vectorized());
  }

  @AfterEach
  void close() {
    kernels.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 16, 17, 67, 200})
  void scatterAddsWhatGatherTook(int cols) {
    int n = 41;
    int rows = 13;
    float[] table = Randoms.normal(rows * cols + 1, 1);
    int[] index = new Random(2).ints(n + 1, 0, rows).toArray();
    float[] taken = new float[n * cols + 2];
    taken[0] = taken[n * cols + 1] = 7;
    Ints numbers = new Ints(index, 1, n);
    Matrix some = Matrix.dense(taken, 1, n, cols);
    kernels.layers().gatherRows(Matrix.dense(table, 1, rows, cols), numbers, some).run();
    double[] sums = new double[rows * cols];
    for (int i = 0; i < n * cols; i++) {
      int row = index[1 + i / cols];
      assertEquals(table[1 + row * cols + i % cols], taken[1 + i]);
      sums[row * cols + i % cols] += taken[1 + i];
    }
    float[] out = new float[rows * cols + 2];
    Arrays.fill(out, 7);
    kernels.layers().scatterRows(some, numbers, Matrix.dense(out, 1, rows, cols)).run();
    for (int i = 0; i < rows * cols; i++) {
      Close.assertWithin(sums[i], out[1 + i], 1e-5, () -> "cols " + cols);
    }
    assertArrayEquals(
        new float[] {7, 7, 7, 7},
        new float[] {taken[0], taken[n * cols + 1], out[0], out[rows * cols + 1]});
  }

  /** Rows of nothing may be said to lie apart, beyond the array. */
  @Test
  void rowsWithoutColumns() {
    Matrix nothing = new Matrix(new float[2], 0, 7, 0, 1, 1);
    Ints index = Ints.of(0, 6, 6, 1, 2, 3, 4);
    kernels.layers().gatherRows(nothing, index, nothing).run();
    kernels.layers().scatterRows(nothing, index, nothing).run();
    var bad = kernels.layers().gatherRows(nothing, Ints.of(0, 6, 7, 1, 2, 3, 4), nothing);
    assertThrows(IndexOutOfBoundsException.class, bad::run);
  }

  @Test
  void badIndicesAreNamedBeforeAnythingIsWritten() {
    float[] out = {7, 7, 7, 7, 7, 7};
    Matrix three = Matrix.dense(new float[6], 0, 3, 2);
    Matrix two = Matrix.dense(new float[4], 0, 2, 2);
    for (int bad : new int[] {3, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      Ints index = Ints.of(0, bad);
      var gather =
          assertThrows(
              IndexOutOfBoundsException.class,
              kernels.layers().gatherRows(three, index, Matrix.dense(out, 0, 2, 2))::run);
      assertEquals("index[1] is " + bad + ", allowed are 0 to 2", gather.getMessage());
      var scatter =
          assertThrows(
              IndexOutOfBoundsException.class,
              kernels.layers().scatterRows(two, index, Matrix.dense(out, 0, 3, 2))::run);
      assertEquals(gather.getMessage(), scatter.getMessage());
    }
    assertArrayEquals(new float[] {7, 7, 7, 7, 7, 7}, out);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 16, 17, 63, 64, 65, 200})
  void columnsAreSummed(int cols) {
    for (int rows : new int[] {0, 1, 127, 128, 129, 1000}) {
      int stride = cols + 3;
      float[] x = Randoms.normal(rows * stride + 1, 5);
      float[] out = new float[cols + 2];
      Arrays.fill(out, 7);
      Matrix apart = new Matrix(x, 1, rows, cols, stride, 1);
      kernels.layers().columnSums(apart, new Floats(out, 1, cols)).run();
      for (int j = 0; j < cols; j++) {
        double sum = 0;
        for (int i = 0; i < rows; i++) {
          sum += x[1 + i * stride + j];
        }
        Close.assertWithin(sum, out[1 + j], 1e-7 * (rows + 1), () -> rows + "x" + cols);
      }
      assertEquals(7, out[0]);
      assertEquals(7, out[cols + 1]);
    }
  }
}
