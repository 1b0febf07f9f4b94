// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.gemm;

import io.hypertape.kernels.lanes.LeafLoop;
import io.hypertape.kernels.lanes.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link DirectBlocks} three vectors wide, the third so many columns from the first: it may overlap
 * the second.
 */
@LeafLoop
final class ThreeVectorBlocks {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();

  private ThreeVectorBlocks() {}

  /** c[rows, three vectors] (+)= a·b, by the smallest block that has so many rows. */
  static void block(
      int rows,
      int kc,
      float[] a,
      int aOff,
      int aRow,
      float[] b,
      int bOff,
      int bStep,
      float[] c,
      int cOff,
      int cRow,
      int third,
      boolean add) {
    switch (rows) {
      case 7, 8 -> rows8x3(rows, kc, a, aOff, aRow, b, bOff, bStep, c, cOff, cRow, third, add);
      case 5, 6 -> rows6x3(rows, kc, a, aOff, aRow, b, bOff, bStep, c, cOff, cRow, third, add);
      case 3, 4 -> rows4x3(rows, kc, a, aOff, aRow, b, bOff, bStep, c, cOff, cRow, third, add);
      case 1, 2 -> rows2x3(rows, kc, a, aOff, aRow, b, bOff, bStep, c, cOff, cRow, third, add);
      default -> throw new IllegalArgumentException("no block of " + rows + " rows");
    }
  }

