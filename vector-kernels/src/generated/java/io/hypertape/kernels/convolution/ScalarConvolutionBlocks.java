// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.convolution;

import io.hypertape.kernels.lanes.Fma;
import io.hypertape.kernels.lanes.LeafLoop;

/**
 * Sums of taps in registers: row i of a block is Σ a[i, j]·x[base + taps[j] …] over j, with element
 * (i, j) of a, for a block of R rows, at {@code aOff + j · R + i}. A block's vectors lie anywhere
 * in x, so that images of any width fill them.
 *
 * <p>Unrolled, the stores too: accumulators must be local variables, and a call that took one and
 * was not inlined would put it on the heap in every turn of the loop.
 */
@LeafLoop
final class ScalarConvolutionBlocks {

  private ScalarConvolutionBlocks() {}

  /** Rows of the smallest block for so many planes. */
  static int rows(int planes) {
    return switch (planes) {
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
      case 4 -> rows4x2(n, a, aOff, x, taps, first, base0, base1, y, out0, out1, yStep, add);
      case 1 -> rows1x2(n, a, aOff, x, taps, first, base0, base1, y, out0, out1, yStep, add);
      default -> throw new IllegalArgumentException("no block of " + rows + " rows");
    }
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
    float s0l = 0;
    float s0r = 0;
    float s1l = 0;
    float s1r = 0;
    float s2l = 0;
    float s2r = 0;
    float s3l = 0;
    float s3r = 0;
    for (int j = 0; j < n; j++) {
      int tap = taps[first + j];
      float l = x[base0 + tap];
      float r = x[base1 + tap];
      int at = aOff + j * 4;
      float w;
      w = a[at];
      s0l = Fma.fma(w, l, s0l);
      s0r = Fma.fma(w, r, s0r);
      w = a[at + 1];
      s1l = Fma.fma(w, l, s1l);
      s1r = Fma.fma(w, r, s1r);
      w = a[at + 2];
      s2l = Fma.fma(w, l, s2l);
      s2r = Fma.fma(w, r, s2r);
      w = a[at + 3];
      s3l = Fma.fma(w, l, s3l);
      s3r = Fma.fma(w, r, s3r);
    }
    if (add) {
      s0l = s0l + y[out0];
      s0r = s0r + y[out1];
      s1l = s1l + y[out0 + yStep];
      s1r = s1r + y[out1 + yStep];
      s2l = s2l + y[out0 + 2 * yStep];
      s2r = s2r + y[out1 + 2 * yStep];
      s3l = s3l + y[out0 + 3 * yStep];
      s3r = s3r + y[out1 + 3 * yStep];
    }
    y[out0] = s0l;
    y[out1] = s0r;
    y[out0 + yStep] = s1l;
    y[out1 + yStep] = s1r;
    y[out0 + 2 * yStep] = s2l;
    y[out1 + 2 * yStep] = s2r;
    y[out0 + 3 * yStep] = s3l;
    y[out1 + 3 * yStep] = s3r;
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
    float s0l = 0;
    float s0r = 0;
    for (int j = 0; j < n; j++) {
      int tap = taps[first + j];
      float l = x[base0 + tap];
      float r = x[base1 + tap];
      int at = aOff + j;
      float w;
      w = a[at];
      s0l = Fma.fma(w, l, s0l);
      s0r = Fma.fma(w, r, s0r);
    }
    if (add) {
      s0l = s0l + y[out0];
      s0r = s0r + y[out1];
    }
    y[out0] = s0l;
    y[out1] = s0r;
  }
}
