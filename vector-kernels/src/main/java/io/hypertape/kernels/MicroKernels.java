package io.hypertape.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of the matrix product: a block of c stays in registers while k runs. With 32
 * registers of 512 bits the block is 12 rows by two vectors (24 accumulators), else 6 by two.
 *
 * <p>Unrolled by hand, the stores too: accumulators must be local variables, and a call that took
 * one and was not inlined would put it on the heap in every turn of the loop.
 */
final class MicroKernels {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();

  /** Rows of a block. */
  static final int MR = VectorRows.BITS >= 512 ? 12 : 6;

  /** Columns of a block. */
  static final int NR = 2 * L;

  private MicroKernels() {}

  /** c[MR, NR] (+)= a·b, a packed in panels of MR rows, b in panels of NR columns. */
  static void packed(
      int kc,
      float[] a,
      int aOff,
      float[] b,
      int bOff,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    if (MR == 12) {
      packed12(kc, a, aOff, b, bOff, c, cOff, cRow, add);
    } else {
      packed6(kc, a, aOff, b, bOff, c, cOff, cRow, add);
    }
  }

  /** The same with a's rows read in place, aRow apart. */
  static void direct(
      int kc,
      float[] a,
      int aOff,
      int aRow,
      float[] b,
      int bOff,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    if (MR == 12) {
      direct12(kc, a, aOff, aRow, b, bOff, c, cOff, cRow, add);
    } else {
      direct6(kc, a, aOff, aRow, b, bOff, c, cOff, cRow, add);
    }
  }

