package io.hypertape.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Log-softmax of one row and its derivative. Rows are often shorter than a vector: masks
 * throughout.
 */
final class VectorSoftmax {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();

  private VectorSoftmax() {}

  static void logSoftmax(int cols, float[] x, int xOff, float[] out, int outOff) {
    float max = VectorReduce.row(ReduceOp.MAX, cols, x, xOff);
    FloatVector sums = FloatVector.zero(S);
    for (int i = 0; i < cols; i += L) {
      VectorMask<Float> rest = S.indexInRange(i, cols);
      FloatVector e = VectorMath.exp(FloatVector.fromArray(S, x, xOff + i, rest).sub(max));
      sums = sums.add(e, rest);
    }
    // Subtracted one after the other: max + log would round the logarithm away where max is large.
    float log = (float) Math.log(VectorRows.sum(sums));
    for (int i = 0; i < cols; i += L) {
      VectorMask<Float> rest = S.indexInRange(i, cols);
      FloatVector.fromArray(S, x, xOff + i, rest)
          .sub(max)
          .sub(log)
          .intoArray(out, outOff + i, rest);
    }
  }

  static void grad(int cols, float[] y, int yOff, float[] g, int gOff, float[] out, int outOff) {
    float sum = VectorReduce.row(ReduceOp.SUM, cols, g, gOff);
    for (int i = 0; i < cols; i += L) {
      VectorMask<Float> rest = S.indexInRange(i, cols);
      FloatVector e = VectorMath.exp(FloatVector.fromArray(S, y, yOff + i, rest));
      FloatVector.fromArray(S, g, gOff + i, rest).sub(e.mul(sum)).intoArray(out, outOff + i, rest);
    }
  }
}
