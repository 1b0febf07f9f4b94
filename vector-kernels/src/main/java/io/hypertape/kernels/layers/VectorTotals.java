package io.hypertape.kernels.layers;

import io.hypertape.kernels.lanes.VectorRows;
import io.hypertape.kernels.lanes.VectorWidth;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Sums of blocks in double precision, on vectors. */
final class VectorTotals {

  private static final VectorSpecies<Double> D =
      VectorSpecies.of(double.class, VectorRows.S.vectorShape());

  /** As many floats. */
  private static final VectorSpecies<Float> F =
      VectorSpecies.of(float.class, VectorShape.forBitSize(VectorWidth.BITS / 2));

  private static final int L = D.length();

  private VectorTotals() {}

  /** totals += x. */
  static void add(int n, float[] x, int xOff, double[] totals, int off) {
    int i = 0;
    for (; i <= n - L; i += L) {
      DoubleVector.fromArray(D, totals, off + i)
          .add(FloatVector.fromArray(F, x, xOff + i).convertShape(VectorOperators.F2D, D, 0))
          .intoArray(totals, off + i);
    }
    for (; i < n; i++) {
      totals[off + i] += x[xOff + i];
    }
  }
}
