package io.hypertape.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Sums over rows, four vectors of columns at a time. */
final class ColumnSums {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();

  /** Rows whose sum is made before it is added to the others': errors stay those of a block. */
  private static final int ROWS = 128;

  private ColumnSums() {}

  static void run(
      int rows, int from, int to, float[] x, int xOff, int xRow, float[] out, int outOff) {
    for (int j = from; j < to; j += 4 * L) {
      if (j + 4 * L <= to) {
        four(rows, x, xOff + j, xRow, out, outOff + j);
      } else {
        for (int k = j; k < to; k += L) {
          one(rows, S.indexInRange(k, to), x, xOff + k, xRow, out, outOff + k);
        }
      }
    }
  }

  private static void four(int rows, float[] x, int xOff, int xRow, float[] out, int outOff) {
    FloatVector t0 = FloatVector.zero(S);
    FloatVector t1 = t0;
    FloatVector t2 = t0;
    FloatVector t3 = t0;
    for (int block = 0; block < rows; block += ROWS) {
      FloatVector s0 = FloatVector.zero(S);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      for (int i = block; i < Math.min(rows, block + ROWS); i++) {
        int at = xOff + i * xRow;
        s0 = s0.add(FloatVector.fromArray(S, x, at));
        s1 = s1.add(FloatVector.fromArray(S, x, at + L));
        s2 = s2.add(FloatVector.fromArray(S, x, at + 2 * L));
        s3 = s3.add(FloatVector.fromArray(S, x, at + 3 * L));
      }
      t0 = t0.add(s0);
      t1 = t1.add(s1);
      t2 = t2.add(s2);
      t3 = t3.add(s3);
    }
    t0.intoArray(out, outOff);
    t1.intoArray(out, outOff + L);
    t2.intoArray(out, outOff + 2 * L);
    t3.intoArray(out, outOff + 3 * L);
  }

  private static void one(
      int rows, VectorMask<Float> lanes, float[] x, int xOff, int xRow, float[] out, int outOff) {
    FloatVector total = FloatVector.zero(S);
    for (int block = 0; block < rows; block += ROWS) {
      FloatVector sum = FloatVector.zero(S);
      for (int i = block; i < Math.min(rows, block + ROWS); i++) {
        sum = sum.add(FloatVector.fromArray(S, x, xOff + i * xRow, lanes));
      }
      total = total.add(sum);
    }
    total.intoArray(out, outOff, lanes);
  }
}
