package io.hypertape.autodiff.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.hypertape.autodiff.conformance.Bench.Pair;
import io.hypertape.tensor.Pooling;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Maxima and means of windows, and their adjoints. */
interface PoolingConformance extends LayerSuite {

  double TOLERANCE = 4e-6;

  /** Images [n, c, h, w]. */
  record Case(int n, int c, int h, int w, Pooling form) {
    int[] x() {
      return new int[] {n, c, h, w};
    }

    int[] y() {
      return new int[] {n, c, form.outputHeight(h), form.outputWidth(w)};
    }
  }

  List<Case> CASES =
      List.of(
          new Case(1, 1, 1, 1, Pooling.of(1)),
          new Case(2, 3, 8, 8, Pooling.of(2)),
          // The last row and column are in no window.
          new Case(1, 2, 7, 5, Pooling.of(2)),
          new Case(3, 2, 9, 7, Pooling.of(3)),
          new Case(2, 17, 6, 6, new Pooling(3, 3, 2, 2, 1, 1)),
          new Case(1, 2, 5, 6, new Pooling(2, 3, 1, 1, 1, 0)),
          new Case(1, 3, 7, 33, new Pooling(1, 4, 3, 1, 0, 2)),
          new Case(2, 1, 5, 4, new Pooling(2, 2, 3, 3, 0, 0)),
          new Case(2, 5, 4, 4, Pooling.of(4)),
          new Case(4, 16, 28, 28, Pooling.of(2)));

  @Test
  default void maxPool() {
    for (Case c : CASES) {
      checkMaxima(c, bench().normal(c.x()));
    }
  }

  /** Of equal elements the first, and NaN before all: PyTorch's rule. */
  @Test
  default void maxPoolOfTiesAndNan() {
    double nan = Double.NaN;
    double low = Double.NEGATIVE_INFINITY;
    Pair x =
        bench()
            .of(
                new double[] {
                  1, 1, 2, 2, 0, -0.0, //
                  1, 1, 3, 2, -0.0, 0, //
                  nan, 5, low, low, 7, nan, //
                  9, nan, low, low, nan, 9
                },
                1,
                1,
                4,
                6);
    checkMaxima(new Case(1, 1, 4, 6, Pooling.of(2)), x);
    Pair y = bench().out(1, 1, 2, 3);
    Pair index = bench().outIndices(1, 1, 2, 3);
    bench()
        .check(
            "maxPool",
            0,
            List.of(x, y, index),
            (b, v) -> b.maxPool(Pooling.of(2), v[0], v[1], v[2]));
    assertArrayEquals(
        new double[] {1, 3, 0, nan, low, nan}, Bench.read(bench().subject, y.subject()));
    assertArrayEquals(
        new int[] {0, 8, 4, 12, 14, 17}, Bench.readIntegers(bench().subject, index.subject()));
    checkMaxima(new Case(1, 1, 4, 6, new Pooling(3, 3, 1, 1, 1, 1)), x);
    Case plateau = new Case(2, 3, 9, 8, new Pooling(3, 3, 2, 2, 1, 1));
    checkMaxima(plateau, bench().of(new double[Bench.size(plateau.x())], plateau.x()));
  }

  private void checkMaxima(Case c, Pair x) {
    Pair y = bench().shifted(bench().out(c.y()));
    Pair index = bench().outIndices(c.y());
    bench()
        .checkLayer(
            "maxPool of " + c,
            0,
            List.of(bench().shifted(x), y, index),
            (b, v) -> b.maxPool(c.form(), v[0], v[1], v[2]),
            y,
            index);
    Pair placed = bench().shifted(bench().out(c.x()));
    bench()
        .checkLayer(
            "maxPoolScatter of " + c,
            TOLERANCE,
            List.of(bench().shifted(bench().normal(c.y())), index, placed),
            (b, v) -> b.maxPoolScatter(c.form(), v[0], v[1], v[2]),
            placed);
    Pair taken = bench().shifted(bench().out(c.y()));
    bench()
        .checkLayer(
            "maxPoolGather of " + c,
            0,
            List.of(bench().shifted(bench().normal(c.x())), index, taken),
            (b, v) -> b.maxPoolGather(c.form(), v[0], v[1], v[2]),
            taken);
  }

  @Test
  default void averagePool() {
    for (Case c : CASES) {
      Pair y = bench().shifted(bench().out(c.y()));
      bench()
          .checkLayer(
              "averagePool of " + c,
              TOLERANCE,
              List.of(bench().shifted(bench().normal(c.x())), y),
              (b, v) -> b.averagePool(c.form(), v[0], v[1]),
              y);
      Pair x = bench().shifted(bench().out(c.x()));
      bench()
          .checkLayer(
              "averagePoolAdjoint of " + c,
              TOLERANCE,
              List.of(bench().shifted(bench().normal(c.y())), x),
              (b, v) -> b.averagePoolAdjoint(c.form(), v[0], v[1]),
              x);
    }
  }
}
