package io.hypertape.kernels.elementwise;

import io.hypertape.kernels.lanes.ReduceOp;
import io.hypertape.kernels.lanes.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Reductions of one row, and the product of two. */
public final class VectorReduce {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();

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
      return dotBlock(n, x, xOff, y, yOff);
    }
    double total = 0;
    for (int i = 0; i < n; i += BLOCK) {
      total += dotBlock(Math.min(BLOCK, n - i), x, xOff + i, y, yOff + i);
    }
    return (float) total;
  }

  private static float dotBlock(int n, float[] x, int xOff, float[] y, int yOff) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (; i <= n - 4 * L; i += 4 * L) {
      int a = xOff + i;
      int b = yOff + i;
      s0 = FloatVector.fromArray(S, x, a).fma(FloatVector.fromArray(S, y, b), s0);
      s1 = FloatVector.fromArray(S, x, a + L).fma(FloatVector.fromArray(S, y, b + L), s1);
      s2 = FloatVector.fromArray(S, x, a + 2 * L).fma(FloatVector.fromArray(S, y, b + 2 * L), s2);
      s3 = FloatVector.fromArray(S, x, a + 3 * L).fma(FloatVector.fromArray(S, y, b + 3 * L), s3);
    }
    for (; i < n; i += L) {
      VectorMask<Float> rest = S.indexInRange(i, n);
      FloatVector vx = FloatVector.fromArray(S, x, xOff + i, rest);
      s0 = vx.fma(FloatVector.fromArray(S, y, yOff + i, rest), s0);
    }
    return VectorRows.sum(s0.add(s1).add(s2.add(s3)));
  }
}
