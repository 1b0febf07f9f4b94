package io.hypertape.kernels.gemm;

import io.hypertape.kernels.lanes.Matrix;

/**
 * In which order the sums of a product with k up to {@link LongProduct#SPAN} are made, see {@link
 * Products}: it depends on the shape and on how a lies, not on the machine.
 */
enum ProductOrder {
  /** Chunks of k, each added to c. */
  CHUNKS,
  /** Chunks of k, added to each other, and their sum to c. */
  APART,
  /** Eight sums in every chunk. */
  DOTS;

  /** Longest chunk of k. */
  static final int CHUNK = 512;

  /** Sums of an inner product. */
  static final int LANES = 8;

  /** Columns of c that are few. */
  static final int FEW = 16;

  /** Rows of c that are many. */
  private static final int MANY = 64;

  static ProductOrder of(Matrix a, int n) {
    boolean columns = a.rowStride() == 1;
    boolean rows = a.colStride() == 1;
    if (n > FEW || a.rows() < MANY || !(columns || rows)) {
      return CHUNKS;
    }
    return columns || a.cols() < LANES || (n != 8 && n != 10) ? APART : DOTS;
  }

  /** Chunks are of equal length, the last one aside; {@link #DOTS} has them as long as may be. */
  static int longest(int k) {
    int chunks = Math.max(1, (k + CHUNK - 1) / CHUNK);
    return (k + chunks - 1) / chunks;
  }

  /** What c begins with where sums are added to it. */
  static void scale(float beta, Matrix c) {
    if (beta == 1) {
      return;
    }
    float[] x = c.array();
    for (int i = 0; i < c.rows(); i++) {
      int at = c.row(i);
      for (int j = 0; j < c.cols(); j++) {
        x[at + j] = beta == 0 ? 0 : beta * x[at + j];
      }
    }
  }
}
