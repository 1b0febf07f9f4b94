// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.convolution;

import io.hypertape.kernels.lanes.LeafLoop;
import io.hypertape.kernels.lanes.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums of taps in registers: row i of a block is Σ a[i, j]·x[base + taps[j] …] over j, with element
 * (i, j) of a, for a block of R rows, at {@code aOff + j · R + i}. A block's vectors lie anywhere
 * in x, so that images of any width fill them.
 *
 * <p>Unrolled, the stores too: accumulators must be local variables, and a call that took one and
 * was not inlined would put it on the heap in every turn of the loop.
 */
@LeafLoop
final class ConvolutionBlocks {

  private static final VectorSpecies<Float> S = VectorRows.S;

  private ConvolutionBlocks() {}

  /** Rows of the smallest block for so many planes. */
  static int rows(int planes) {
    return switch (planes) {
      case 5, 6, 7, 8 -> 8;
      case 2, 3, 4 -> 4;
      case 1 -> 1;
      default -> throw new IllegalArgumentException("no block of " + planes + " planes");
    };
  }

  /** y[rows, two vectors] (+)= Σ a·x, by the block of just so many rows. */
  static void block(
      int rows,
      int n,
      float[] a,
      int aOff,
      float[] x,
      int[] taps,
      int first,
      int base0,
      int base1,
      float[] y,
      int out0,
      int out1,
      int yStep,
      boolean add) {
    switch (rows) {
      case 8 -> rows8x2(n, a, aOff, x, taps, first, base0, base1, y, out0, out1, yStep, add);
      case 4 -> rows4x2(n, a, aOff, x, taps, first, base0, base1, y, out0, out1, yStep, add);
      case 1 -> rows1x2(n, a, aOff, x, taps, first, base0, base1, y, out0, out1, yStep, add);
      default -> throw new IllegalArgumentException("no block of " + rows + " rows");
    }
  }

  /** 8 rows by two vectors. */
  static void rows8x2(
      int n,
      float[] a,
      int aOff,
      float[] x,
      int[] taps,
      int first,
      int base0,
      int base1,
      float[] y,
      int out0,
      int out1,
      int yStep,
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
    for (int j = 0; j < n; j++) {
      int tap = taps[first + j];
      FloatVector l = FloatVector.fromArray(S, x, base0 + tap);
      FloatVector r = FloatVector.fromArray(S, x, base1 + tap);
      int at = aOff + j * 8;
      FloatVector w;
      w = FloatVector.broadcast(S, a[at]);
      s0l = w.fma(l, s0l);
      s0r = w.fma(r, s0r);
      w = FloatVector.broadcast(S, a[at + 1]);
      s1l = w.fma(l, s1l);
      s1r = w.fma(r, s1r);
      w = FloatVector.broadcast(S, a[at + 2]);
      s2l = w.fma(l, s2l);
      s2r = w.fma(r, s2r);
      w = FloatVector.broadcast(S, a[at + 3]);
      s3l = w.fma(l, s3l);
      s3r = w.fma(r, s3r);
      w = FloatVector.broadcast(S, a[at + 4]);
      s4l = w.fma(l, s4l);
      s4r = w.fma(r, s4r);
      w = FloatVector.broadcast(S, a[at + 5]);
      s5l = w.fma(l, s5l);
      s5r = w.fma(r, s5r);
      w = FloatVector.broadcast(S, a[at + 6]);
      s6l = w.fma(l, s6l);
      s6r = w.fma(r, s6r);
      w = FloatVector.broadcast(S, a[at + 7]);
      s7l = w.fma(l, s7l);
      s7r = w.fma(r, s7r);
    }
    if (add) {
      s0l = s0l.add(FloatVector.fromArray(S, y, out0));
      s0r = s0r.add(FloatVector.fromArray(S, y, out1));
      s1l = s1l.add(FloatVector.fromArray(S, y, out0 + yStep));
      s1r = s1r.add(FloatVector.fromArray(S, y, out1 + yStep));
      s2l = s2l.add(FloatVector.fromArray(S, y, out0 + 2 * yStep));
      s2r = s2r.add(FloatVector.fromArray(S, y, out1 + 2 * yStep));
      s3l = s3l.add(FloatVector.fromArray(S, y, out0 + 3 * yStep));
      s3r = s3r.add(FloatVector.fromArray(S, y, out1 + 3 * yStep));
      s4l = s4l.add(FloatVector.fromArray(S, y, out0 + 4 * yStep));
      s4r = s4r.add(FloatVector.fromArray(S, y, out1 + 4 * yStep));
      s5l = s5l.add(FloatVector.fromArray(S, y, out0 + 5 * yStep));
      s5r = s5r.add(FloatVector.fromArray(S, y, out1 + 5 * yStep));
      s6l = s6l.add(FloatVector.fromArray(S, y, out0 + 6 * yStep));
      s6r = s6r.add(FloatVector.fromArray(S, y, out1 + 6 * yStep));
      s7l = s7l.add(FloatVector.fromArray(S, y, out0 + 7 * yStep));
      s7r = s7r.add(FloatVector.fromArray(S, y, out1 + 7 * yStep));
    }
    s0l.intoArray(y, out0);
    s0r.intoArray(y, out1);
    s1l.intoArray(y, out0 + yStep);
    s1r.intoArray(y, out1 + yStep);
    s2l.intoArray(y, out0 + 2 * yStep);
    s2r.intoArray(y, out1 + 2 * yStep);
    s3l.intoArray(y, out0 + 3 * yStep);
    s3r.intoArray(y, out1 + 3 * yStep);
    s4l.intoArray(y, out0 + 4 * yStep);
    s4r.intoArray(y, out1 + 4 * yStep);
    s5l.intoArray(y, out0 + 5 * yStep);
    s5r.intoArray(y, out1 + 5 * yStep);
    s6l.intoArray(y, out0 + 6 * yStep);
    s6r.intoArray(y, out1 + 6 * yStep);
    s7l.intoArray(y, out0 + 7 * yStep);
    s7r.intoArray(y, out1 + 7 * yStep);
  }