  /** 8 rows by three vectors. */
  static void rows8x3(
      int rows,
      int kc,
      float[] a,
      int aOff,
      int aRow,
      float[] b,
      int bOff,
      int bStep,
      float[] c,
      int cOff,
      int cRow,
      int third,
      boolean add) {
    FloatVector s0l = FloatVector.zero(S);
    FloatVector s0m = s0l;
    FloatVector s0r = s0l;
    FloatVector s1l = s0l;
    FloatVector s1m = s0l;
    FloatVector s1r = s0l;
    FloatVector s2l = s0l;
    FloatVector s2m = s0l;
    FloatVector s2r = s0l;
    FloatVector s3l = s0l;
    FloatVector s3m = s0l;
    FloatVector s3r = s0l;
    FloatVector s4l = s0l;
    FloatVector s4m = s0l;
    FloatVector s4r = s0l;
    FloatVector s5l = s0l;
    FloatVector s5m = s0l;
    FloatVector s5r = s0l;
    FloatVector s6l = s0l;
    FloatVector s6m = s0l;
    FloatVector s6r = s0l;
    FloatVector s7l = s0l;
    FloatVector s7m = s0l;
    FloatVector s7r = s0l;
    int a1 = aOff + aRow;
    int a2 = aOff + 2 * aRow;
    int a3 = aOff + 3 * aRow;
    int a4 = aOff + 4 * aRow;
    int a5 = aOff + 5 * aRow;
    int a6 = aOff + 6 * aRow;
    int a7 = aOff + (rows - 1) * aRow;
    for (int p = 0; p < kc; p++) {
      int at = bOff + p * bStep;
      FloatVector l = FloatVector.fromArray(S, b, at);
      FloatVector m = FloatVector.fromArray(S, b, at + L);
      FloatVector r = FloatVector.fromArray(S, b, at + third);
      FloatVector x;
      x = FloatVector.broadcast(S, a[aOff + p]);
      s0l = x.fma(l, s0l);
      s0m = x.fma(m, s0m);
      s0r = x.fma(r, s0r);
      x = FloatVector.broadcast(S, a[a1 + p]);
      s1l = x.fma(l, s1l);
      s1m = x.fma(m, s1m);
      s1r = x.fma(r, s1r);
      x = FloatVector.broadcast(S, a[a2 + p]);
      s2l = x.fma(l, s2l);
      s2m = x.fma(m, s2m);
      s2r = x.fma(r, s2r);
      x = FloatVector.broadcast(S, a[a3 + p]);
      s3l = x.fma(l, s3l);
      s3m = x.fma(m, s3m);
      s3r = x.fma(r, s3r);
      x = FloatVector.broadcast(S, a[a4 + p]);
      s4l = x.fma(l, s4l);
      s4m = x.fma(m, s4m);
      s4r = x.fma(r, s4r);
      x = FloatVector.broadcast(S, a[a5 + p]);
      s5l = x.fma(l, s5l);
      s5m = x.fma(m, s5m);
      s5r = x.fma(r, s5r);
      x = FloatVector.broadcast(S, a[a6 + p]);
      s6l = x.fma(l, s6l);
      s6m = x.fma(m, s6m);
      s6r = x.fma(r, s6r);
      x = FloatVector.broadcast(S, a[a7 + p]);
      s7l = x.fma(l, s7l);
      s7m = x.fma(m, s7m);
      s7r = x.fma(r, s7r);
    }
    int last = cOff + (rows - 1) * cRow;
    if (add) {
      s0l = s0l.add(FloatVector.fromArray(S, c, cOff));
      s0m = s0m.add(FloatVector.fromArray(S, c, cOff + L));
      s0r = s0r.add(FloatVector.fromArray(S, c, cOff + third));
      s1l = s1l.add(FloatVector.fromArray(S, c, cOff + cRow));
      s1m = s1m.add(FloatVector.fromArray(S, c, cOff + cRow + L));
      s1r = s1r.add(FloatVector.fromArray(S, c, cOff + cRow + third));
      s2l = s2l.add(FloatVector.fromArray(S, c, cOff + 2 * cRow));
      s2m = s2m.add(FloatVector.fromArray(S, c, cOff + 2 * cRow + L));
      s2r = s2r.add(FloatVector.fromArray(S, c, cOff + 2 * cRow + third));
      s3l = s3l.add(FloatVector.fromArray(S, c, cOff + 3 * cRow));
      s3m = s3m.add(FloatVector.fromArray(S, c, cOff + 3 * cRow + L));
      s3r = s3r.add(FloatVector.fromArray(S, c, cOff + 3 * cRow + third));
      s4l = s4l.add(FloatVector.fromArray(S, c, cOff + 4 * cRow));
      s4m = s4m.add(FloatVector.fromArray(S, c, cOff + 4 * cRow + L));
      s4r = s4r.add(FloatVector.fromArray(S, c, cOff + 4 * cRow + third));
      s5l = s5l.add(FloatVector.fromArray(S, c, cOff + 5 * cRow));
      s5m = s5m.add(FloatVector.fromArray(S, c, cOff + 5 * cRow + L));
      s5r = s5r.add(FloatVector.fromArray(S, c, cOff + 5 * cRow + third));
      s6l = s6l.add(FloatVector.fromArray(S, c, cOff + 6 * cRow));
      s6m = s6m.add(FloatVector.fromArray(S, c, cOff + 6 * cRow + L));
      s6r = s6r.add(FloatVector.fromArray(S, c, cOff + 6 * cRow + third));
      s7l = s7l.add(FloatVector.fromArray(S, c, last));
      s7m = s7m.add(FloatVector.fromArray(S, c, last + L));
      s7r = s7r.add(FloatVector.fromArray(S, c, last + third));
    }
    s7l.intoArray(c, last);
    s7m.intoArray(c, last + L);
    s7r.intoArray(c, last + third);
    s6l.intoArray(c, cOff + 6 * cRow);
    s6m.intoArray(c, cOff + 6 * cRow + L);
    s6r.intoArray(c, cOff + 6 * cRow + third);
    s5l.intoArray(c, cOff + 5 * cRow);
    s5m.intoArray(c, cOff + 5 * cRow + L);
    s5r.intoArray(c, cOff + 5 * cRow + third);
    s4l.intoArray(c, cOff + 4 * cRow);
    s4m.intoArray(c, cOff + 4 * cRow + L);
    s4r.intoArray(c, cOff + 4 * cRow + third);
    s3l.intoArray(c, cOff + 3 * cRow);
    s3m.intoArray(c, cOff + 3 * cRow + L);
    s3r.intoArray(c, cOff + 3 * cRow + third);
    s2l.intoArray(c, cOff + 2 * cRow);
    s2m.intoArray(c, cOff + 2 * cRow + L);
    s2r.intoArray(c, cOff + 2 * cRow + third);
    s1l.intoArray(c, cOff + cRow);
    s1m.intoArray(c, cOff + cRow + L);
    s1r.intoArray(c, cOff + cRow + third);
    s0l.intoArray(c, cOff);
    s0m.intoArray(c, cOff + L);
    s0r.intoArray(c, cOff + third);
  }

