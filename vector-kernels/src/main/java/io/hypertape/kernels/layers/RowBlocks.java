package io.hypertape.kernels.layers;

import java.util.Arrays;

/**
 * Keeps the errors of sums of rows by their numbers from growing with how often a number comes.
 * When so many rows were added to one of the result they are a block, which is added to that row's
 * other blocks in double precision. Rows that get fewer, as a rule most of them, are left alone.
 * Blocks are found beforehand, in the pass that checks the numbers: beside the additions it would
 * cost more.
 */
final class RowBlocks {

  /** Rows of a block, a power of two. */
  private static final int BLOCK = 128;

  /** Adds floats to doubles. */
  interface Totals {
    void add(int n, float[] x, int xOff, double[] totals, int off);
  }

  private final Totals kernel;

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

  RowBlocks(Totals kernel) {
    this.kernel = kernel;
  }

  /**
   * Finds the blocks.
   *
   * @throws IndexOutOfBoundsException if a number is not in [0, rows)
   */
  void plan(int n, int rows, int cols, int[] index, int indexOff) {
    blocks = 0;
    repeats = 0;
    if (n < BLOCK) {
      IndexedRows.check(n, rows, index, indexOff);
    } else {
      reserve(n, rows);
      count(n, rows, index, indexOff);
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

  private void count(int n, int targets, int[] index, int indexOff) {
    for (int i = 0; i < n; i++) {
      int row = index[indexOff + i];
      if (row < 0 || row >= targets) {
        throw IndexedRows.outside(i, row, targets);
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

  /** After which added row a block is complete; after the last one, never. */
  int end(int block) {
    return ends[block];
  }

  /** Takes some columns of a complete block out of the result. */
  void close(int block, int cols, int from, int to, float[] out, int outOff) {
    int sum = outOff + rows[block] * cols;
    int total = places[rows[block]] * cols;
    kernel.add(to - from, out, sum + from, totals, total + from);
    Arrays.fill(out, sum + from, sum + to, 0);
  }

  /** Adds all blocks to what is left in some columns of the result. */
  void finish(int cols, int from, int to, float[] out, int outOff) {
    for (int place = 0; place < repeats; place++) {
      int sum = outOff + repeated[place] * cols;
      int total = place * cols;
      for (int j = from; j < to; j++) {
        out[sum + j] = (float) (totals[total + j] + out[sum + j]);
      }
    }
  }
}
