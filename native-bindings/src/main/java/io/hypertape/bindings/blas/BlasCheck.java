package io.hypertape.bindings.blas;

import io.hypertape.bindings.UnfitLibraryException;
import java.util.Arrays;
import java.util.Random;

/**
 * Tries a library before it is used: products of random numbers, of all ways in which factors may
 * lie, with gaps between rows, added to what is there or written over NaN, against sums in double
 * precision. What lies around the result must stay as it is.
 */
final class BlasCheck {

  /** Sizes that are multiples of no vector, larger than most blocks that a library computes. */
  private static final int M = 37;

  private static final int N = 51;
  private static final int K = 67;

  /** Rounding of sums of so many products below 1/4 is a hundredth of that. */
  private static final double TOLERANCE = 1e-4;

  private static final int GAP = 3;
  private static final int OFFSET = 5;
  private static final float AROUND = 1234.5f;
  private static final float BETA = 0.5f;

  private final BlasLibrary library;
  private final float[] a = random(M * K, 1);
  private final float[] b = random(K * N, 2);
  private final float[] before = random(M * N, 3);
  private final double[] sums = new double[M * N];

  private BlasCheck(BlasLibrary library) {
    this.library = library;
    for (int i = 0; i < M; i++) {
      for (int p = 0; p < K; p++) {
        for (int j = 0; j < N; j++) {
          sums[i * N + j] += (double) a[i * K + p] * b[p * N + j];
        }
      }
    }
  }

  /**
   * Tries a library.
   *
   * @throws UnfitLibraryException if a product is wrong, or fails
   */
  static void check(BlasLibrary library) throws UnfitLibraryException {
    BlasCheck check = new BlasCheck(library);
    for (int way = 0; way < 4; way++) {
      BlasMatrix a = laid(check.a, M, K, (way & 1) != 0);
      BlasMatrix b = laid(check.b, K, N, (way & 2) != 0);
      check.product(a, b, 0);
      check.product(a, b, BETA);
    }
  }

  private static float[] random(int n, long seed) {
    Random random = new Random(seed);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = random.nextFloat() - 0.5f;
    }
    return x;
  }

  /** The same matrix by rows or by columns, with gaps. */
  private static BlasMatrix laid(float[] values, int rows, int cols, boolean byColumns) {
    int rowStride = byColumns ? 1 : cols + GAP;
    int colStride = byColumns ? rows + GAP : 1;
    float[] array = new float[OFFSET + (rows + GAP) * (cols + GAP)];
    Arrays.fill(array, Float.NaN);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) {
        array[OFFSET + i * rowStride + j * colStride] = values[i * cols + j];
      }
    }
    return new BlasMatrix(array, OFFSET, rows, cols, rowStride, colStride);
  }

  private void product(BlasMatrix a, BlasMatrix b, float beta) throws UnfitLibraryException {
    int row = N + GAP;
    float[] c = new float[OFFSET + M * row];
    Arrays.fill(c, AROUND);
    for (int i = 0; i < M; i++) {
      for (int j = 0; j < N; j++) {
        c[OFFSET + i * row + j] = beta == 0 ? Float.NaN : before[i * N + j];
      }
    }
    Runnable product = library.product(a, b, beta, new BlasMatrix(c, OFFSET, M, N, row, 1));
    try {
      product.run();
    } catch (IllegalStateException e) {
      throw new UnfitLibraryException("a product fails: " + e.getMessage());
    }
    for (int at = 0; at < c.length; at++) {
      int i = Math.floorDiv(at - OFFSET, row);
      int j = Math.floorMod(at - OFFSET, row);
      boolean inside = i >= 0 && j < N;
      double right = inside ? sums[i * N + j] + beta * before[i * N + j] : AROUND;
      if (!(Math.abs(c[at] - right) <= TOLERANCE)) {
        throw new UnfitLibraryException(
            product
                + " is wrong: "
                + (inside ? "element (" + i + ", " + j + ")" : "a number beside the result")
                + " is "
                + c[at]
                + " instead of "
                + (float) right);
      }
    }
  }
}
