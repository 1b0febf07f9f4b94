// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.gemm;

import io.hypertape.kernels.lanes.LeafLoop;
import io.hypertape.kernels.lanes.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link PackedBlocks} one vector wide. */
@LeafLoop
final class NarrowPackedBlocks {

  private static final VectorSpecies<Float> S = VectorRows.S;

  private NarrowPackedBlocks() {}

  /** c[rows, one vector] (+)= a·b, by the smallest block that has so many rows. */
  static void block(
      int rows,
      int kc,
      float[] a,
      int aOff,
      float[] b,
      int bOff,
      int bStep,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    switch (rows) {
      case 11, 12 -> rows12x1(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
      case 9, 10 -> rows10x1(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
      case 7, 8 -> rows8x1(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
      case 6 -> rows6x1(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
      case 5 -> {
        if (MicroKernels.MANY) {
          rows6x1(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
        } else {
          rows5x1(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
        }
      }
      case 3, 4 -> rows4x1(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
      case 1, 2 -> rows2x1(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
      default -> throw new IllegalArgumentException("no block of " + rows + " rows");
    }
  }

  /** 12 rows by one vector. */
  static void rows12x1(
      int rows,
      int kc,
      float[] a,
      int aOff,
      float[] b,
      int bOff,
      int bStep,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    FloatVector s0l = FloatVector.zero(S);
    FloatVector s1l = s0l;
    FloatVector s2l = s0l;
    FloatVector s3l = s0l;
    FloatVector s4l = s0l;
    FloatVector s5l = s0l;
    FloatVector s6l = s0l;
    FloatVector s7l = s0l;
    FloatVector s8l = s0l;
    FloatVector s9l = s0l;
    FloatVector s10l = s0l;
    FloatVector s11l = s0l;
    for (int p = 0; p < kc; p++) {
      int at = bOff + p * bStep;
      FloatVector l = FloatVector.fromArray(S, b, at);
      FloatVector x;
      x = FloatVector.broadcast(S, a[aOff + p * 12]);
      s0l = x.fma(l, s0l);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 1]);
      s1l = x.fma(l, s1l);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 2]);
      s2l = x.fma(l, s2l);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 3]);
      s3l = x.fma(l, s3l);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 4]);
      s4l = x.fma(l, s4l);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 5]);
      s5l = x.fma(l, s5l);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 6]);
      s6l = x.fma(l, s6l);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 7]);
      s7l = x.fma(l, s7l);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 8]);
      s8l = x.fma(l, s8l);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 9]);
      s9l = x.fma(l, s9l);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 10]);
      s10l = x.fma(l, s10l);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 11]);
      s11l = x.fma(l, s11l);
    }
    int last = cOff + (rows - 1) * cRow;
    if (add) {
      s0l = s0l.add(FloatVector.fromArray(S, c, cOff));
      s1l = s1l.add(FloatVector.fromArray(S, c, cOff + cRow));
      s2l = s2l.add(FloatVector.fromArray(S, c, cOff + 2 * cRow));
      s3l = s3l.add(FloatVector.fromArray(S, c, cOff + 3 * cRow));
      s4l = s4l.add(FloatVector.fromArray(S, c, cOff + 4 * cRow));
      s5l = s5l.add(FloatVector.fromArray(S, c, cOff + 5 * cRow));
      s6l = s6l.add(FloatVector.fromArray(S, c, cOff + 6 * cRow));
      s7l = s7l.add(FloatVector.fromArray(S, c, cOff + 7 * cRow));
      s8l = s8l.add(FloatVector.fromArray(S, c, cOff + 8 * cRow));
      s9l = s9l.add(FloatVector.fromArray(S, c, cOff + 9 * cRow));
      s10l = s10l.add(FloatVector.fromArray(S, c, cOff + 10 * cRow));
      s11l = s11l.add(FloatVector.fromArray(S, c, last));
    }
    s11l.intoArray(c, last);
    s10l.intoArray(c, cOff + 10 * cRow);
    s9l.intoArray(c, cOff + 9 * cRow);
    s8l.intoArray(c, cOff + 8 * cRow);
    s7l.intoArray(c, cOff + 7 * cRow);
    s6l.intoArray(c, cOff + 6 * cRow);
    s5l.intoArray(c, cOff + 5 * cRow);
    s4l.intoArray(c, cOff + 4 * cRow);
    s3l.intoArray(c, cOff + 3 * cRow);
    s2l.intoArray(c, cOff + 2 * cRow);
    s1l.intoArray(c, cOff + cRow);
    s0l.intoArray(c, cOff);
  }

  /** 10 rows by one vector. */
  static void rows10x1(
      int rows,
      int kc,
      float[] a,
      int aOff,
      float[] b,
      int bOff,
      int bStep,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    FloatVector s0l = FloatVector.zero(S);
    FloatVector s1l = s0l;
    FloatVector s2l = s0l;
    FloatVector s3l = s0l;
    FloatVector s4l = s0l;
    FloatVector s5l = s0l;
    FloatVector s6l = s0l;
    FloatVector s7l = s0l;
    FloatVector s8l = s0l;
    FloatVector s9l = s0l;
    for (int p = 0; p < kc; p++) {
      int at = bOff + p * bStep;
      FloatVector l = FloatVector.fromArray(S, b, at);
      FloatVector x;
      x = FloatVector.broadcast(S, a[aOff + p * 10]);
      s0l = x.fma(l, s0l);
      x = FloatVector.broadcast(S, a[aOff + p * 10 + 1]);
      s1l = x.fma(l, s1l);
      x = FloatVector.broadcast(S, a[aOff + p * 10 + 2]);
      s2l = x.fma(l, s2l);
      x = FloatVector.broadcast(S, a[aOff + p * 10 + 3]);
      s3l = x.fma(l, s3l);
      x = FloatVector.broadcast(S, a[aOff + p * 10 + 4]);
      s4l = x.fma(l, s4l);
      x = FloatVector.broadcast(S, a[aOff + p * 10 + 5]);
      s5l = x.fma(l, s5l);
      x = FloatVector.broadcast(S, a[aOff + p * 10 + 6]);
      s6l = x.fma(l, s6l);
      x = FloatVector.broadcast(S, a[aOff + p * 10 + 7]);
      s7l = x.fma(l, s7l);
      x = FloatVector.broadcast(S, a[aOff + p * 10 + 8]);
      s8l = x.fma(l, s8l);
      x = FloatVector.broadcast(S, a[aOff + p * 10 + 9]);
      s9l = x.fma(l, s9l);
    }
    int last = cOff + (rows - 1) * cRow;
    if (add) {
      s0l = s0l.add(FloatVector.fromArray(S, c, cOff));
      s1l = s1l.add(FloatVector.fromArray(S, c, cOff + cRow));
      s2l = s2l.add(FloatVector.fromArray(S, c, cOff + 2 * cRow));
      s3l = s3l.add(FloatVector.fromArray(S, c, cOff + 3 * cRow));
      s4l = s4l.add(FloatVector.fromArray(S, c, cOff + 4 * cRow));
      s5l = s5l.add(FloatVector.fromArray(S, c, cOff + 5 * cRow));
      s6l = s6l.add(FloatVector.fromArray(S, c, cOff + 6 * cRow));
      s7l = s7l.add(FloatVector.fromArray(S, c, cOff + 7 * cRow));
      s8l = s8l.add(FloatVector.fromArray(S, c, cOff + 8 * cRow));
      s9l = s9l.add(FloatVector.fromArray(S, c, last));
    }
    s9l.intoArray(c, last);
    s8l.intoArray(c, cOff + 8 * cRow);
    s7l.intoArray(c, cOff + 7 * cRow);
    s6l.intoArray(c, cOff + 6 * cRow);
    s5l.intoArray(c, cOff + 5 * cRow);
    s4l.intoArray(c, cOff + 4 * cRow);
    s3l.intoArray(c, cOff + 3 * cRow);
    s2l.intoArray(c, cOff + 2 * cRow);
    s1l.intoArray(c, cOff + cRow);
    s0l.intoArray(c, cOff);
  }

  /** 8 rows by one vector. */
  static void rows8x1(
      int rows,
      int kc,
      float[] a,
      int aOff,
      float[] b,
      int bOff,
      int bStep,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    FloatVector s0l = FloatVector.zero(S);
    FloatVector s1l = s0l;
    FloatVector s2l = s0l;
    FloatVector s3l = s0l;
    FloatVector s4l = s0l;
    FloatVector s5l = s0l;
    FloatVector s6l = s0l;
    FloatVector s7l = s0l;
    for (int p = 0; p < kc; p++) {
      int at = bOff + p * bStep;
      FloatVector l = FloatVector.fromArray(S, b, at);
      FloatVector x;
      x = FloatVector.broadcast(S, a[aOff + p * 8]);
      s0l = x.fma(l, s0l);
      x = FloatVector.broadcast(S, a[aOff + p * 8 + 1]);
      s1l = x.fma(l, s1l);
      x = FloatVector.broadcast(S, a[aOff + p * 8 + 2]);
      s2l = x.fma(l, s2l);
      x = FloatVector.broadcast(S, a[aOff + p * 8 + 3]);
      s3l = x.fma(l, s3l);
      x = FloatVector.broadcast(S, a[aOff + p * 8 + 4]);
      s4l = x.fma(l, s4l);
      x = FloatVector.broadcast(S, a[aOff + p * 8 + 5]);
      s5l = x.fma(l, s5l);
      x = FloatVector.broadcast(S, a[aOff + p * 8 + 6]);
      s6l = x.fma(l, s6l);
      x = FloatVector.broadcast(S, a[aOff + p * 8 + 7]);
      s7l = x.fma(l, s7l);
    }
    int last = cOff + (rows - 1) * cRow;
    if (add) {
      s0l = s0l.add(FloatVector.fromArray(S, c, cOff));
      s1l = s1l.add(FloatVector.fromArray(S, c, cOff + cRow));
      s2l = s2l.add(FloatVector.fromArray(S, c, cOff + 2 * cRow));
      s3l = s3l.add(FloatVector.fromArray(S, c, cOff + 3 * cRow));
      s4l = s4l.add(FloatVector.fromArray(S, c, cOff + 4 * cRow));
      s5l = s5l.add(FloatVector.fromArray(S, c, cOff + 5 * cRow));
      s6l = s6l.add(FloatVector.fromArray(S, c, cOff + 6 * cRow));
      s7l = s7l.add(FloatVector.fromArray(S, c, last));
    }
    s7l.intoArray(c, last);
    s6l.intoArray(c, cOff + 6 * cRow);
    s5l.intoArray(c, cOff + 5 * cRow);
    s4l.intoArray(c, cOff + 4 * cRow);
    s3l.intoArray(c, cOff + 3 * cRow);
    s2l.intoArray(c, cOff + 2 * cRow);
    s1l.intoArray(c, cOff + cRow);
    s0l.intoArray(c, cOff);
  }

  /** 6 rows by one vector. */
  static void rows6x1(
      int rows,
      int kc,
      float[] a,
      int aOff,
      float[] b,
      int bOff,
      int bStep,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    FloatVector s0l = FloatVector.zero(S);
    FloatVector s1l = s0l;
    FloatVector s2l = s0l;
    FloatVector s3l = s0l;
    FloatVector s4l = s0l;
    FloatVector s5l = s0l;
    for (int p = 0; p < kc; p++) {
      int at = bOff + p * bStep;
      FloatVector l = FloatVector.fromArray(S, b, at);
      FloatVector x;
      x = FloatVector.broadcast(S, a[aOff + p * 6]);
      s0l = x.fma(l, s0l);
      x = FloatVector.broadcast(S, a[aOff + p * 6 + 1]);
      s1l = x.fma(l, s1l);
      x = FloatVector.broadcast(S, a[aOff + p * 6 + 2]);
      s2l = x.fma(l, s2l);
      x = FloatVector.broadcast(S, a[aOff + p * 6 + 3]);
      s3l = x.fma(l, s3l);
      x = FloatVector.broadcast(S, a[aOff + p * 6 + 4]);
      s4l = x.fma(l, s4l);
      x = FloatVector.broadcast(S, a[aOff + p * 6 + 5]);
      s5l = x.fma(l, s5l);
    }
    int last = cOff + (rows - 1) * cRow;
    if (add) {
      s0l = s0l.add(FloatVector.fromArray(S, c, cOff));
      s1l = s1l.add(FloatVector.fromArray(S, c, cOff + cRow));
      s2l = s2l.add(FloatVector.fromArray(S, c, cOff + 2 * cRow));
      s3l = s3l.add(FloatVector.fromArray(S, c, cOff + 3 * cRow));
      s4l = s4l.add(FloatVector.fromArray(S, c, cOff + 4 * cRow));
      s5l = s5l.add(FloatVector.fromArray(S, c, last));
    }
    s5l.intoArray(c, last);
    s4l.intoArray(c, cOff + 4 * cRow);
    s3l.intoArray(c, cOff + 3 * cRow);
    s2l.intoArray(c, cOff + 2 * cRow);
    s1l.intoArray(c, cOff + cRow);
    s0l.intoArray(c, cOff);
  }

  /** 5 rows by one vector. */
  static void rows5x1(
      int rows,
      int kc,
      float[] a,
      int aOff,
      float[] b,
      int bOff,
      int bStep,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    FloatVector s0l = FloatVector.zero(S);
    FloatVector s1l = s0l;
    FloatVector s2l = s0l;
    FloatVector s3l = s0l;
    FloatVector s4l = s0l;
    for (int p = 0; p < kc; p++) {
      int at = bOff + p * bStep;
      FloatVector l = FloatVector.fromArray(S, b, at);
      FloatVector x;
      x = FloatVector.broadcast(S, a[aOff + p * 5]);
      s0l = x.fma(l, s0l);
      x = FloatVector.broadcast(S, a[aOff + p * 5 + 1]);
      s1l = x.fma(l, s1l);
      x = FloatVector.broadcast(S, a[aOff + p * 5 + 2]);
      s2l = x.fma(l, s2l);
      x = FloatVector.broadcast(S, a[aOff + p * 5 + 3]);
      s3l = x.fma(l, s3l);
      x = FloatVector.broadcast(S, a[aOff + p * 5 + 4]);
      s4l = x.fma(l, s4l);
    }
    int last = cOff + (rows - 1) * cRow;
    if (add) {
      s0l = s0l.add(FloatVector.fromArray(S, c, cOff));
      s1l = s1l.add(FloatVector.fromArray(S, c, cOff + cRow));
      s2l = s2l.add(FloatVector.fromArray(S, c, cOff + 2 * cRow));
      s3l = s3l.add(FloatVector.fromArray(S, c, cOff + 3 * cRow));
      s4l = s4l.add(FloatVector.fromArray(S, c, last));
    }
    s4l.intoArray(c, last);
    s3l.intoArray(c, cOff + 3 * cRow);
    s2l.intoArray(c, cOff + 2 * cRow);
    s1l.intoArray(c, cOff + cRow);
    s0l.intoArray(c, cOff);
  }

  /** 4 rows by one vector. */
  static void rows4x1(
      int rows,
      int kc,
      float[] a,
      int aOff,
      float[] b,
      int bOff,
      int bStep,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    FloatVector s0l = FloatVector.zero(S);
    FloatVector s1l = s0l;
    FloatVector s2l = s0l;
    FloatVector s3l = s0l;
    for (int p = 0; p < kc; p++) {
      int at = bOff + p * bStep;
      FloatVector l = FloatVector.fromArray(S, b, at);
      FloatVector x;
      x = FloatVector.broadcast(S, a[aOff + p * 4]);
      s0l = x.fma(l, s0l);
      x = FloatVector.broadcast(S, a[aOff + p * 4 + 1]);
      s1l = x.fma(l, s1l);
      x = FloatVector.broadcast(S, a[aOff + p * 4 + 2]);
      s2l = x.fma(l, s2l);
      x = FloatVector.broadcast(S, a[aOff + p * 4 + 3]);
      s3l = x.fma(l, s3l);
    }
    int last = cOff + (rows - 1) * cRow;
    if (add) {
      s0l = s0l.add(FloatVector.fromArray(S, c, cOff));
      s1l = s1l.add(FloatVector.fromArray(S, c, cOff + cRow));
      s2l = s2l.add(FloatVector.fromArray(S, c, cOff + 2 * cRow));
      s3l = s3l.add(FloatVector.fromArray(S, c, last));
    }
    s3l.intoArray(c, last);
    s2l.intoArray(c, cOff + 2 * cRow);
    s1l.intoArray(c, cOff + cRow);
    s0l.intoArray(c, cOff);
  }

  /** 2 rows by one vector. */
  static void rows2x1(
      int rows,
      int kc,
      float[] a,
      int aOff,
      float[] b,
      int bOff,
      int bStep,
      float[] c,
      int cOff,
      int cRow,
      boolean add) {
    FloatVector s0l = FloatVector.zero(S);
    FloatVector s1l = s0l;
    for (int p = 0; p < kc; p++) {
      int at = bOff + p * bStep;
      FloatVector l = FloatVector.fromArray(S, b, at);
      FloatVector x;
      x = FloatVector.broadcast(S, a[aOff + p * 2]);
      s0l = x.fma(l, s0l);
      x = FloatVector.broadcast(S, a[aOff + p * 2 + 1]);
      s1l = x.fma(l, s1l);
    }
    int last = cOff + (rows - 1) * cRow;
    if (add) {
      s0l = s0l.add(FloatVector.fromArray(S, c, cOff));
      s1l = s1l.add(FloatVector.fromArray(S, c, last));
    }
    s1l.intoArray(c, last);
    s0l.intoArray(c, cOff);
  }
}
