package io.hypertape.kernels.elementwise;

import java.util.Arrays;

/**
 * Sums along any axes of a strided operand, one axis after the other, the longest first: along
 * contiguous elements as rows, across them as {@link ColumnSums}, elsewhere element by element in
 * double precision. Axes are taken in the order in which they lie in memory, so that a transpose
 * costs what its original does. The order of a sum depends on lengths and strides alone.
 */
public final class StridedSums {

  /** Columns that are summed together: their sums stay in the first-level cache. */
  private static final int COLUMNS = 2048;

  /** The sum of a contiguous row. */
  public interface RowSum {
    float of(int n, float[] x, int xOff);
  }

  private final RowSum row;
  private final ColumnSums columns;
  private final double[] totals = new double[COLUMNS];

  // Axes from the longest stride to the shortest, neighbours that lie end to end joined.
  private int rank;
  private int[] lengths = new int[8];
  private int[] steps = new int[8];
  private int[] outSteps = new int[8];

  // Where the sums along one axis go: strides, the axes that are walked, and where the walk is.
  private int[] toSteps = new int[8];
  private int[] walked = new int[8];
  private int[] counter = new int[8];
  private int depth;
  private int at;
  private int to;

  private float[] first = {};
  private float[] second = {};

  public StridedSums(RowSum row, ColumnSums.Rows columns) {
    this.row = row;
    this.columns = new ColumnSums(columns);
  }

  public ColumnSums columns() {
    return columns;
  }

  /** Sums along the axes where out's stride is 0; no axis is of length 0. */
  public void run(
      int[] shape, float[] x, int xOff, int[] xStrides, float[] out, int outOff, int[] outStrides) {
    float[] from = x;
    int fromOff = xOff + collect(shape, xStrides, outStrides);
    long times = times(shape, xStrides, outStrides);
    int axis = longest();
    while (axis >= 0 && reducedAxes() > 1) {
      float[] kept = room(from, axis);
      denseTargets(axis);
      along(axis, from, fromOff, kept, 0);
      remove(axis);
      from = kept;
      fromOff = 0;
      axis = longest();
    }
    System.arraycopy(outSteps, 0, toSteps, 0, rank);
    if (axis >= 0) {
      along(axis, from, fromOff, out, outOff);
    } else {
      copy(from, fromOff, out, outOff);
    }
    if (times > 1) {
      multiply(times, shape, out, outOff, outStrides);
    }
  }

  /** Takes in the axes; returns by how much x's first element moves. */
  private int collect(int[] shape, int[] xStrides, int[] outStrides) {
    grow(shape.length);
    rank = 0;
    int moved = 0;
    for (int axis = 0; axis < shape.length; axis++) {
      int step = xStrides[axis];
      boolean reduced = outStrides[axis] == 0;
      if (shape[axis] == 1 || (reduced && step == 0)) {
        // Equal numbers are multiplied in the end.
        continue;
      }
      if (reduced && step < 0) {
        // Backwards is as good.
        moved += (shape[axis] - 1) * step;
        step = -step;
      }
      insert(shape[axis], step, outStrides[axis]);
    }
    join();
    return moved;
  }

  private void grow(int needed) {
    if (needed > lengths.length) {
      lengths = new int[needed];
      steps = new int[needed];
      outSteps = new int[needed];
      toSteps = new int[needed];
      walked = new int[needed];
      counter = new int[needed];
    }
  }

  /** Longest strides first; what repeats numbers comes before all others. */
  private void insert(int length, int step, int outStep) {
    int place = rank++;
    while (place > 0 && extent(steps[place - 1]) < extent(step)) {
      lengths[place] = lengths[place - 1];
      steps[place] = steps[place - 1];
      outSteps[place] = outSteps[place - 1];
      place--;
    }
    lengths[place] = length;
    steps[place] = step;
    outSteps[place] = outStep;
  }

  private static int extent(int step) {
    return step == 0 ? Integer.MAX_VALUE : Math.abs(step);
  }

  private void join() {
    int joined = 0;
    for (int axis = 1; axis < rank; axis++) {
      boolean endToEnd =
          steps[joined] == steps[axis] * lengths[axis]
              && outSteps[joined] == outSteps[axis] * lengths[axis]
              && (long) lengths[joined] * lengths[axis] <= Integer.MAX_VALUE;
      joined += endToEnd ? 0 : 1;
      lengths[joined] = endToEnd ? lengths[joined] * lengths[axis] : lengths[axis];
      steps[joined] = steps[axis];
      outSteps[joined] = outSteps[axis];
    }
    rank = Math.min(rank, joined + 1);
  }

