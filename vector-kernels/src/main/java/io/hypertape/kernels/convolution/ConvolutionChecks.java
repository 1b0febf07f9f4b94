package io.hypertape.kernels.convolution;

import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.OperandChecks;

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
    OperandChecks.shape(
        name, x.length(), new int[] {s.batch(), s.channels(), s.height(), s.width()});
  }

  private static void filters(String name, ConvolutionShape s, Floats w) {
    OperandChecks.shape(
        name,
        w.length(),
        new int[] {s.filters(), s.groupChannels(), s.filterHeight(), s.filterWidth()});
  }

  private static void outputs(String name, ConvolutionShape s, Floats y) {
    OperandChecks.shape(
        name, y.length(), new int[] {s.batch(), s.filters(), s.outHeight(), s.outWidth()});
  }
}
