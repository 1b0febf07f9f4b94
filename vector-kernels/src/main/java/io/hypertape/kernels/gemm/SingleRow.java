package io.hypertape.kernels.gemm;

import io.hypertape.kernels.lanes.LeafLoop;
import io.hypertape.kernels.lanes.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A block of one row of c, eight vectors wide: the product of a vector and a matrix whose rows lie
 * where they are. It has as many sums as a multiply-add takes to be ready, twice, and goes through
 * b once, where blocks two vectors wide go through it four times and compute one row in vain.
 */
@LeafLoop
final class SingleRow {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();

  /** Columns of the block. */
  static final int COLUMNS = 8 * L;

  private SingleRow() {}

  /**
   * c (+)= a·b: element p of a is at {@code aOff + p}, row p of b at {@code bOff + p · bStep}, in
   * the order of sums that all blocks have.
   */
  static void block(
      int kc,
      float[] a,
      int aOff,
      float[] b,
      int bOff,
      int bStep,
      float[] c,
      int cOff,
      boolean add) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector s4 = s0;
    FloatVector s5 = s0;
    FloatVector s6 = s0;
    FloatVector s7 = s0;
    for (int p = 0; p < kc; p++) {
      int at = bOff + p * bStep;
      FloatVector x = FloatVector.broadcast(S, a[aOff + p]);
      s0 = x.fma(FloatVector.fromArray(S, b, at), s0);
      s1 = x.fma(FloatVector.fromArray(S, b, at + L), s1);
      s2 = x.fma(FloatVector.fromArray(S, b, at + 2 * L), s2);
      s3 = x.fma(FloatVector.fromArray(S, b, at + 3 * L), s3);
      s4 = x.fma(FloatVector.fromArray(S, b, at + 4 * L), s4);
      s5 = x.fma(FloatVector.fromArray(S, b, at + 5 * L), s5);
      s6 = x.fma(FloatVector.fromArray(S, b, at + 6 * L), s6);
      s7 = x.fma(FloatVector.fromArray(S, b, at + 7 * L), s7);
    }
    if (add) {
      s0 = s0.add(FloatVector.fromArray(S, c, cOff));
      s1 = s1.add(FloatVector.fromArray(S, c, cOff + L));
      s2 = s2.add(FloatVector.fromArray(S, c, cOff + 2 * L));
      s3 = s3.add(FloatVector.fromArray(S, c, cOff + 3 * L));
      s4 = s4.add(FloatVector.fromArray(S, c, cOff + 4 * L));
      s5 = s5.add(FloatVector.fromArray(S, c, cOff + 5 * L));
      s6 = s6.add(FloatVector.fromArray(S, c, cOff + 6 * L));
      s7 = s7.add(FloatVector.fromArray(S, c, cOff + 7 * L));
    }
    s0.intoArray(c, cOff);
    s1.intoArray(c, cOff + L);
    s2.intoArray(c, cOff + 2 * L);
    s3.intoArray(c, cOff + 3 * L);
    s4.intoArray(c, cOff + 4 * L);
    s5.intoArray(c, cOff + 5 * L);
    s6.intoArray(c, cOff + 6 * L);
    s7.intoArray(c, cOff + 7 * L);
  }
}
