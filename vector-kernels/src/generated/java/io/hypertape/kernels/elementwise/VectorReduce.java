// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.elementwise;

import io.hypertape.kernels.lanes.ReduceOp;
import io.hypertape.kernels.lanes.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
/**
 * Reductions of one row, and the product of two. A sum has 64 lanes, lane l of which takes numbers
 * l, l + 64 and so on; what is left behind the last 64 numbers goes to the first 16 lanes, 16 by 16.
 * In the end lanes 16, then 32 and 16, then 8, 4, 2 and 1 apart are added: the same bits on every
 * processor, and by {@link ScalarReduce}.
 */
public final class VectorReduce {

  /** Longer sums are sums of blocks, added in double: rounding errors stay those of a block. */
  private static final int BLOCK = 1 << 12;

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();

  private VectorReduce() {}

  public static float row(ReduceOp op, int n, float[] x, int xOff) {
    return switch (op) {
      case SUM -> sum(n, x, xOff);
      case MAX -> max(n, x, xOff);
      case MIN -> min(n, x, xOff);
    };
  }

  public static float sum(int n, float[] x, int xOff) {
    if (n <= BLOCK) {
      return add(n, x, xOff);
    }
    double total = 0;
    for (int i = 0; i < n; i += BLOCK) {
      total += add(Math.min(BLOCK, n - i), x, xOff + i);
    }
    return (float) total;
  }

  public static float dot(int n, float[] x, int xOff, float[] y, int yOff) {
    if (n <= BLOCK) {
      return products(n, x, xOff, y, yOff);
    }
    double total = 0;
    for (int i = 0; i < n; i += BLOCK) {
      total += products(Math.min(BLOCK, n - i), x, xOff + i, y, yOff + i);
    }
    return (float) total;
  }

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(S, x, at);
  }

  private static float add(int n, float[] x, int xOff) {
    FloatVector even = FloatVector.broadcast(S, -0f);
    FloatVector odd = even;
    for (int lane = 0; lane < 16; lane += L) {
      FloatVector s0 = FloatVector.broadcast(S, 0);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      int i = lane;
      for (; i <= n - 64 + lane; i += 64) {
        s0 = s0.add(load(x, xOff + i));
        s1 = s1.add(load(x, xOff + i + 16));
        s2 = s2.add(load(x, xOff + i + 32));
        s3 = s3.add(load(x, xOff + i + 48));
      }
      for (; i <= n - L; i += 16) {
        s0 = s0.add(load(x, xOff + i));
      }
      if (i < n) {
        VectorMask<Float> rest = S.indexInRange(i, n);
        s0 = s0.lanewise(VectorOperators.ADD, FloatVector.fromArray(S, x, xOff + i, rest), rest);
      }
      FloatVector all = s0.add(s1).add(s2.add(s3));
      if (L == 16) {
        return VectorRows.sum(all);
      }
      FloatVector next = even.add(all);
      even = odd;
      odd = next;
    }
    return VectorRows.sum(even.add(odd));
  }

  private static float max(int n, float[] x, int xOff) {
    FloatVector even = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
    FloatVector odd = even;
    for (int lane = 0; lane < 16; lane += L) {
      FloatVector s0 = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      int i = lane;
      for (; i <= n - 64 + lane; i += 64) {
        s0 = s0.max(load(x, xOff + i));
        s1 = s1.max(load(x, xOff + i + 16));
        s2 = s2.max(load(x, xOff + i + 32));
        s3 = s3.max(load(x, xOff + i + 48));
      }
      for (; i <= n - L; i += 16) {
        s0 = s0.max(load(x, xOff + i));
      }
      if (i < n) {
        VectorMask<Float> rest = S.indexInRange(i, n);
        s0 = s0.lanewise(VectorOperators.MAX, FloatVector.fromArray(S, x, xOff + i, rest), rest);
      }
      FloatVector all = s0.max(s1).max(s2.max(s3));
      if (L == 16) {
        return all.reduceLanes(VectorOperators.MAX);
      }
      FloatVector next = even.max(all);
      even = odd;
      odd = next;
    }
    return even.max(odd).reduceLanes(VectorOperators.MAX);
  }

  private static float min(int n, float[] x, int xOff) {
    FloatVector even = FloatVector.broadcast(S, Float.POSITIVE_INFINITY);
    FloatVector odd = even;
    for (int lane = 0; lane < 16; lane += L) {
      FloatVector s0 = FloatVector.broadcast(S, Float.POSITIVE_INFINITY);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      int i = lane;
      for (; i <= n - 64 + lane; i += 64) {
        s0 = s0.min(load(x, xOff + i));
        s1 = s1.min(load(x, xOff + i + 16));
        s2 = s2.min(load(x, xOff + i + 32));
        s3 = s3.min(load(x, xOff + i + 48));
      }
      for (; i <= n - L; i += 16) {
        s0 = s0.min(load(x, xOff + i));
      }
      if (i < n) {
        VectorMask<Float> rest = S.indexInRange(i, n);
        s0 = s0.lanewise(VectorOperators.MIN, FloatVector.fromArray(S, x, xOff + i, rest), rest);
      }
      FloatVector all = s0.min(s1).min(s2.min(s3));
      if (L == 16) {
        return all.reduceLanes(VectorOperators.MIN);
      }
      FloatVector next = even.min(all);
      even = odd;
      odd = next;
    }
    return even.min(odd).reduceLanes(VectorOperators.MIN);
  }

  private static float products(int n, float[] x, int xOff, float[] y, int yOff) {
    FloatVector even = FloatVector.broadcast(S, -0f);
    FloatVector odd = even;
    for (int lane = 0; lane < 16; lane += L) {
      FloatVector s0 = FloatVector.broadcast(S, 0);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      int i = lane;
      for (; i <= n - 64 + lane; i += 64) {
        s0 = load(x, xOff + i).fma(load(y, yOff + i), s0);
        s1 = load(x, xOff + i + 16).fma(load(y, yOff + i + 16), s1);
        s2 = load(x, xOff + i + 32).fma(load(y, yOff + i + 32), s2);
        s3 = load(x, xOff + i + 48).fma(load(y, yOff + i + 48), s3);
      }
      for (; i <= n - L; i += 16) {
        s0 = load(x, xOff + i).fma(load(y, yOff + i), s0);
      }
      if (i < n) {
        VectorMask<Float> rest = S.indexInRange(i, n);
        FloatVector vx = FloatVector.fromArray(S, x, xOff + i, rest);
        s0 = vx.fma(FloatVector.fromArray(S, y, yOff + i, rest), s0);
      }
      FloatVector all = s0.add(s1).add(s2.add(s3));
      if (L == 16) {
        return VectorRows.sum(all);
      }
      FloatVector next = even.add(all);
      even = odd;
      odd = next;
    }
    return VectorRows.sum(even.add(odd)) + (n % 16 == 0 ? -0f : 0f);
  }
}
