package io.hypertape.autodiff.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.View;
import io.hypertape.autodiff.conformance.Bench.Pair;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows of a table by index, and their adjoint. */
interface RowsConformance extends LayerSuite {

  @Test
  default void gatherAndScatterRows() {
    for (int rows : new int[] {1, 5, 100}) {
      for (int columns : new int[] {0, 1, 3, 16, 17, 128}) {
        for (int n : new int[] {0, 1, 7, 65}) {
          checkRows(bench().labels(n, rows), rows, columns, n);
        }
      }
    }
  }

  /** Many rows in one place: sums in the order of i, so the same bits each time. */
  @Test
  default void scatterRowsIsDeterministic() {
    Pair index = bench().labels(500, 3);
    checkRows(index, 3, 33, 500);
    Pair in = bench().normal(500, 33);
    Backend subject = bench().subject;
    double[] first = null;
    for (int round = 0; round < 3; round++) {
      View out = bench().out(3, 33).subject();
      subject.scatterRows(in.subject(), index.subject(), out);
      double[] sums = Bench.read(subject, out);
      if (first != null) {
        assertArrayEquals(first, sums);
      }
      first = sums;
    }
  }

  private void checkRows(Pair index, int rows, int columns, int n) {
    String what = n + " of " + rows + "×" + columns;
    Pair taken = bench().shifted(bench().out(n, columns));
    bench()
        .checkLayer(
            "gatherRows, " + what,
            0,
            List.of(bench().shifted(bench().normal(rows, columns)), index, taken),
            (b, v) -> b.gatherRows(v[0], v[1], v[2]),
            taken);
    Pair added = bench().shifted(bench().out(rows, columns));
    bench()
        .checkLayer(
            "scatterRows, " + what,
            2e-5,
            List.of(bench().shifted(bench().normal(n, columns)), index, added),
            (b, v) -> b.scatterRows(v[0], v[1], v[2]),
            added);
  }

  @Test
  default void rowOutOfRangeIsNamed() {
    for (int wrong : new int[] {6, -1, Integer.MAX_VALUE}) {
      View index = bench().indices(new int[] {0, 5, 3, wrong}, 4).subject();
      View table = bench().normal(6, 3).subject();
      View rows = bench().normal(4, 3).subject();
      checkNamed(wrong, b -> b.gatherRows(table, index, rows));
      checkNamed(wrong, b -> b.scatterRows(rows, index, table));
    }
  }

  private void checkNamed(int wrong, java.util.function.Consumer<Backend> call) {
    Exception e =
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> {
              call.accept(bench().subject);
              bench().subject.synchronize();
            });
    assertTrue(e.getMessage().contains("index[3]"), e.getMessage());
    assertTrue(e.getMessage().contains(Integer.toString(wrong)), e.getMessage());
    assertTrue(e.getMessage().contains("5"), e.getMessage());
  }
}
