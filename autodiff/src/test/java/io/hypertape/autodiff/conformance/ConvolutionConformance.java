package io.hypertape.autodiff.conformance;

import io.hypertape.autodiff.backend.ConvolutionPass;
import io.hypertape.autodiff.conformance.Bench.Pair;
import io.hypertape.tensor.Convolution;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The three products of a convolution. */
interface ConvolutionConformance extends LayerSuite {

  /** Scaled by the longest sum here, some 600 products of normal numbers. */
  double TOLERANCE = 1e-4;

  /** Images [n, c, h, w] and filters [k, c/groups, r, s]. */
  record Case(int n, int c, int h, int w, int k, int r, int s, Convolution form) {
    int[] x() {
      return new int[] {n, c, h, w};
    }

    int[] filters() {
      return new int[] {k, c / form.groups(), r, s};
    }

    int[] y() {
      return new int[] {n, k, form.outputHeight(h, r), form.outputWidth(w, s)};
    }
  }

  List<Case> CASES =
      List.of(
          new Case(1, 1, 1, 1, 1, 1, 1, Convolution.of(1, 0)),
          new Case(2, 3, 5, 4, 4, 1, 1, Convolution.of(1, 0)),
          new Case(1, 2, 3, 3, 2, 3, 3, Convolution.of(1, 0)),
          new Case(2, 3, 8, 8, 16, 3, 3, Convolution.of(1, 1)),
          new Case(3, 16, 7, 9, 17, 3, 3, Convolution.of(1, 1)),
          new Case(1, 17, 6, 5, 8, 3, 3, Convolution.of(2, 1)),
          new Case(2, 16, 8, 8, 32, 3, 3, Convolution.of(2, 1)),
          new Case(2, 16, 8, 8, 32, 1, 1, Convolution.of(2, 0)),
          new Case(2, 1, 12, 11, 5, 5, 5, Convolution.of(1, 2)),
          // Rows and columns at the end that no window reaches.
          new Case(2, 2, 8, 9, 3, 2, 3, Convolution.of(3, 0)),
          // Filters larger than the images, windows that see padding only.
          new Case(1, 2, 2, 3, 2, 5, 4, new Convolution(1, 1, 2, 2, 1, 1, 1)),
          new Case(1, 1, 2, 2, 2, 1, 1, new Convolution(1, 2, 2, 1, 1, 1, 1)),
          new Case(2, 3, 9, 8, 4, 3, 2, new Convolution(1, 1, 2, 1, 2, 3, 1)),
          new Case(1, 4, 9, 10, 6, 3, 3, new Convolution(2, 3, 1, 0, 2, 1, 2)),
          new Case(2, 6, 5, 5, 6, 3, 3, new Convolution(1, 1, 1, 1, 1, 1, 6)),
          new Case(1, 3, 7, 7, 9, 3, 1, new Convolution(2, 2, 1, 0, 1, 1, 3)),
          new Case(1, 33, 4, 4, 31, 3, 3, Convolution.of(1, 1)),
          new Case(5, 3, 16, 16, 16, 3, 3, Convolution.of(1, 1)));

  @ParameterizedTest
  @EnumSource
  default void convolution(ConvolutionPass pass) {
    for (Case c : CASES) {
      Pair x = bench().normal(c.x());
      Pair w = bench().scaled(0.25, c.filters());
      Pair y = bench().scaled(0.25, c.y());
      switch (pass) {
        case FORWARD -> checkConvolution(pass, c, x, w, bench().out(c.y()));
        case DATA -> checkConvolution(pass, c, y, w, bench().out(c.x()));
        case FILTER -> checkConvolution(pass, c, x, y, bench().out(c.filters()));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  default void convolutionInsideLargerStorage(ConvolutionPass pass) {
    Case c = new Case(2, 3, 7, 8, 4, 3, 3, Convolution.of(2, 1));
    Pair x = bench().shifted(bench().normal(c.x()));
    Pair w = bench().shifted(bench().scaled(0.25, c.filters()));
    Pair y = bench().shifted(bench().scaled(0.25, c.y()));
    switch (pass) {
      case FORWARD -> checkConvolution(pass, c, x, w, bench().shifted(bench().out(c.y())));
      case DATA -> checkConvolution(pass, c, y, w, bench().shifted(bench().out(c.x())));
      case FILTER -> checkConvolution(pass, c, x, y, bench().shifted(bench().out(c.filters())));
    }
  }

  private void checkConvolution(ConvolutionPass pass, Case c, Pair a, Pair b, Pair out) {
    bench()
        .checkLayer(
            pass + " of " + c,
            TOLERANCE,
            List.of(a, b, out),
            (backend, v) -> backend.convolution(pass, c.form(), v[0], v[1], v[2]),
            out);
  }
}
