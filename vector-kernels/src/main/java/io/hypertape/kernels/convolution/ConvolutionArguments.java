package io.hypertape.kernels.convolution;

import java.util.Locale;

/** Checks of a convolution's operands: each refusal names the operand and what would fit. */
public final class ConvolutionArguments {

  private ConvolutionArguments() {}

  public static void forward(
      ConvolutionShape s, float[] x, int xOff, float[] w, int wOff, float[] y, int yOff) {
    long xs = images("x", s, x, xOff);
    long ws = filters("w", s, w, wOff);
    long ys = outputs("y", s, y, yOff);
    apart("y", ys, y, yOff, "x", xs, x, xOff);
    apart("y", ys, y, yOff, "w", ws, w, wOff);
  }

  public static void data(
      ConvolutionShape s, float[] dy, int dyOff, float[] w, int wOff, float[] dx, int dxOff) {
    long ys = outputs("dy", s, dy, dyOff);
    long ws = filters("w", s, w, wOff);
    long xs = images("dx", s, dx, dxOff);
    apart("dx", xs, dx, dxOff, "dy", ys, dy, dyOff);
    apart("dx", xs, dx, dxOff, "w", ws, w, wOff);
  }

  public static void filter(
      ConvolutionShape s, float[] x, int xOff, float[] dy, int dyOff, float[] dw, int dwOff) {
    long xs = images("x", s, x, xOff);
    long ys = outputs("dy", s, dy, dyOff);
    long ws = filters("dw", s, dw, dwOff);
    apart("dw", ws, dw, dwOff, "x", xs, x, xOff);
    apart("dw", ws, dw, dwOff, "dy", ys, dy, dyOff);
  }

  private static long images(String name, ConvolutionShape s, float[] x, int off) {
    return within(name, x, off, s.batch(), s.channels(), s.height(), s.width());
  }

  private static long filters(String name, ConvolutionShape s, float[] w, int off) {
    return within(name, w, off, s.filters(), s.groupChannels(), s.filterHeight(), s.filterWidth());
  }

  private static long outputs(String name, ConvolutionShape s, float[] y, int off) {
    return within(name, y, off, s.batch(), s.filters(), s.outHeight(), s.outWidth());
  }

  /** A tensor lies within its array; how many elements it has. */
  private static long within(String name, float[] array, int off, int a, int b, int c, int d) {
    // In double: no product of four ints overflows it, nor does it round one that could fit.
    double elements = (double) a * b * c * d;
    if (off < 0 || elements > (double) array.length - off) {
      throw new IndexOutOfBoundsException(
          String.format(
              Locale.ROOT,
              "%s [%d, %d, %d, %d] at offset %d has %.0f elements, the array %d",
              name,
              a,
              b,
              c,
              d,
              off,
              elements,
              array.length));
    }
    return (long) elements;
  }

  /** The output has no element in common with an input. */
  private static void apart(
      String name, long n, float[] out, int outOff, String other, long m, float[] in, int inOff) {
    if (out == in && outOff < inOff + m && inOff < outOff + n) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s, %d elements at %d, overlaps %s, %d elements at %d of the same array",
              name,
              n,
              outOff,
              other,
              m,
              inOff));
    }
  }
}