  /** 6 rows by three vectors. */
  static void rows6x3(
      int rows,
      int kc,
      float[] a,
      int aOff,
      int aRow,
      float[] b,
      int bOff,
      int bStep,
      float[] c,
      int cOff,
      int cRow,
      int third,
      boolean add) {
    FloatVector s0l = FloatVector.zero(S);
    FloatVector s0m = s0l;
    FloatVector s0r = s0l;
    FloatVector s1l = s0l;
    FloatVector s1m = s0l;
    FloatVector s1r = s0l;
    FloatVector s2l = s0l;
    FloatVector s2m = s0l;
    FloatVector s2r = s0l;
    FloatVector s3l = s0l;
    FloatVector s3m = s0l;
    FloatVector s3r = s0l;
    FloatVector s4l = s0l;
    FloatVector s4m = s0l;
    FloatVector s4r = s0l;
    FloatVector s5l = s0l;
    FloatVector s5m = s0l;
    FloatVector s5r = s0l;
    int a1 = aOff + aRow;
    int a2 = aOff + 2 * aRow;
    int a3 = aOff + 3 * aRow;
    int a4 = aOff + 4 * aRow;
    int a5 = aOff + (rows - 1) * aRow;
    for (int p = 0; p < kc; p++) {
      int at = bOff + p * bStep;
      FloatVector l = FloatVector.fromArray(S, b, at);
      FloatVector m = FloatVector.fromArray(S, b, at + L);
      FloatVector r = FloatVector.fromArray(S, b, at + third);
      FloatVector x;
      x = FloatVector.broadcast(S, a[aOff + p]);
      s0l = x.fma(l, s0l);
      s0m = x.fma(m, s0m);
      s0r = x.fma(r, s0r);
      x = FloatVector.broadcast(S, a[a1 + p]);
      s1l = x.fma(l, s1l);
      s1m = x.fma(m, s1m);
      s1r = x.fma(r, s1r);
      x = FloatVector.broadcast(S, a[a2 + p]);
      s2l = x.fma(l, s2l);
      s2m = x.fma(m, s2m);
      s2r = x.fma(r, s2r);
      x = FloatVector.broadcast(S, a[a3 + p]);
      s3l = x.fma(l, s3l);
      s3m = x.fma(m, s3m);
      s3r = x.fma(r, s3r);
      x = FloatVector.broadcast(S, a[a4 + p]);
      s4l = x.fma(l, s4l);
      s4m = x.fma(m, s4m);
      s4r = x.fma(r, s4r);
      x = FloatVector.broadcast(S, a[a5 + p]);
      s5l = x.fma(l, s5l);
      s5m = x.fma(m, s5m);
      s5r = x.fma(r, s5r);
    }
    int last = cOff + (rows - 1) * cRow;
    if (add) {
      s0l = s0l.add(FloatVector.fromArray(S, c, cOff));
      s0m = s0m.add(FloatVector.fromArray(S, c, cOff + L));
      s0r = s0r.add(FloatVector.fromArray(S, c, cOff + third));
      s1l = s1l.add(FloatVector.fromArray(S, c, cOff + cRow));
      s1m = s1m.add(FloatVector.fromArray(S, c, cOff + cRow + L));
      s1r = s1r.add(FloatVector.fromArray(S, c, cOff + cRow + third));
      s2l = s2l.add(FloatVector.fromArray(S, c, cOff + 2 * cRow));
      s2m = s2m.add(FloatVector.fromArray(S, c, cOff + 2 * cRow + L));
      s2r = s2r.add(FloatVector.fromArray(S, c, cOff + 2 * cRow + third));
      s3l = s3l.add(FloatVector.fromArray(S, c, cOff + 3 * cRow));
      s3m = s3m.add(FloatVector.fromArray(S, c, cOff + 3 * cRow + L));
      s3r = s3r.add(FloatVector.fromArray(S, c, cOff + 3 * cRow + third));
      s4l = s4l.add(FloatVector.fromArray(S, c, cOff + 4 * cRow));
      s4m = s4m.add(FloatVector.fromArray(S, c, cOff + 4 * cRow + L));
      s4r = s4r.add(FloatVector.fromArray(S, c, cOff + 4 * cRow + third));
      s5l = s5l.add(FloatVector.fromArray(S, c, last));
      s5m = s5m.add(FloatVector.fromArray(S, c, last + L));
      s5r = s5r.add(FloatVector.fromArray(S, c, last + third));
    }
    s5l.intoArray(c, last);
    s5m.intoArray(c, last + L);
    s5r.intoArray(c, last + third);
    s4l.intoArray(c, cOff + 4 * cRow);
    s4m.intoArray(c, cOff + 4 * cRow + L);
    s4r.intoArray(c, cOff + 4 * cRow + third);
    s3l.intoArray(c, cOff + 3 * cRow);
    s3m.intoArray(c, cOff + 3 * cRow + L);
    s3r.intoArray(c, cOff + 3 * cRow + third);
    s2l.intoArray(c, cOff + 2 * cRow);
    s2m.intoArray(c, cOff + 2 * cRow + L);
    s2r.intoArray(c, cOff + 2 * cRow + third);
    s1l.intoArray(c, cOff + cRow);
    s1m.intoArray(c, cOff + cRow + L);
    s1r.intoArray(c, cOff + cRow + third);
    s0l.intoArray(c, cOff);
    s0m.intoArray(c, cOff + L);
    s0r.intoArray(c, cOff + third);
  }

