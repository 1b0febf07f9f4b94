package io.hypertape.autodiff.conformance;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.conformance.Bench.Pair;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Softmax of rows, and choices from them. */
interface ChoiceConformance extends LayerSuite {

  double EXACT = 1e-7;
  double ROUNDED = 4e-6;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 9, 10, 16, 17, 100, 1000})
  default void softmaxAndItsDerivative(int classes) {
    for (int rows : new int[] {0, 1, 7, 64}) {
      Pair x = bench().normal(rows, classes);
      Pair y = bench().out(rows, classes);
      bench().check("logSoftmax", ROUNDED, List.of(x, y), (b, v) -> b.logSoftmax(v[0], v[1]), y);
      Pair xt = bench().transposed(bench().normal(classes, rows));
      Pair yt = bench().out(rows, classes);
      bench()
          .check(
              "logSoftmax of a transpose",
              ROUNDED,
              List.of(xt, yt),
              (b, v) -> b.logSoftmax(v[0], v[1]),
              yt);
      for (Pair c :
          new Pair[] {
            bench().normal(rows, classes), bench().broadcast(bench().scalar(0.5), rows, classes)
          }) {
        Pair g = bench().out(rows, classes);
        bench()
            .check(
                "logSoftmaxGrad",
                1e-4,
                List.of(c, y, g),
                (b, v) -> b.logSoftmaxGrad(v[0], v[1], v[2]),
                g);
      }
    }
  }

  @Test
  default void softmaxOfLargeValuesIsStable() {
    Pair x = bench().of(new double[] {1000, 1001, 999, -1000, 0, 1000}, 2, 3);
    Pair y = bench().out(2, 3);
    bench().check("logSoftmax", ROUNDED, List.of(x, y), (b, v) -> b.logSoftmax(v[0], v[1]), y);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16, 37})
  default void pickAndScatter(int rows) {
    Pair index = bench().labels(rows, 10);
    Pair x = bench().normal(rows, 10);
    Pair picked = bench().out(rows);
    bench()
        .check(
            "pick", EXACT, List.of(x, index, picked), (b, v) -> b.pick(v[0], v[1], v[2]), picked);
    for (Pair c :
        new Pair[] {bench().normal(rows), bench().broadcast(bench().scalar(-0.5), rows)}) {
      Pair placed = bench().out(rows, 10);
      bench()
          .check(
              "scatter",
              EXACT,
              List.of(c, index, placed),
              (b, v) -> b.scatter(v[0], v[1], v[2]),
              placed);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  default void indexOutOfRangeIsNamed(int classes) {
    Pair x = bench().normal(5, classes);
    Pair index = bench().labels(5, 1);
    int[] bad = {0, 1, classes, 0, 0};
    bench().subject.write(java.lang.foreign.MemorySegment.ofArray(bad), index.subject().storage());
    View out = bench().out(5).subject();
    Exception e =
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> {
              bench().subject.pick(x.subject(), index.subject(), out);
              bench().subject.synchronize();
            });
    assertTrue(e.getMessage().contains(Integer.toString(classes)), e.getMessage());
    assertTrue(e.getMessage().contains("index[2]"), e.getMessage());
  }
}
