package io.hypertape.kernels.layers;

import io.hypertape.kernels.elementwise.ColumnSums;
import io.hypertape.kernels.elementwise.VectorBinary;
import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.lanes.Matrix;
import java.util.Arrays;

/**
 * Rows of a table by their numbers. Sums of them have errors that do not grow with how often a
 * number comes: when so many rows were added to one of the result they are a block, which is added
 * to that row's other blocks in double precision. Rows that get fewer, as a rule most of them, are
 * left alone. Blocks are found beforehand, in the pass that checks the numbers: beside the
 * additions it would cost more.
 */
final class IndexedRows {

  /** Rows of a block, a power of two. */
  private static final int BLOCK = 128;

  /** Whether rows are added by vectors. */
  private final boolean vectors;

  /** How many rows each of the result gets, and the place of those with blocks among them. */
  private int[] counts = {};

  private int[] places = {};

  /** After which of the added rows a block is complete, in order, and of which row it is. */
  private int[] ends = new int[1];

  private int[] rows = {};
  private int blocks;

  /** The rows that have blocks, and their sums. */
  private int[] repeated = {};

  private int repeats;
  private double[] totals = {};

  IndexedRows(boolean vectors) {
    this.vectors = vectors;
  }

  /** A call before which all indices are found to lie in [0, limit). */
  static Call checked(Ints index, int limit, Call call) {
    return () -> {
      index.checkWithin(limit);
      call.run();
    };
  }

  static void gather(int from, int to, Matrix table, Ints index, Matrix out) {
    for (int i = from; i < to; i++) {
      System.arraycopy(table.array(), table.row(index.get(i)), out.array(), out.row(i), out.cols());
    }
  }

  /**
   * Finds the blocks of sums of rows.
   *
   * @throws IndexOutOfBoundsException if a number is not in [0, targets)
   */
  void plan(Ints index, int targets, int cols) {
    blocks = 0;
    repeats = 0;
    if (index.length() < BLOCK) {
      index.checkWithin(targets);
    } else {
      reserve(index.length(), targets);
      count(index, targets);
      clear(Math.multiplyExact(repeats, cols));
    }
    ends[blocks] = Integer.MAX_VALUE;
  }

  private void reserve(int n, int targets) {
    if (counts.length < targets) {
      counts = new int[targets];
      places = new int[targets];
    } else {
      Arrays.fill(counts, 0, targets, 0);
    }
    int most = n / BLOCK;
    if (rows.length < most) {
      ends = new int[most + 1];
      rows = new int[most];
      repeated = new int[most];
    }
  }

  private void count(Ints index, int targets) {
    for (int i = 0; i < index.length(); i++) {
      int row = index.get(i);
      if (row < 0 || row >= targets) {
        throw index.outside(i, targets);
      }
      int count = ++counts[row];
      if ((count & BLOCK - 1) == 0) {
        complete(i, row, count);
      }
    }
  }

  private void complete(int i, int row, int count) {
    if (count == BLOCK) {
      places[row] = repeats;
      repeated[repeats++] = row;
    }
    ends[blocks] = i;
    rows[blocks++] = row;
  }

  private void clear(int size) {
    if (totals.length < size) {
      totals = new double[size];
    } else {
      Arrays.fill(totals, 0, size, 0);
    }
  }

  /** Some columns of all sums, so that threads share columns and sums keep their order. */
  void scatter(int from, int to, Matrix in, Ints index, Matrix out) {
    if (from == to) {
      return;
    }
    for (int row = 0; row < out.rows(); row++) {
      Arrays.fill(out.array(), out.row(row) + from, out.row(row) + to, 0);
    }
    int n = index.length();
    int block = 0;
    for (int i = 0; i < n; ) {
      boolean completes = ends[block] < n;
      int end = completes ? ends[block] + 1 : n;
      for (int row = i; row < end; row++) {
        int target = out.row(index.get(row)) + from;
        add(to - from, in.array(), in.row(row) + from, out.array(), target);
      }
      if (completes) {
        close(block++, from, to, out);
      }
      i = end;
    }
    finish(from, to, out);
  }

  /** sums += x. */
  private void add(int n, float[] x, int xOff, float[] sums, int off) {
    if (vectors) {
      VectorBinary.row(BinaryOp.ADD, n, sums, off, x, xOff, sums, off);
      return;
    }
    for (int j = 0; j < n; j++) {
      sums[off + j] += x[xOff + j];
    }
  }

  /** Takes some columns of a complete block out of the result. */
  private void close(int block, int from, int to, Matrix out) {
    int sum = out.row(rows[block]);
    int total = places[rows[block]] * out.cols();
    ColumnSums.addTo(to - from, out.array(), sum + from, totals, total + from);
    Arrays.fill(out.array(), sum + from, sum + to, 0);
  }

  /** Adds all blocks to what is left in some columns of the result. */
  private void finish(int from, int to, Matrix out) {
    for (int place = 0; place < repeats; place++) {
      int sum = out.row(repeated[place]);
      int total = place * out.cols();
      for (int j = from; j < to; j++) {
        out.array()[sum + j] = (float) (totals[total + j] + out.array()[sum + j]);
      }
    }
  }
}