  /** 4 rows by three vectors. */
  static void rows4x3(
      int rows,
      int kc,
      float[] a,
      int aOff,
      int aRow,
      float[] b,
      int bOff,
      int bStep,
      float[] c,
      int cOff,
      int cRow,
      int third,
      boolean add) {
    FloatVector s0l = FloatVector.zero(S);
    FloatVector s0m = s0l;
    FloatVector s0r = s0l;
    FloatVector s1l = s0l;
    FloatVector s1m = s0l;
    FloatVector s1r = s0l;
    FloatVector s2l = s0l;
    FloatVector s2m = s0l;
    FloatVector s2r = s0l;
    FloatVector s3l = s0l;
    FloatVector s3m = s0l;
    FloatVector s3r = s0l;
    int a1 = aOff + aRow;
    int a2 = aOff + 2 * aRow;
    int a3 = aOff + (rows - 1) * aRow;
    for (int p = 0; p < kc; p++) {
      int at = bOff + p * bStep;
      FloatVector l = FloatVector.fromArray(S, b, at);
      FloatVector m = FloatVector.fromArray(S, b, at + L);
      FloatVector r = FloatVector.fromArray(S, b, at + third);
      FloatVector x;
      x = FloatVector.broadcast(S, a[aOff + p]);
      s0l = x.fma(l, s0l);
      s0m = x.fma(m, s0m);
      s0r = x.fma(r, s0r);
      x = FloatVector.broadcast(S, a[a1 + p]);
      s1l = x.fma(l, s1l);
      s1m = x.fma(m, s1m);
      s1r = x.fma(r, s1r);
      x = FloatVector.broadcast(S, a[a2 + p]);
      s2l = x.fma(l, s2l);
      s2m = x.fma(m, s2m);
      s2r = x.fma(r, s2r);
      x = FloatVector.broadcast(S, a[a3 + p]);
      s3l = x.fma(l, s3l);
      s3m = x.fma(m, s3m);
      s3r = x.fma(r, s3r);
    }
    int last = cOff + (rows - 1) * cRow;
    if (add) {
      s0l = s0l.add(FloatVector.fromArray(S, c, cOff));
      s0m = s0m.add(FloatVector.fromArray(S, c, cOff + L));
      s0r = s0r.add(FloatVector.fromArray(S, c, cOff + third));
      s1l = s1l.add(FloatVector.fromArray(S, c, cOff + cRow));
      s1m = s1m.add(FloatVector.fromArray(S, c, cOff + cRow + L));
      s1r = s1r.add(FloatVector.fromArray(S, c, cOff + cRow + third));
      s2l = s2l.add(FloatVector.fromArray(S, c, cOff + 2 * cRow));
      s2m = s2m.add(FloatVector.fromArray(S, c, cOff + 2 * cRow + L));
      s2r = s2r.add(FloatVector.fromArray(S, c, cOff + 2 * cRow + third));
      s3l = s3l.add(FloatVector.fromArray(S, c, last));
      s3m = s3m.add(FloatVector.fromArray(S, c, last + L));
      s3r = s3r.add(FloatVector.fromArray(S, c, last + third));
    }
    s3l.intoArray(c, last);
    s3m.intoArray(c, last + L);
    s3r.intoArray(c, last + third);
    s2l.intoArray(c, cOff + 2 * cRow);
    s2m.intoArray(c, cOff + 2 * cRow + L);
    s2r.intoArray(c, cOff + 2 * cRow + third);
    s1l.intoArray(c, cOff + cRow);
    s1m.intoArray(c, cOff + cRow + L);
    s1r.intoArray(c, cOff + cRow + third);
    s0l.intoArray(c, cOff);
    s0m.intoArray(c, cOff + L);
    s0r.intoArray(c, cOff + third);
  }

