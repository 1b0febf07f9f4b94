// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.gemm;

import io.hypertape.kernels.lanes.LeafLoop;
import io.hypertape.kernels.lanes.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Blocks of c, two vectors wide, from panels of a that are packed column by column: element (r, p)
 * of a block of R rows is at {@code aOff + p · R + r}. Row p of b is at {@code bOff + p · bStep},
 * packed or not. Where one row less counts than a block has, the last sum goes where the one before
 * it goes, and before it.
 *
 * <p>Unrolled, the stores too: accumulators must be local variables, and a call that took one and
 * was not inlined would put it on the heap in every turn of the loop.
 */
@LeafLoop
final class PackedBlocks {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();

  private PackedBlocks() {}

  /** Rows of the block that computes so many: the width of their panel. */
  static int width(int rows) {
    return switch (rows) {
      case 11, 12 -> 12;
      case 9, 10 -> 10;
      case 7, 8 -> 8;
      case 6 -> 6;
      case 5 -> MicroKernels.MANY ? 6 : 5;
      case 3, 4 -> 4;
      case 1, 2 -> 2;
      default -> throw new IllegalArgumentException("no block of " + rows + " rows");
    };
  }

  /** c[rows, two vectors] (+)= a·b, by the smallest block that has so many rows. */
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
      case 11, 12 -> rows12x2(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
      case 9, 10 -> rows10x2(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
      case 7, 8 -> rows8x2(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
      case 6 -> rows6x2(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
      case 5 -> {
        if (MicroKernels.MANY) {
          rows6x2(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
        } else {
          rows5x2(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
        }
      }
      case 3, 4 -> rows4x2(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
      case 1, 2 -> rows2x2(rows, kc, a, aOff, b, bOff, bStep, c, cOff, cRow, add);
      default -> throw new IllegalArgumentException("no block of " + rows + " rows");
    }
  }

  /** 12 rows by two vectors. */
  static void rows12x2(
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
    FloatVector s0r = s0l;
    FloatVector s1l = s0l;
    FloatVector s1r = s0l;
    FloatVector s2l = s0l;
    FloatVector s2r = s0l;
    FloatVector s3l = s0l;
    FloatVector s3r = s0l;
    FloatVector s4l = s0l;
    FloatVector s4r = s0l;
    FloatVector s5l = s0l;
    FloatVector s5r = s0l;
    FloatVector s6l = s0l;
    FloatVector s6r = s0l;
    FloatVector s7l = s0l;
    FloatVector s7r = s0l;
    FloatVector s8l = s0l;
    FloatVector s8r = s0l;
    FloatVector s9l = s0l;
    FloatVector s9r = s0l;
    FloatVector s10l = s0l;
    FloatVector s10r = s0l;
    FloatVector s11l = s0l;
    FloatVector s11r = s0l;
    for (int p = 0; p < kc; p++) {
      int at = bOff + p * bStep;
      FloatVector l = FloatVector.fromArray(S, b, at);
      FloatVector r = FloatVector.fromArray(S, b, at + L);
      FloatVector x;
      x = FloatVector.broadcast(S, a[aOff + p * 12]);
      s0l = x.fma(l, s0l);
      s0r = x.fma(r, s0r);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 1]);
      s1l = x.fma(l, s1l);
      s1r = x.fma(r, s1r);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 2]);
      s2l = x.fma(l, s2l);
      s2r = x.fma(r, s2r);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 3]);
      s3l = x.fma(l, s3l);
      s3r = x.fma(r, s3r);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 4]);
      s4l = x.fma(l, s4l);
      s4r = x.fma(r, s4r);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 5]);
      s5l = x.fma(l, s5l);
      s5r = x.fma(r, s5r);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 6]);
      s6l = x.fma(l, s6l);
      s6r = x.fma(r, s6r);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 7]);
      s7l = x.fma(l, s7l);
      s7r = x.fma(r, s7r);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 8]);
      s8l = x.fma(l, s8l);
      s8r = x.fma(r, s8r);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 9]);
      s9l = x.fma(l, s9l);
      s9r = x.fma(r, s9r);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 10]);
      s10l = x.fma(l, s10l);
      s10r = x.fma(r, s10r);
      x = FloatVector.broadcast(S, a[aOff + p * 12 + 11]);
      s11l = x.fma(l, s11l);
      s11r = x.fma(r, s11r);
    }
    int last = cOff + (rows - 1) * cRow;
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
      s11l = s11l.add(FloatVector.fromArray(S, c, last));
      s11r = s11r.add(FloatVector.fromArray(S, c, last + L));
    }
    s11l.intoArray(c, last);
    s11r.intoArray(c, last + L);
    s10l.intoArray(c, cOff + 10 * cRow);
    s10r.intoArray(c, cOff + 10 * cRow + L);
    s9l.intoArray(c, cOff + 9 * cRow);
    s9r.intoArray(c, cOff + 9 * cRow + L);
    s8l.intoArray(c, cOff + 8 * cRow);
    s8r.intoArray(c, cOff + 8 * cRow + L);
    s7l.intoArray(c, cOff + 7 * cRow);
    s7r.intoArray(c, cOff + 7 * cRow + L);
    s6l.intoArray(c, cOff + 6 * cRow);
    s6r.intoArray(c, cOff + 6 * cRow + L);
    s5l.intoArray(c, cOff + 5 * cRow);
    s5r.intoArray(c, cOff + 5 * cRow + L);
    s4l.intoArray(c, cOff + 4 * cRow);
    s4r.intoArray(c, cOff + 4 * cRow + L);
    s3l.intoArray(c, cOff + 3 * cRow);
    s3r.intoArray(c, cOff + 3 * cRow + L);
    s2l.intoArray(c, cOff + 2 * cRow);
    s2r.intoArray(c, cOff + 2 * cRow + L);
    s1l.intoArray(c, cOff + cRow);
    s1r.intoArray(c, cOff + cRow + L);
    s0l.intoArray(c, cOff);
    s0r.intoArray(c, cOff + L);
  }

  /** 10 rows by two vectors. */
  static void rows10x2(
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
    FloatVector s0r = s0l;
    FloatVector s1l = s0l;
    FloatVector s1r = s0l;
    FloatVector s2l = s0l;
    FloatVector s2r = s0l;
    FloatVector s3l = s0l;
    FloatVector s3r = s0l;
    FloatVector s4l = s0l;
    FloatVector s4r = s0l;
    FloatVector s5l = s0l;
    FloatVector s5r = s0l;
    FloatVector s6l = s0l;
    FloatVector s6r = s0l;
    FloatVector s7l = s0l;
    FloatVector s7r = s0l;
    FloatVector s8l = s0l;
    FloatVector s8r = s0l;
    FloatVector s9l = s0l;
    FloatVector s9r = s0l;
    for (int p = 0; p < kc; p++) {
      int at = bOff + p * bStep;
      FloatVector l = FloatVector.fromArray(S, b, at);
      FloatVector r = FloatVector.fromArray(S, b, at + L);
      FloatVector x;
      x = FloatVector.broadcast(S, a[aOff + p * 10]);
      s0l = x.fma(l, s0l);
      s0r = x.fma(r, s0r);
      x = FloatVector.broadcast(S, a[aOff + p * 10 + 1]);
      s1l = x.fma(l, s1l);
      s1r = x.fma(r, s1r);
      x = FloatVector.broadcast(S, a[aOff + p * 10 + 2]);
      s2l = x.fma(l, s2l);
      s2r = x.fma(r, s2r);
      x = FloatVector.broadcast(S, a[aOff + p * 10 + 3]);
      s3l = x.fma(l, s3l);
      s3r = x.fma(r, s3r);
      x = FloatVector.broadcast(S, a[aOff + p * 10 + 4]);
      s4l = x.fma(l, s4l);
      s4r = x.fma(r, s4r);
      x = FloatVector.broadcast(S, a[aOff + p * 10 + 5]);
      s5l = x.fma(l, s5l);
      s5r = x.fma(r, s5r);
      x = FloatVector.broadcast(S, a[aOff + p * 10 + 6]);
      s6l = x.fma(l, s6l);
      s6r = x.fma(r, s6r);
      x = FloatVector.broadcast(S, a[aOff + p * 10 + 7]);
      s7l = x.fma(l, s7l);
      s7r = x.fma(r, s7r);
      x = FloatVector.broadcast(S, a[aOff + p * 10 + 8]);
      s8l = x.fma(l, s8l);
      s8r = x.fma(r, s8r);
      x = FloatVector.broadcast(S, a[aOff + p * 10 + 9]);
      s9l = x.fma(l, s9l);
      s9r = x.fma(r, s9r);
    }
    int last = cOff + (rows - 1) * cRow;
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
      s9l = s9l.add(FloatVector.fromArray(S, c, last));
      s9r = s9r.add(FloatVector.fromArray(S, c, last + L));
    }
    s9l.intoArray(c, last);
    s9r.intoArray(c, last + L);
    s8l.intoArray(c, cOff + 8 * cRow);
    s8r.intoArray(c, cOff + 8 * cRow + L);
    s7l.intoArray(c, cOff + 7 * cRow);
    s7r.intoArray(c, cOff + 7 * cRow + L);
    s6l.intoArray(c, cOff + 6 * cRow);
    s6r.intoArray(c, cOff + 6 * cRow + L);
    s5l.intoArray(c, cOff + 5 * cRow);
    s5r.intoArray(c, cOff + 5 * cRow + L);
    s4l.intoArray(c, cOff + 4 * cRow);
    s4r.intoArray(c, cOff + 4 * cRow + L);
    s3l.intoArray(c, cOff + 3 * cRow);
    s3r.intoArray(c, cOff + 3 * cRow + L);
    s2l.intoArray(c, cOff + 2 * cRow);
    s2r.intoArray(c, cOff + 2 * cRow + L);
    s1l.intoArray(c, cOff + cRow);
    s1r.intoArray(c, cOff + cRow + L);
    s0l.intoArray(c, cOff);
    s0r.intoArray(c, cOff + L);
  }

  /** 8 rows by two vectors. */
  static void rows8x2(
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
    FloatVector s0r = s0l;
    FloatVector s1l = s0l;
    FloatVector s1r = s0l;
    FloatVector s2l = s0l;
    FloatVector s2r = s0l;
    FloatVector s3l = s0l;
    FloatVector s3r = s0l;
    FloatVector s4l = s0l;
    FloatVector s4r = s0l;
    FloatVector s5l = s0l;
    FloatVector s5r = s0l;
    FloatVector s6l = s0l;
    FloatVector s6r = s0l;
    FloatVector s7l = s0l;
    FloatVector s7r = s0l;
    for (int p = 0; p < kc; p++) {
      int at = bOff + p * bStep;
      FloatVector l = FloatVector.fromArray(S, b, at);
      FloatVector r = FloatVector.fromArray(S, b, at + L);
      FloatVector x;
      x = FloatVector.broadcast(S, a[aOff + p * 8]);
      s0l = x.fma(l, s0l);
      s0r = x.fma(r, s0r);
      x = FloatVector.broadcast(S, a[aOff + p * 8 + 1]);
      s1l = x.fma(l, s1l);
      s1r = x.fma(r, s1r);
      x = FloatVector.broadcast(S, a[aOff + p * 8 + 2]);
      s2l = x.fma(l, s2l);
      s2r = x.fma(r, s2r);
      x = FloatVector.broadcast(S, a[aOff + p * 8 + 3]);
      s3l = x.fma(l, s3l);
      s3r = x.fma(r, s3r);
      x = FloatVector.broadcast(S, a[aOff + p * 8 + 4]);
      s4l = x.fma(l, s4l);
      s4r = x.fma(r, s4r);
      x = FloatVector.broadcast(S, a[aOff + p * 8 + 5]);
      s5l = x.fma(l, s5l);
      s5r = x.fma(r, s5r);
      x = FloatVector.broadcast(S, a[aOff + p * 8 + 6]);
      s6l = x.fma(l, s6l);
      s6r = x.fma(r, s6r);
      x = FloatVector.broadcast(S, a[aOff + p * 8 + 7]);
      s7l = x.fma(l, s7l);
      s7r = x.fma(r, s7r);
    }
    int last = cOff + (rows - 1) * cRow;
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
      s7l = s7l.add(FloatVector.fromArray(S, c, last));
      s7r = s7r.add(FloatVector.fromArray(S, c, last + L));
    }
    s7l.intoArray(c, last);
    s7r.intoArray(c, last + L);
    s6l.intoArray(c, cOff + 6 * cRow);
    s6r.intoArray(c, cOff + 6 * cRow + L);
    s5l.intoArray(c, cOff + 5 * cRow);
    s5r.intoArray(c, cOff + 5 * cRow + L);
    s4l.intoArray(c, cOff + 4 * cRow);
    s4r.intoArray(c, cOff + 4 * cRow + L);
    s3l.intoArray(c, cOff + 3 * cRow);
    s3r.intoArray(c, cOff + 3 * cRow + L);
    s2l.intoArray(c, cOff + 2 * cRow);
    s2r.intoArray(c, cOff + 2 * cRow + L);
    s1l.intoArray(c, cOff + cRow);
    s1r.intoArray(c, cOff + cRow + L);
    s0l.intoArray(c, cOff);
    s0r.intoArray(c, cOff + L);
  }

  /** 6 rows by two vectors. */
  static void rows6x2(
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
    FloatVector s0r = s0l;
    FloatVector s1l = s0l;
    FloatVector s1r = s0l;
    FloatVector s2l = s0l;
    FloatVector s2r = s0l;
    FloatVector s3l = s0l;
    FloatVector s3r = s0l;
    FloatVector s4l = s0l;
    FloatVector s4r = s0l;
    FloatVector s5l = s0l;
    FloatVector s5r = s0l;
    for (int p = 0; p < kc; p++) {
      int at = bOff + p * bStep;
      FloatVector l = FloatVector.fromArray(S, b, at);
      FloatVector r = FloatVector.fromArray(S, b, at + L);
      FloatVector x;
      x = FloatVector.broadcast(S, a[aOff + p * 6]);
      s0l = x.fma(l, s0l);
      s0r = x.fma(r, s0r);
      x = FloatVector.broadcast(S, a[aOff + p * 6 + 1]);
      s1l = x.fma(l, s1l);
      s1r = x.fma(r, s1r);
      x = FloatVector.broadcast(S, a[aOff + p * 6 + 2]);
      s2l = x.fma(l, s2l);
      s2r = x.fma(r, s2r);
      x = FloatVector.broadcast(S, a[aOff + p * 6 + 3]);
      s3l = x.fma(l, s3l);
      s3r = x.fma(r, s3r);
      x = FloatVector.broadcast(S, a[aOff + p * 6 + 4]);
      s4l = x.fma(l, s4l);
      s4r = x.fma(r, s4r);
      x = FloatVector.broadcast(S, a[aOff + p * 6 + 5]);
      s5l = x.fma(l, s5l);
      s5r = x.fma(r, s5r);
    }
    int last = cOff + (rows - 1) * cRow;
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
      s5l = s5l.add(FloatVector.fromArray(S, c, last));
      s5r = s5r.add(FloatVector.fromArray(S, c, last + L));
    }
    s5l.intoArray(c, last);
    s5r.intoArray(c, last + L);
    s4l.intoArray(c, cOff + 4 * cRow);
    s4r.intoArray(c, cOff + 4 * cRow + L);
    s3l.intoArray(c, cOff + 3 * cRow);
    s3r.intoArray(c, cOff + 3 * cRow + L);
    s2l.intoArray(c, cOff + 2 * cRow);
    s2r.intoArray(c, cOff + 2 * cRow + L);
    s1l.intoArray(c, cOff + cRow);
    s1r.intoArray(c, cOff + cRow + L);
    s0l.intoArray(c, cOff);
    s0r.intoArray(c, cOff + L);
  }

  /** 5 rows by two vectors. */
  static void rows5x2(
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
    FloatVector s0r = s0l;
    FloatVector s1l = s0l;
    FloatVector s1r = s0l;
    FloatVector s2l = s0l;
    FloatVector s2r = s0l;
    FloatVector s3l = s0l;
    FloatVector s3r = s0l;
    FloatVector s4l = s0l;
    FloatVector s4r = s0l;
    for (int p = 0; p < kc; p++) {
      int at = bOff + p * bStep;
      FloatVector l = FloatVector.fromArray(S, b, at);
      FloatVector r = FloatVector.fromArray(S, b, at + L);
      FloatVector x;
      x = FloatVector.broadcast(S, a[aOff + p * 5]);
      s0l = x.fma(l, s0l);
      s0r = x.fma(r, s0r);
      x = FloatVector.broadcast(S, a[aOff + p * 5 + 1]);
      s1l = x.fma(l, s1l);
      s1r = x.fma(r, s1r);
      x = FloatVector.broadcast(S, a[aOff + p * 5 + 2]);
      s2l = x.fma(l, s2l);
      s2r = x.fma(r, s2r);
      x = FloatVector.broadcast(S, a[aOff + p * 5 + 3]);
      s3l = x.fma(l, s3l);
      s3r = x.fma(r, s3r);
      x = FloatVector.broadcast(S, a[aOff + p * 5 + 4]);
      s4l = x.fma(l, s4l);
      s4r = x.fma(r, s4r);
    }
    int last = cOff + (rows - 1) * cRow;
    if (add) {
      s0l = s0l.add(FloatVector.fromArray(S, c, cOff));
      s0r = s0r.add(FloatVector.fromArray(S, c, cOff + L));
      s1l = s1l.add(FloatVector.fromArray(S, c, cOff + cRow));
      s1r = s1r.add(FloatVector.fromArray(S, c, cOff + cRow + L));
      s2l = s2l.add(FloatVector.fromArray(S, c, cOff + 2 * cRow));
      s2r = s2r.add(FloatVector.fromArray(S, c, cOff + 2 * cRow + L));
      s3l = s3l.add(FloatVector.fromArray(S, c, cOff + 3 * cRow));
      s3r = s3r.add(FloatVector.fromArray(S, c, cOff + 3 * cRow + L));
      s4l = s4l.add(FloatVector.fromArray(S, c, last));
      s4r = s4r.add(FloatVector.fromArray(S, c, last + L));
    }
    s4l.intoArray(c, last);
    s4r.intoArray(c, last + L);
    s3l.intoArray(c, cOff + 3 * cRow);
    s3r.intoArray(c, cOff + 3 * cRow + L);
    s2l.intoArray(c, cOff + 2 * cRow);
    s2r.intoArray(c, cOff + 2 * cRow + L);
    s1l.intoArray(c, cOff + cRow);
    s1r.intoArray(c, cOff + cRow + L);
    s0l.intoArray(c, cOff);
    s0r.intoArray(c, cOff + L);
  }

  /** 4 rows by two vectors. */
  static void rows4x2(
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
    FloatVector s0r = s0l;
    FloatVector s1l = s0l;
    FloatVector s1r = s0l;
    FloatVector s2l = s0l;
    FloatVector s2r = s0l;
    FloatVector s3l = s0l;
    FloatVector s3r = s0l;
    for (int p = 0; p < kc; p++) {
      int at = bOff + p * bStep;
      FloatVector l = FloatVector.fromArray(S, b, at);
      FloatVector r = FloatVector.fromArray(S, b, at + L);
      FloatVector x;
      x = FloatVector.broadcast(S, a[aOff + p * 4]);
      s0l = x.fma(l, s0l);
      s0r = x.fma(r, s0r);
      x = FloatVector.broadcast(S, a[aOff + p * 4 + 1]);
      s1l = x.fma(l, s1l);
      s1r = x.fma(r, s1r);
      x = FloatVector.broadcast(S, a[aOff + p * 4 + 2]);
      s2l = x.fma(l, s2l);
      s2r = x.fma(r, s2r);
      x = FloatVector.broadcast(S, a[aOff + p * 4 + 3]);
      s3l = x.fma(l, s3l);
      s3r = x.fma(r, s3r);
    }
    int last = cOff + (rows - 1) * cRow;
    if (add) {
      s0l = s0l.add(FloatVector.fromArray(S, c, cOff));
      s0r = s0r.add(FloatVector.fromArray(S, c, cOff + L));
      s1l = s1l.add(FloatVector.fromArray(S, c, cOff + cRow));
      s1r = s1r.add(FloatVector.fromArray(S, c, cOff + cRow + L));
      s2l = s2l.add(FloatVector.fromArray(S, c, cOff + 2 * cRow));
      s2r = s2r.add(FloatVector.fromArray(S, c, cOff + 2 * cRow + L));
      s3l = s3l.add(FloatVector.fromArray(S, c, last));
      s3r = s3r.add(FloatVector.fromArray(S, c, last + L));
    }
    s3l.intoArray(c, last);
    s3r.intoArray(c, last + L);
    s2l.intoArray(c, cOff + 2 * cRow);
    s2r.intoArray(c, cOff + 2 * cRow + L);
    s1l.intoArray(c, cOff + cRow);
    s1r.intoArray(c, cOff + cRow + L);
    s0l.intoArray(c, cOff);
    s0r.intoArray(c, cOff + L);
  }

  /** 2 rows by two vectors. */
  static void rows2x2(
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
    FloatVector s0r = s0l;
    FloatVector s1l = s0l;
    FloatVector s1r = s0l;
    for (int p = 0; p < kc; p++) {
      int at = bOff + p * bStep;
      FloatVector l = FloatVector.fromArray(S, b, at);
      FloatVector r = FloatVector.fromArray(S, b, at + L);
      FloatVector x;
      x = FloatVector.broadcast(S, a[aOff + p * 2]);
      s0l = x.fma(l, s0l);
      s0r = x.fma(r, s0r);
      x = FloatVector.broadcast(S, a[aOff + p * 2 + 1]);
      s1l = x.fma(l, s1l);
      s1r = x.fma(r, s1r);
    }
    int last = cOff + (rows - 1) * cRow;
    if (add) {
      s0l = s0l.add(FloatVector.fromArray(S, c, cOff));
      s0r = s0r.add(FloatVector.fromArray(S, c, cOff + L));
      s1l = s1l.add(FloatVector.fromArray(S, c, last));
      s1r = s1r.add(FloatVector.fromArray(S, c, last + L));
    }
    s1l.intoArray(c, last);
    s1r.intoArray(c, last + L);
    s0l.intoArray(c, cOff);
    s0r.intoArray(c, cOff + L);
  }
}
