package io.hypertape.kernels.gemm;

import java.util.Arrays;

/**
 * Matrix products with a long k, as sums of products of spans of it, added in double precision: in
 * single precision, the error of adding one block of k after the other would grow with k. A span is
 * the work of {@link VectorGemm}; adding it costs nothing beside.
 */
final class LongProducts {

  /** Longest k that is summed in single precision. */
  static final int SPAN = 1 << 15;

  /** Elements of the result that are computed together, if they are enough rows. */
  private static final int TOGETHER = 1 << 22;

  private static final int ENOUGH_ROWS = 128;

  private final VectorGemm gemm;
  private float[] span = {};
  private double[] totals = {};

  LongProducts(VectorGemm gemm) {
    this.gemm = gemm;
  }

  void run(
      int m,
      int n,
      int k,
      float[] a,
      int aOff,
      int aRow,
      int aCol,
      float[] b,
      int bOff,
      int bRow,
      int bCol,
      float beta,
      float[] c,
      int cOff,
      int cRow) {
    int height = Math.min(m, Math.max(ENOUGH_ROWS, TOGETHER / n));
    reserve(Math.multiplyExact(height, n));
    int spans = (k + SPAN - 1) / SPAN;
    int longest = (k + spans - 1) / spans;
    for (int i = 0; i < m; i += height) {
      int rows = Math.min(height, m - i);
      int at = cOff + i * cRow;
      begin(rows, n, beta, c, at, cRow);
      for (int p = 0; p < k; p += longest) {
        int some = Math.min(longest, k - p);
        int left = aOff + i * aRow + p * aCol;
        int right = bOff + p * bRow;
        gemm.run(
            rows, n, some, a, left, aRow, aCol, b, right, bRow, bCol, 0, span, 0, n, null, null, 0);
        for (int j = 0; j < rows * n; j++) {
          totals[j] += span[j];
        }
      }
      for (int row = 0; row < rows; row++) {
        for (int j = 0; j < n; j++) {
          c[at + row * cRow + j] = (float) totals[row * n + j];
        }
      }
    }
  }

  private void reserve(int size) {
    if (span.length < size) {
      span = new float[size];
      totals = new double[size];
    }
  }

  private void begin(int rows, int n, float beta, float[] c, int at, int cRow) {
    if (beta == 0) {
      Arrays.fill(totals, 0, rows * n, 0);
      return;
    }
    for (int row = 0; row < rows; row++) {
      for (int j = 0; j < n; j++) {
        totals[row * n + j] = (double) beta * c[at + row * cRow + j];
      }
    }
  }
}