  /** 12 rows by two vectors; a's panel packed column by column. */
  private static void packed12(
      int kc,
      float[] a,
      int aOff,
      float[] b,
      int bOff,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    FloatVector s0l = FloatVector.zero(S);
    FloatVector s0r = s0l;
    FloatVector s1l = FloatVector.zero(S);
    FloatVector s1r = s1l;
    FloatVector s2l = FloatVector.zero(S);
    FloatVector s2r = s2l;
    FloatVector s3l = FloatVector.zero(S);
    FloatVector s3r = s3l;
    FloatVector s4l = FloatVector.zero(S);
    FloatVector s4r = s4l;
    FloatVector s5l = FloatVector.zero(S);
    FloatVector s5r = s5l;
    FloatVector s6l = FloatVector.zero(S);
    FloatVector s6r = s6l;
    FloatVector s7l = FloatVector.zero(S);
    FloatVector s7r = s7l;
    FloatVector s8l = FloatVector.zero(S);
    FloatVector s8r = s8l;
    FloatVector s9l = FloatVector.zero(S);
    FloatVector s9r = s9l;
    FloatVector s10l = FloatVector.zero(S);
    FloatVector s10r = s10l;
    FloatVector s11l = FloatVector.zero(S);
    FloatVector s11r = s11l;
    for (int p = 0; p < kc; p++) {
      FloatVector left = FloatVector.fromArray(S, b, bOff + p * NR);
      FloatVector right = FloatVector.fromArray(S, b, bOff + p * NR + L);
      FloatVector x;
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 0]);
      s0l = x.fma(left, s0l);
      s0r = x.fma(right, s0r);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 1]);
      s1l = x.fma(left, s1l);
      s1r = x.fma(right, s1r);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 2]);
      s2l = x.fma(left, s2l);
      s2r = x.fma(right, s2r);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 3]);
      s3l = x.fma(left, s3l);
      s3r = x.fma(right, s3r);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 4]);
      s4l = x.fma(left, s4l);
      s4r = x.fma(right, s4r);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 5]);
      s5l = x.fma(left, s5l);
      s5r = x.fma(right, s5r);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 6]);
      s6l = x.fma(left, s6l);
      s6r = x.fma(right, s6r);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 7]);
      s7l = x.fma(left, s7l);
      s7r = x.fma(right, s7r);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 8]);
      s8l = x.fma(left, s8l);
      s8r = x.fma(right, s8r);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 9]);
      s9l = x.fma(left, s9l);
      s9r = x.fma(right, s9r);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 10]);
      s10l = x.fma(left, s10l);
      s10r = x.fma(right, s10r);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 11]);
      s11l = x.fma(left, s11l);
      s11r = x.fma(right, s11r);
    }
    if (add) {
      s0l = s0l.add(FloatVector.fromArray(S, c, cOff));
      s0r = s0r.add(FloatVector.fromArray(S, c, cOff + L));
      s1l = s1l.add(FloatVector.fromArray(S, c, cOff + cRow));
      s1r = s1r.add(FloatVector.fromArray(S, c, cOff + cRow + L));
      s2l = s2l.add(FloatVector.fromArray(S, c, cOff + 2 * cRow));
      s2r = s2r.add(FloatVector.fromArray(S, c, cOff + 2 * cRow + L));
      s3l = s3l.add(FloatVector.fromArray(S, c, cOff + 3 * cRow));
      s3r = s3r.add(FloatVector.fromArray(S, c, cOff + 3 * cRow + L));
      s4l = s4l.add(FloatVector.fromArray(S, c, cOff + 4 * cRow));
      s4r = s4r.add(FloatVector.fromArray(S, c, cOff + 4 * cRow + L));
      s5l = s5l.add(FloatVector.fromArray(S, c, cOff + 5 * cRow));
      s5r = s5r.add(FloatVector.fromArray(S, c, cOff + 5 * cRow + L));
      s6l = s6l.add(FloatVector.fromArray(S, c, cOff + 6 * cRow));
      s6r = s6r.add(FloatVector.fromArray(S, c, cOff + 6 * cRow + L));
      s7l = s7l.add(FloatVector.fromArray(S, c, cOff + 7 * cRow));
      s7r = s7r.add(FloatVector.fromArray(S, c, cOff + 7 * cRow + L));
      s8l = s8l.add(FloatVector.fromArray(S, c, cOff + 8 * cRow));
      s8r = s8r.add(FloatVector.fromArray(S, c, cOff + 8 * cRow + L));
      s9l = s9l.add(FloatVector.fromArray(S, c, cOff + 9 * cRow));
      s9r = s9r.add(FloatVector.fromArray(S, c, cOff + 9 * cRow + L));
      s10l = s10l.add(FloatVector.fromArray(S, c, cOff + 10 * cRow));
      s10r = s10r.add(FloatVector.fromArray(S, c, cOff + 10 * cRow + L));
      s11l = s11l.add(FloatVector.fromArray(S, c, cOff + 11 * cRow));
      s11r = s11r.add(FloatVector.fromArray(S, c, cOff + 11 * cRow + L));
    }
    s0l.intoArray(c, cOff);
    s0r.intoArray(c, cOff + L);
    s1l.intoArray(c, cOff + cRow);
    s1r.intoArray(c, cOff + cRow + L);
    s2l.intoArray(c, cOff + 2 * cRow);
    s2r.intoArray(c, cOff + 2 * cRow + L);
    s3l.intoArray(c, cOff + 3 * cRow);
    s3r.intoArray(c, cOff + 3 * cRow + L);
    s4l.intoArray(c, cOff + 4 * cRow);
    s4r.intoArray(c, cOff + 4 * cRow + L);
    s5l.intoArray(c, cOff + 5 * cRow);
    s5r.intoArray(c, cOff + 5 * cRow + L);
    s6l.intoArray(c, cOff + 6 * cRow);
    s6r.intoArray(c, cOff + 6 * cRow + L);
    s7l.intoArray(c, cOff + 7 * cRow);
    s7r.intoArray(c, cOff + 7 * cRow + L);
    s8l.intoArray(c, cOff + 8 * cRow);
    s8r.intoArray(c, cOff + 8 * cRow + L);
    s9l.intoArray(c, cOff + 9 * cRow);
    s9r.intoArray(c, cOff + 9 * cRow + L);
    s10l.intoArray(c, cOff + 10 * cRow);
    s10r.intoArray(c, cOff + 10 * cRow + L);
    s11l.intoArray(c, cOff + 11 * cRow);
    s11r.intoArray(c, cOff + 11 * cRow + L);
  }

  /** 6 rows by two vectors; a's panel packed column by column. */
  private static void packed6(
      int kc,
      float[] a,
      int aOff,
      float[] b,
      int bOff,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    FloatVector s0l = FloatVector.zero(S);
    FloatVector s0r = s0l;
    FloatVector s1l = FloatVector.zero(S);
    FloatVector s1r = s1l;
    FloatVector s2l = FloatVector.zero(S);
    FloatVector s2r = s2l;
    FloatVector s3l = FloatVector.zero(S);
    FloatVector s3r = s3l;
    FloatVector s4l = FloatVector.zero(S);
    FloatVector s4r = s4l;
    FloatVector s5l = FloatVector.zero(S);
    FloatVector s5r = s5l;
    for (int p = 0; p < kc; p++) {
      FloatVector left = FloatVector.fromArray(S, b, bOff + p * NR);
      FloatVector right = FloatVector.fromArray(S, b, bOff + p * NR + L);
      FloatVector x;
      x = FloatVector.broadcast(S, a[aOff + p * 6 + 0]);
      s0l = x.fma(left, s0l);
      s0r = x.fma(right, s0r);
      x = FloatVector.broadcast(S, a[aOff + p * 6 + 1]);
      s1l = x.fma(left, s1l);
      s1r = x.fma(right, s1r);
      x = FloatVector.broadcast(S, a[aOff + p * 6 + 2]);
      s2l = x.fma(left, s2l);
      s2r = x.fma(right, s2r);
      x = FloatVector.broadcast(S, a[aOff + p * 6 + 3]);
      s3l = x.fma(left, s3l);
      s3r = x.fma(right, s3r);
      x = FloatVector.broadcast(S, a[aOff + p * 6 + 4]);
      s4l = x.fma(left, s4l);
      s4r = x.fma(right, s4r);
      x = FloatVector.broadcast(S, a[aOff + p * 6 + 5]);
      s5l = x.fma(left, s5l);
      s5r = x.fma(right, s5r);
    }
    if (add) {
      s0l = s0l.add(FloatVector.fromArray(S, c, cOff));
      s0r = s0r.add(FloatVector.fromArray(S, c, cOff + L));
      s1l = s1l.add(FloatVector.fromArray(S, c, cOff + cRow));
      s1r = s1r.add(FloatVector.fromArray(S, c, cOff + cRow + L));
      s2l = s2l.add(FloatVector.fromArray(S, c, cOff + 2 * cRow));
      s2r = s2r.add(FloatVector.fromArray(S, c, cOff + 2 * cRow + L));
      s3l = s3l.add(FloatVector.fromArray(S, c, cOff + 3 * cRow));
      s3r = s3r.add(FloatVector.fromArray(S, c, cOff + 3 * cRow + L));
      s4l = s4l.add(FloatVector.fromArray(S, c, cOff + 4 * cRow));
      s4r = s4r.add(FloatVector.fromArray(S, c, cOff + 4 * cRow + L));
      s5l = s5l.add(FloatVector.fromArray(S, c, cOff + 5 * cRow));
      s5r = s5r.add(FloatVector.fromArray(S, c, cOff + 5 * cRow + L));
    }
    s0l.intoArray(c, cOff);
    s0r.intoArray(c, cOff + L);
    s1l.intoArray(c, cOff + cRow);
    s1r.intoArray(c, cOff + cRow + L);
    s2l.intoArray(c, cOff + 2 * cRow);
    s2r.intoArray(c, cOff + 2 * cRow + L);
    s3l.intoArray(c, cOff + 3 * cRow);
    s3r.intoArray(c, cOff + 3 * cRow + L);
    s4l.intoArray(c, cOff + 4 * cRow);
    s4r.intoArray(c, cOff + 4 * cRow + L);
    s5l.intoArray(c, cOff + 5 * cRow);
    s5r.intoArray(c, cOff + 5 * cRow + L);
  }

  /** 12 rows by two vectors; a read where it lies, its columns contiguous. */
  private static void direct12(
      int kc,
      float[] a,
      int aOff,
      int aRow,
      float[] b,
      int bOff,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    int a0 = aOff;
    FloatVector s0l = FloatVector.zero(S);
    FloatVector s0r = s0l;
    int a1 = aOff + 1 * aRow;
    FloatVector s1l = FloatVector.zero(S);
    FloatVector s1r = s1l;
    int a2 = aOff + 2 * aRow;
    FloatVector s2l = FloatVector.zero(S);
    FloatVector s2r = s2l;
    int a3 = aOff + 3 * aRow;
    FloatVector s3l = FloatVector.zero(S);
    FloatVector s3r = s3l;
    int a4 = aOff + 4 * aRow;
    FloatVector s4l = FloatVector.zero(S);
    FloatVector s4r = s4l;
    int a5 = aOff + 5 * aRow;
    FloatVector s5l = FloatVector.zero(S);
    FloatVector s5r = s5l;
    int a6 = aOff + 6 * aRow;
    FloatVector s6l = FloatVector.zero(S);
    FloatVector s6r = s6l;
    int a7 = aOff + 7 * aRow;
    FloatVector s7l = FloatVector.zero(S);
    FloatVector s7r = s7l;
    int a8 = aOff + 8 * aRow;
    FloatVector s8l = FloatVector.zero(S);
    FloatVector s8r = s8l;
    int a9 = aOff + 9 * aRow;
    FloatVector s9l = FloatVector.zero(S);
    FloatVector s9r = s9l;
    int a10 = aOff + 10 * aRow;
    FloatVector s10l = FloatVector.zero(S);
    FloatVector s10r = s10l;
    int a11 = aOff + 11 * aRow;
    FloatVector s11l = FloatVector.zero(S);
    FloatVector s11r = s11l;
    for (int p = 0; p < kc; p++) {
      FloatVector left = FloatVector.fromArray(S, b, bOff + p * NR);
      FloatVector right = FloatVector.fromArray(S, b, bOff + p * NR + L);
      FloatVector x;
      x = FloatVector.broadcast(S, a[a0 + p]);
      s0l = x.fma(left, s0l);
      s0r = x.fma(right, s0r);
      x = FloatVector.broadcast(S, a[a1 + p]);
      s1l = x.fma(left, s1l);
      s1r = x.fma(right, s1r);
      x = FloatVector.broadcast(S, a[a2 + p]);
      s2l = x.fma(left, s2l);
      s2r = x.fma(right, s2r);
      x = FloatVector.broadcast(S, a[a3 + p]);
      s3l = x.fma(left, s3l);
      s3r = x.fma(right, s3r);
      x = FloatVector.broadcast(S, a[a4 + p]);
      s4l = x.fma(left, s4l);
      s4r = x.fma(right, s4r);
      x = FloatVector.broadcast(S, a[a5 + p]);
      s5l = x.fma(left, s5l);
      s5r = x.fma(right, s5r);
      x = FloatVector.broadcast(S, a[a6 + p]);
      s6l = x.fma(left, s6l);
      s6r = x.fma(right, s6r);
      x = FloatVector.broadcast(S, a[a7 + p]);
      s7l = x.fma(left, s7l);
      s7r = x.fma(right, s7r);
      x = FloatVector.broadcast(S, a[a8 + p]);
      s8l = x.fma(left, s8l);
      s8r = x.fma(right, s8r);
      x = FloatVector.broadcast(S, a[a9 + p]);
      s9l = x.fma(left, s9l);
      s9r = x.fma(right, s9r);
      x = FloatVector.broadcast(S, a[a10 + p]);
      s10l = x.fma(left, s10l);
      s10r = x.fma(right, s10r);
      x = FloatVector.broadcast(S, a[a11 + p]);
      s11l = x.fma(left, s11l);
      s11r = x.fma(right, s11r);
    }
    if (add) {
      s0l = s0l.add(FloatVector.fromArray(S, c, cOff));
      s0r = s0r.add(FloatVector.fromArray(S, c, cOff + L));
      s1l = s1l.add(FloatVector.fromArray(S, c, cOff + cRow));
      s1r = s1r.add(FloatVector.fromArray(S, c, cOff + cRow + L));
      s2l = s2l.add(FloatVector.fromArray(S, c, cOff + 2 * cRow));
      s2r = s2r.add(FloatVector.fromArray(S, c, cOff + 2 * cRow + L));
      s3l = s3l.add(FloatVector.fromArray(S, c, cOff + 3 * cRow));
      s3r = s3r.add(FloatVector.fromArray(S, c, cOff + 3 * cRow + L));
      s4l = s4l.add(FloatVector.fromArray(S, c, cOff + 4 * cRow));
      s4r = s4r.add(FloatVector.fromArray(S, c, cOff + 4 * cRow + L));
      s5l = s5l.add(FloatVector.fromArray(S, c, cOff + 5 * cRow));
      s5r = s5r.add(FloatVector.fromArray(S, c, cOff + 5 * cRow + L));
      s6l = s6l.add(FloatVector.fromArray(S, c, cOff + 6 * cRow));
      s6r = s6r.add(FloatVector.fromArray(S, c, cOff + 6 * cRow + L));
      s7l = s7l.add(FloatVector.fromArray(S, c, cOff + 7 * cRow));
      s7r = s7r.add(FloatVector.fromArray(S, c, cOff + 7 * cRow + L));
      s8l = s8l.add(FloatVector.fromArray(S, c, cOff + 8 * cRow));
      s8r = s8r.add(FloatVector.fromArray(S, c, cOff + 8 * cRow + L));
      s9l = s9l.add(FloatVector.fromArray(S, c, cOff + 9 * cRow));
      s9r = s9r.add(FloatVector.fromArray(S, c, cOff + 9 * cRow + L));
      s10l = s10l.add(FloatVector.fromArray(S, c, cOff + 10 * cRow));
      s10r = s10r.add(FloatVector.fromArray(S, c, cOff + 10 * cRow + L));
      s11l = s11l.add(FloatVector.fromArray(S, c, cOff + 11 * cRow));
      s11r = s11r.add(FloatVector.fromArray(S, c, cOff + 11 * cRow + L));
    }
    s0l.intoArray(c, cOff);
    s0r.intoArray(c, cOff + L);
    s1l.intoArray(c, cOff + cRow);
    s1r.intoArray(c, cOff + cRow + L);
    s2l.intoArray(c, cOff + 2 * cRow);
    s2r.intoArray(c, cOff + 2 * cRow + L);
    s3l.intoArray(c, cOff + 3 * cRow);
    s3r.intoArray(c, cOff + 3 * cRow + L);
    s4l.intoArray(c, cOff + 4 * cRow);
    s4r.intoArray(c, cOff + 4 * cRow + L);
    s5l.intoArray(c, cOff + 5 * cRow);
    s5r.intoArray(c, cOff + 5 * cRow + L);
    s6l.intoArray(c, cOff + 6 * cRow);
    s6r.intoArray(c, cOff + 6 * cRow + L);
    s7l.intoArray(c, cOff + 7 * cRow);
    s7r.intoArray(c, cOff + 7 * cRow + L);
    s8l.intoArray(c, cOff + 8 * cRow);
    s8r.intoArray(c, cOff + 8 * cRow + L);
    s9l.intoArray(c, cOff + 9 * cRow);
    s9r.intoArray(c, cOff + 9 * cRow + L);
    s10l.intoArray(c, cOff + 10 * cRow);
    s10r.intoArray(c, cOff + 10 * cRow + L);
    s11l.intoArray(c, cOff + 11 * cRow);
    s11r.intoArray(c, cOff + 11 * cRow + L);
  }

  /** 6 rows by two vectors; a read where it lies, its columns contiguous. */
  private static void direct6(
      int kc,
      float[] a,
      int aOff,
      int aRow,
      float[] b,
      int bOff,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    int a0 = aOff;
    FloatVector s0l = FloatVector.zero(S);
    FloatVector s0r = s0l;
    int a1 = aOff + 1 * aRow;
    FloatVector s1l = FloatVector.zero(S);
    FloatVector s1r = s1l;
    int a2 = aOff + 2 * aRow;
    FloatVector s2l = FloatVector.zero(S);
    FloatVector s2r = s2l;
    int a3 = aOff + 3 * aRow;
    FloatVector s3l = FloatVector.zero(S);
    FloatVector s3r = s3l;
    int a4 = aOff + 4 * aRow;
    FloatVector s4l = FloatVector.zero(S);
    FloatVector s4r = s4l;
    int a5 = aOff + 5 * aRow;
    FloatVector s5l = FloatVector.zero(S);
    FloatVector s5r = s5l;
    for (int p = 0; p < kc; p++) {
      FloatVector left = FloatVector.fromArray(S, b, bOff + p * NR);
      FloatVector right = FloatVector.fromArray(S, b, bOff + p * NR + L);
      FloatVector x;
      x = FloatVector.broadcast(S, a[a0 + p]);
      s0l = x.fma(left, s0l);
      s0r = x.fma(right, s0r);
      x = FloatVector.broadcast(S, a[a1 + p]);
      s1l = x.fma(left, s1l);
      s1r = x.fma(right, s1r);
      x = FloatVector.broadcast(S, a[a2 + p]);
      s2l = x.fma(left, s2l);
      s2r = x.fma(right, s2r);
      x = FloatVector.broadcast(S, a[a3 + p]);
      s3l = x.fma(left, s3l);
      s3r = x.fma(right, s3r);
      x = FloatVector.broadcast(S, a[a4 + p]);
      s4l = x.fma(left, s4l);
      s4r = x.fma(right, s4r);
      x = FloatVector.broadcast(S, a[a5 + p]);
      s5l = x.fma(left, s5l);
      s5r = x.fma(right, s5r);
    }
    if (add) {
      s0l = s0l.add(FloatVector.fromArray(S, c, cOff));
      s0r = s0r.add(FloatVector.fromArray(S, c, cOff + L));
      s1l = s1l.add(FloatVector.fromArray(S, c, cOff + cRow));
      s1r = s1r.add(FloatVector.fromArray(S, c, cOff + cRow + L));
      s2l = s2l.add(FloatVector.fromArray(S, c, cOff + 2 * cRow));
      s2r = s2r.add(FloatVector.fromArray(S, c, cOff + 2 * cRow + L));
      s3l = s3l.add(FloatVector.fromArray(S, c, cOff + 3 * cRow));
      s3r = s3r.add(FloatVector.fromArray(S, c, cOff + 3 * cRow + L));
      s4l = s4l.add(FloatVector.fromArray(S, c, cOff + 4 * cRow));
      s4r = s4r.add(FloatVector.fromArray(S, c, cOff + 4 * cRow + L));
      s5l = s5l.add(FloatVector.fromArray(S, c, cOff + 5 * cRow));
      s5r = s5r.add(FloatVector.fromArray(S, c, cOff + 5 * cRow + L));
    }
    s0l.intoArray(c, cOff);
    s0r.intoArray(c, cOff + L);
    s1l.intoArray(c, cOff + cRow);
    s1r.intoArray(c, cOff + cRow + L);
    s2l.intoArray(c, cOff + 2 * cRow);
    s2r.intoArray(c, cOff + 2 * cRow + L);
    s3l.intoArray(c, cOff + 3 * cRow);
    s3r.intoArray(c, cOff + 3 * cRow + L);
    s4l.intoArray(c, cOff + 4 * cRow);
    s4r.intoArray(c, cOff + 4 * cRow + L);
    s5l.intoArray(c, cOff + 5 * cRow);
    s5r.intoArray(c, cOff + 5 * cRow + L);
  }
}
