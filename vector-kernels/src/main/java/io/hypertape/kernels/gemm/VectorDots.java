package io.hypertape.kernels.gemm;

import io.hypertape.kernels.lanes.Matrix;
import java.util.Arrays;

/**
 * Matrix products with 8 or 10 columns, such as those of ten classes, as inner products of a's
 * contiguous rows with b's columns. Those are packed: for eight rows of b at a time, vectors of as
 * much of a column in the left half and of one in the right half.
 */
final class VectorDots {

  /** Rows of a block. */
  private static final int ROWS = MicroKernels.MANY ? 4 : 6;

  private static final int HALF = ProductOrder.LANES;
  private static final int L = 2 * HALF;

  /** Longest chunk of k: all of b's columns stay in the first-level cache. */
  private static final int KC = ProductOrder.CHUNK;

  private VectorDots() {}

  /** Floats for b's columns. */
  static int columns(int n, int k) {
    return n * whole(Math.min(k, KC));
  }

  /** Floats for rows of a that have to be copied. */
  static int rows(int k) {
    return ROWS * apart(whole(Math.min(k, KC)));
  }

  private static int whole(int k) {
    return (k + HALF - 1) / HALF * HALF;
  }

  /** An odd number of vectors apart, rows fall into different sets of the cache. */
  private static int apart(int kc) {
    return (kc / L | 1) * L + L;
  }

  /**
   * c (+)= a·b.
   *
   * @param rows space of {@link #rows}
   * @param columns space of {@link #columns}
   */
  static void run(Matrix a, Matrix b, Matrix c, boolean addFirst, float[] rows, float[] columns) {
    int m = c.rows();
    int n = c.cols();
    int k = a.cols();
    int aRow = a.rowStride();
    int bRow = b.rowStride();
    int cRow = c.rowStride();
    float[] out = c.array();
    for (int p = 0; p < k; p += KC) {
      int kc = Math.min(KC, k - p);
      int whole = whole(kc);
      boolean add = addFirst || p > 0;
      if (kc < whole) {
        Arrays.fill(columns, (whole - HALF) * n, whole * n, 0);
      }
      for (int j = 0; j < n; j++) {
        int to = j % (n / 2) * L + j / (n / 2) * HALF;
        int from = b.offset() + p * bRow + j * b.colStride();
        pack(kc, b.array(), from, bRow, columns, to, n * HALF);
      }
      boolean inPlace = kc == whole && aRow % 512 != 0;
      float[] left = inPlace ? a.array() : rows;
      int step = inPlace ? aRow : apart(whole);
      for (int i = 0; i < m; i += ROWS) {
        int some = Math.min(ROWS, m - i);
        int from = a.offset() + i * aRow + p;
        for (int row = 0; row < some && !inPlace; row++) {
          int to = row * step;
          System.arraycopy(a.array(), from + row * aRow, rows, to, kc);
          Arrays.fill(rows, to + kc, to + whole, 0);
        }
        int first = inPlace ? from : 0;
        int at = c.offset() + i * cRow;
        if (MicroKernels.MANY) {
          DotBlocks.block(n, some, whole, left, first, step, columns, out, at, cRow, add);
        } else {
          NarrowDotBlocks.block(n, some, whole, left, first, step, columns, out, at, cRow, add);
        }
      }
    }
  }

  /** A column, eight elements at a time. */
  private static void pack(
      int kc, float[] b, int at, int bRow, float[] columns, int to, int stride) {
    int eights = kc / HALF;
    for (int q = 0; q < eights; q++) {
      int from = at + q * HALF * bRow;
      int here = to + q * stride;
      columns[here] = b[from];
      columns[here + 1] = b[from + bRow];
      columns[here + 2] = b[from + 2 * bRow];
      columns[here + 3] = b[from + 3 * bRow];
      columns[here + 4] = b[from + 4 * bRow];
      columns[here + 5] = b[from + 5 * bRow];
      columns[here + 6] = b[from + 6 * bRow];
      columns[here + 7] = b[from + 7 * bRow];
    }
    for (int p = eights * HALF; p < kc; p++) {
      columns[to + eights * stride + p % HALF] = b[at + p * bRow];
    }
  }
}