  /** 4 rows by two vectors. */
  static void rows4x2(
      int n,
      float[] a,
      int aOff,
      float[] x,
      int[] taps,
      int first,
      int base0,
      int base1,
      float[] y,
      int out0,
      int out1,
      int yStep,
      boolean add) {
    FloatVector s0l = FloatVector.zero(S);
    FloatVector s0r = s0l;
    FloatVector s1l = s0l;
    FloatVector s1r = s0l;
    FloatVector s2l = s0l;
    FloatVector s2r = s0l;
    FloatVector s3l = s0l;
    FloatVector s3r = s0l;
    for (int j = 0; j < n; j++) {
      int tap = taps[first + j];
      FloatVector l = FloatVector.fromArray(S, x, base0 + tap);
      FloatVector r = FloatVector.fromArray(S, x, base1 + tap);
      int at = aOff + j * 4;
      FloatVector w;
      w = FloatVector.broadcast(S, a[at]);
      s0l = w.fma(l, s0l);
      s0r = w.fma(r, s0r);
      w = FloatVector.broadcast(S, a[at + 1]);
      s1l = w.fma(l, s1l);
      s1r = w.fma(r, s1r);
      w = FloatVector.broadcast(S, a[at + 2]);
      s2l = w.fma(l, s2l);
      s2r = w.fma(r, s2r);
      w = FloatVector.broadcast(S, a[at + 3]);
      s3l = w.fma(l, s3l);
      s3r = w.fma(r, s3r);
    }
    if (add) {
      s0l = s0l.add(FloatVector.fromArray(S, y, out0));
      s0r = s0r.add(FloatVector.fromArray(S, y, out1));
      s1l = s1l.add(FloatVector.fromArray(S, y, out0 + yStep));
      s1r = s1r.add(FloatVector.fromArray(S, y, out1 + yStep));
      s2l = s2l.add(FloatVector.fromArray(S, y, out0 + 2 * yStep));
      s2r = s2r.add(FloatVector.fromArray(S, y, out1 + 2 * yStep));
      s3l = s3l.add(FloatVector.fromArray(S, y, out0 + 3 * yStep));
      s3r = s3r.add(FloatVector.fromArray(S, y, out1 + 3 * yStep));
    }
    s0l.intoArray(y, out0);
    s0r.intoArray(y, out1);
    s1l.intoArray(y, out0 + yStep);
    s1r.intoArray(y, out1 + yStep);
    s2l.intoArray(y, out0 + 2 * yStep);
    s2r.intoArray(y, out1 + 2 * yStep);
    s3l.intoArray(y, out0 + 3 * yStep);
    s3r.intoArray(y, out1 + 3 * yStep);
  }

  /** 1 row by two vectors. */
  static void rows1x2(
      int n,
      float[] a,
      int aOff,
      float[] x,
      int[] taps,
      int first,
      int base0,
      int base1,
      float[] y,
      int out0,
      int out1,
      int yStep,
      boolean add) {
    FloatVector s0l = FloatVector.zero(S);
    FloatVector s0r = s0l;
    for (int j = 0; j < n; j++) {
      int tap = taps[first + j];
      FloatVector l = FloatVector.fromArray(S, x, base0 + tap);
      FloatVector r = FloatVector.fromArray(S, x, base1 + tap);
      int at = aOff + j;
      FloatVector w;
      w = FloatVector.broadcast(S, a[at]);
      s0l = w.fma(l, s0l);
      s0r = w.fma(r, s0r);
    }
    if (add) {
      s0l = s0l.add(FloatVector.fromArray(S, y, out0));
      s0r = s0r.add(FloatVector.fromArray(S, y, out1));
    }
    s0l.intoArray(y, out0);
    s0r.intoArray(y, out1);
  }
}
