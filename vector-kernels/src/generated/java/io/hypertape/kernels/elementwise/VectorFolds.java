// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.elementwise;

import io.hypertape.kernels.lanes.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Folds of a row, and the product of two, with four accumulators. */
final class VectorFolds {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();

  private VectorFolds() {}

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(S, x, at);
  }

  static float add(int n, float[] x, int xOff) {
    FloatVector s0 = FloatVector.broadcast(S, 0);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (; i <= n - 4 * L; i += 4 * L) {
      s0 = s0.add(load(x, xOff + i));
      s1 = s1.add(load(x, xOff + i + L));
      s2 = s2.add(load(x, xOff + i + 2 * L));
      s3 = s3.add(load(x, xOff + i + 3 * L));
    }
    for (; i < n; i += L) {
      VectorMask<Float> rest = S.indexInRange(i, n);
      s0 = s0.lanewise(VectorOperators.ADD, FloatVector.fromArray(S, x, xOff + i, rest), rest);
    }
    return VectorRows.sum(s0.add(s1).add(s2.add(s3)));
  }

  static float max(int n, float[] x, int xOff) {
    FloatVector s0 = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (; i <= n - 4 * L; i += 4 * L) {
      s0 = s0.max(load(x, xOff + i));
      s1 = s1.max(load(x, xOff + i + L));
      s2 = s2.max(load(x, xOff + i + 2 * L));
      s3 = s3.max(load(x, xOff + i + 3 * L));
    }
    for (; i < n; i += L) {
      VectorMask<Float> rest = S.indexInRange(i, n);
      s0 = s0.lanewise(VectorOperators.MAX, FloatVector.fromArray(S, x, xOff + i, rest), rest);
    }
    return s0.max(s1).max(s2.max(s3)).reduceLanes(VectorOperators.MAX);
  }

  static float min(int n, float[] x, int xOff) {
    FloatVector s0 = FloatVector.broadcast(S, Float.POSITIVE_INFINITY);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (; i <= n - 4 * L; i += 4 * L) {
      s0 = s0.min(load(x, xOff + i));
      s1 = s1.min(load(x, xOff + i + L));
      s2 = s2.min(load(x, xOff + i + 2 * L));
      s3 = s3.min(load(x, xOff + i + 3 * L));
    }
    for (; i < n; i += L) {
      VectorMask<Float> rest = S.indexInRange(i, n);
      s0 = s0.lanewise(VectorOperators.MIN, FloatVector.fromArray(S, x, xOff + i, rest), rest);
    }
    return s0.min(s1).min(s2.min(s3)).reduceLanes(VectorOperators.MIN);
  }

  static float dot(int n, float[] x, int xOff, float[] y, int yOff) {
    FloatVector s0 = FloatVector.broadcast(S, 0);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (; i <= n - 4 * L; i += 4 * L) {
      s0 = load(x, xOff + i).fma(load(y, yOff + i), s0);
      s1 = load(x, xOff + i + L).fma(load(y, yOff + i + L), s1);
      s2 = load(x, xOff + i + 2 * L).fma(load(y, yOff + i + 2 * L), s2);
      s3 = load(x, xOff + i + 3 * L).fma(load(y, yOff + i + 3 * L), s3);
    }
    for (; i < n; i += L) {
      VectorMask<Float> rest = S.indexInRange(i, n);
      FloatVector vx = FloatVector.fromArray(S, x, xOff + i, rest);
      s0 = vx.fma(FloatVector.fromArray(S, y, yOff + i, rest), s0);
    }
    return VectorRows.sum(s0.add(s1).add(s2.add(s3)));
  }
}
