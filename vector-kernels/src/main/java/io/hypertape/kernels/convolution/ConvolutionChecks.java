package io.hypertape.kernels.convolution;

import io.hypertape.kernels.lanes.Floats;
import java.util.Locale;

/** Whether operands of {@link Convolutions} fit their sizes. */
final class ConvolutionChecks {

  private ConvolutionChecks() {}

  static void forward(ConvolutionShape s, Floats x, Floats w, Floats y) {
    images("x", s, x);
    filters("w", s, w);
    outputs("y", s, y);
    y.disjointFrom("y", "x", x);
    y.disjointFrom("y", "w", w);
  }

  static void data(ConvolutionShape s, Floats dy, Floats w, Floats dx) {
    outputs("dy", s, dy);
    filters("w", s, w);
    images("dx", s, dx);
    dx.disjointFrom("dx", "dy", dy);
    dx.disjointFrom("dx", "w", w);
  }

  static void filter(ConvolutionShape s, Floats x, Floats dy, Floats dw) {
    images("x", s, x);
    outputs("dy", s, dy);
    filters("dw", s, dw);
    dw.disjointFrom("dw", "x", x);
    dw.disjointFrom("dw", "dy", dy);
  }

  private static void images(String name, ConvolutionShape s, Floats x) {
    fits(name, x, s.batch(), s.channels(), s.height(), s.width());
  }

  private static void filters(String name, ConvolutionShape s, Floats w) {
    fits(name, w, s.filters(), s.groupChannels(), s.filterHeight(), s.filterWidth());
  }

  private static void outputs(String name, ConvolutionShape s, Floats y) {
    fits(name, y, s.batch(), s.filters(), s.outHeight(), s.outWidth());
  }

  private static void fits(String name, Floats x, int a, int b, int c, int d) {
    // In double: no product of four ints overflows it, nor does it round one that could fit.
    double elements = (double) a * b * c * d;
    if (elements != x.length()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s [%d, %d, %d, %d] has %.0f elements; %d are given",
              name,
              a,
              b,
              c,
              d,
              elements,
              x.length()));
    }
  }
}