  /** 2 rows by three vectors. */
  static void rows2x3(
      int rows,
      int kc,
      float[] a,
      int aOff,
      int aRow,
      float[] b,
      int bOff,
      int bStep,
      float[] c,
      int cOff,
      int cRow,
      int third,
      boolean add) {
    FloatVector s0l = FloatVector.zero(S);
    FloatVector s0m = s0l;
    FloatVector s0r = s0l;
    FloatVector s1l = s0l;
    FloatVector s1m = s0l;
    FloatVector s1r = s0l;
    int a1 = aOff + (rows - 1) * aRow;
    for (int p = 0; p < kc; p++) {
      int at = bOff + p * bStep;
      FloatVector l = FloatVector.fromArray(S, b, at);
      FloatVector m = FloatVector.fromArray(S, b, at + L);
      FloatVector r = FloatVector.fromArray(S, b, at + third);
      FloatVector x;
      x = FloatVector.broadcast(S, a[aOff + p]);
      s0l = x.fma(l, s0l);
      s0m = x.fma(m, s0m);
      s0r = x.fma(r, s0r);
      x = FloatVector.broadcast(S, a[a1 + p]);
      s1l = x.fma(l, s1l);
      s1m = x.fma(m, s1m);
      s1r = x.fma(r, s1r);
    }
    int last = cOff + (rows - 1) * cRow;
    if (add) {
      s0l = s0l.add(FloatVector.fromArray(S, c, cOff));
      s0m = s0m.add(FloatVector.fromArray(S, c, cOff + L));
      s0r = s0r.add(FloatVector.fromArray(S, c, cOff + third));
      s1l = s1l.add(FloatVector.fromArray(S, c, last));
      s1m = s1m.add(FloatVector.fromArray(S, c, last + L));
      s1r = s1r.add(FloatVector.fromArray(S, c, last + third));
    }
    s1l.intoArray(c, last);
    s1m.intoArray(c, last + L);
    s1r.intoArray(c, last + third);
    s0l.intoArray(c, cOff);
    s0m.intoArray(c, cOff + L);
    s0r.intoArray(c, cOff + third);
  }
}
