package io.hypertape.kernels.elementwise;

import io.hypertape.kernels.lanes.ReduceOp;

/** Reductions of one row, and the product of two. */
public final class VectorReduce {

  /** Longer sums are sums of blocks, added in double: rounding errors stay those of a block. */
  private static final int BLOCK = 1 << 12;

  private VectorReduce() {}

  public static float row(ReduceOp op, int n, float[] x, int xOff) {
    return switch (op) {
      case SUM -> sum(n, x, xOff);
      case MAX -> VectorFolds.max(n, x, xOff);
      case MIN -> VectorFolds.min(n, x, xOff);
    };
  }

  public static float sum(int n, float[] x, int xOff) {
    if (n <= BLOCK) {
      return VectorFolds.add(n, x, xOff);
    }
    double total = 0;
    for (int i = 0; i < n; i += BLOCK) {
      total += VectorFolds.add(Math.min(BLOCK, n - i), x, xOff + i);
    }
    return (float) total;
  }

  public static float dot(int n, float[] x, int xOff, float[] y, int yOff) {
    if (n <= BLOCK) {
      return VectorFolds.dot(n, x, xOff, y, yOff);
    }
    double total = 0;
    for (int i = 0; i < n; i += BLOCK) {
      total += VectorFolds.dot(Math.min(BLOCK, n - i), x, xOff + i, y, yOff + i);
    }
    return (float) total;
  }
}