  /** How often each number counts. */
  private static long times(int[] shape, int[] xStrides, int[] outStrides) {
    long times = 1;
    for (int axis = 0; axis < shape.length; axis++) {
      times *= outStrides[axis] == 0 && xStrides[axis] == 0 ? shape[axis] : 1;
    }
    return times;
  }

  private int longest() {
    int longest = -1;
    for (int axis = 0; axis < rank; axis++) {
      if (outSteps[axis] == 0 && (longest < 0 || lengths[axis] > lengths[longest])) {
        longest = axis;
      }
    }
    return longest;
  }

  private int reducedAxes() {
    int count = 0;
    for (int axis = 0; axis < rank; axis++) {
      count += outSteps[axis] == 0 ? 1 : 0;
    }
    return count;
  }

  /** Scratch for what is left without an axis; not where x lies. */
  private float[] room(float[] x, int axis) {
    int size = 1;
    for (int i = 0; i < rank; i++) {
      size *= i == axis ? 1 : lengths[i];
    }
    if (x == first) {
      second = second.length < size ? new float[size] : second;
      return second;
    }
    first = first.length < size ? new float[size] : first;
    return first;
  }

  private void denseTargets(int axis) {
    int step = 1;
    for (int i = rank - 1; i >= 0; i--) {
      toSteps[i] = i == axis ? 0 : step;
      step *= i == axis ? 1 : lengths[i];
    }
  }

  /** Goes on with the sums along an axis in place of x. */
  private void remove(int axis) {
    System.arraycopy(toSteps, 0, steps, 0, rank);
    rank--;
    for (int i = axis; i < rank; i++) {
      lengths[i] = lengths[i + 1];
      steps[i] = steps[i + 1];
      outSteps[i] = outSteps[i + 1];
    }
    join();
  }

  /** Sums along one axis. */
  private void along(int axis, float[] x, int xOff, float[] target, int targetOff) {
    int n = lengths[axis];
    int step = steps[axis];
    int inner = rank - 1;
    if (step == 1 || axis == inner) {
      begin(axis, axis, xOff, targetOff);
      do {
        target[to] = step == 1 ? row.of(n, x, at) : strided(n, x, at, step);
      } while (next());
      return;
    }
    int cols = lengths[inner];
    begin(axis, inner, xOff, targetOff);
    do {
      for (int j = 0; j < cols; j += COLUMNS) {
        int some = Math.min(COLUMNS, cols - j);
        int from = at + j * steps[inner];
        int into = to + j * toSteps[inner];
        if (steps[inner] == 1) {
          columns.begin(n, some, step);
          columns.add(n, x, from);
          columns.end(target, into, toSteps[inner]);
        } else {
          strided(n, x, from, step, some, steps[inner], target, into, toSteps[inner]);
        }
      }
    } while (next());
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

  private void strided(
      int n,
      float[] x,
      int xOff,
      int step,
      int cols,
      int colStep,
      float[] target,
      int targetOff,
      int targetStep) {
    Arrays.fill(totals, 0, cols, 0);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < cols; j++) {
        totals[j] += x[xOff + i * step + j * colStep];
      }
    }
    for (int j = 0; j < cols; j++) {
      target[targetOff + j * targetStep] = (float) totals[j];
    }
  }

  private void copy(float[] x, int xOff, float[] target, int targetOff) {
    begin(-1, -1, xOff, targetOff);
    do {
      // A sum of nothing but −0 is 0.
      target[to] = 0 + x[at];
    } while (next());
  }

  private void multiply(long times, int[] shape, float[] out, int outOff, int[] outStrides) {
    rank = 0;
    for (int axis = 0; axis < shape.length; axis++) {
      if (outStrides[axis] != 0) {
        lengths[rank] = shape[axis];
        toSteps[rank++] = outStrides[axis];
      }
    }
    begin(-1, -1, 0, outOff);
    do {
      out[to] = (float) ((double) times * out[to]);
    } while (next());
  }

  /** Begins a walk along all axes but two. */
  private void begin(int one, int other, int xOff, int targetOff) {
    at = xOff;
    to = targetOff;
    depth = 0;
    for (int axis = 0; axis < rank; axis++) {
      if (axis != one && axis != other) {
        counter[depth] = 0;
        walked[depth++] = axis;
      }
    }
  }

  private boolean next() {
    for (int i = depth - 1; i >= 0; i--) {
      int axis = walked[i];
      at += steps[axis];
      to += toSteps[axis];
      if (++counter[i] < lengths[axis]) {
        return true;
      }
      at -= lengths[axis] * steps[axis];
      to -= lengths[axis] * toSteps[axis];
      counter[i] = 0;
    }
    return false;
  }
}
