package io.hypertape.kernels.elementwise;

import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Strided;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sums along any axes of a strided operand, one axis after the other, the longest first: along
 * contiguous elements as rows, across them as {@link ColumnSums}, elsewhere element by element in
 * double precision. Axes are taken in the order in which they lie in memory, so that a transpose
 * costs what its original does. The order of a sum depends on lengths and strides alone.
 */
final class StridedSums {

  /** Columns that are summed together: their sums stay in the first-level cache. */
  private static final int COLUMNS = 2048;

  /** The sum of a contiguous row. */
  interface RowSum {
    float of(int n, float[] x, int xOff);
  }

  private final RowSum row;
  private final ColumnSums columns;
  private final double[] totals = new double[COLUMNS];

  // What is left after the passes but the last, in turns.
  private float[] first = {};
  private float[] second = {};

  StridedSums(RowSum row, ColumnSums.Rows columns) {
    this.row = row;
    this.columns = new ColumnSums(columns);
  }

  /** Sums along the axes where folded's stride is 0, which is out in x's shape; none is empty. */
  Call call(Strided x, Strided folded, Strided out) {
    SumAxes axes = new SumAxes(x, folded);
    List<SumPass> before = new ArrayList<>();
    int xOff = x.offset() + axes.moved;
    while (axes.left() > 1) {
      before.add(axes.next(xOff, 0));
      makeRoom(before.size(), axes.size());
      xOff = 0;
    }
    SumPass last = axes.next(xOff, out.offset());
    List<SumPass> passes = List.copyOf(before);
    float[] from = x.array();
    float[] to = out.array();
    if (axes.times == 1) {
      return () -> run(passes, last, from, to);
    }
    RowWalk results = RowWalk.rows(out, out, out);
    long times = axes.times;
    return () -> {
      run(passes, last, from, to);
      multiply(times, results, to);
    };
  }

  private void makeRoom(int passes, int size) {
    if (passes % 2 == 1) {
      first = first.length < size ? new float[size] : first;
    } else {
      second = second.length < size ? new float[size] : second;
    }
  }

  private void run(List<SumPass> before, SumPass last, float[] x, float[] out) {
    float[] from = x;
    for (int i = 0; i < before.size(); i++) {
      float[] kept = i % 2 == 0 ? first : second;
      along(before.get(i), from, kept);
      from = kept;
    }
    along(last, from, out);
  }

  /** Sums along one axis. */
  private void along(SumPass pass, float[] x, float[] out) {
    RowWalk rows = pass.rows();
    rows.begin();
    do {
      if (pass.sideBySide()) {
        sideBySide(pass, x, out);
      } else {
        oneByOne(pass, x, out);
      }
    } while (rows.next());
  }

  private void oneByOne(SumPass pass, float[] x, float[] out) {
    RowWalk rows = pass.rows();
    int n = pass.n();
    int step = pass.step();
    int from = rows.a();
    int to = rows.c();
    int length = rows.length();
    int fromStep = rows.stepA();
    int toStep = rows.stepC();
    for (int i = 0; i < length; i++) {
      out[to + i * toStep] = single(n, x, from + i * fromStep, step);
    }
  }

  private float single(int n, float[] x, int xOff, int step) {
    if (step == 0) {
      // A sum of nothing but −0 is 0.
      return 0 + x[xOff];
    }
    return step == 1 ? row.of(n, x, xOff) : strided(n, x, xOff, step);
  }

  private static float strided(int n, float[] x, int xOff, int step) {
    double sum0 = 0;
    double sum1 = 0;
    int i = 0;
    for (; i < n - 1; i += 2) {
      sum0 += x[xOff + i * step];
      sum1 += x[xOff + (i + 1) * step];
    }
    return (float) (sum0 + (i < n ? sum1 + x[xOff + i * step] : sum1));
  }

  private void sideBySide(SumPass pass, float[] x, float[] out) {
    RowWalk rows = pass.rows();
    int toStep = rows.stepC();
    for (int j = 0; j < rows.length(); j += COLUMNS) {
      int some = Math.min(COLUMNS, rows.length() - j);
      int from = rows.a() + j * rows.stepA();
      int to = rows.c() + j * toStep;
      if (rows.stepA() == 1) {
        columns.begin(pass.n(), some, pass.step());
        columns.add(pass.n(), x, from);
        columns.end(out, to, toStep);
      } else {
        total(pass, some, x, from);
        for (int k = 0; k < some; k++) {
          out[to + k * toStep] = (float) totals[k];
        }
      }
    }
  }

  private void total(SumPass pass, int cols, float[] x, int xOff) {
    int step = pass.step();
    int colStep = pass.rows().stepA();
    Arrays.fill(totals, 0, cols, 0);
    for (int i = 0; i < pass.n(); i++) {
      for (int j = 0; j < cols; j++) {
        totals[j] += x[xOff + i * step + j * colStep];
      }
    }
  }

  private static void multiply(long times, RowWalk results, float[] out) {
    results.begin();
    do {
      for (int i = 0; i < results.length(); i++) {
        int at = results.c() + i * results.stepC();
        out[at] = (float) ((double) times * out[at]);
      }
    } while (results.next());
  }
}
