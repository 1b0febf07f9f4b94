package io.hypertape.kernels.layers;

import java.util.Arrays;

/** Rows of a table by their numbers. */
final class IndexedRows {

  private IndexedRows() {}

  /** All indices lie in [0, limit). */
  static void check(int n, int limit, int[] index, int indexOff) {
    for (int i = 0; i < n; i++) {
      int at = index[indexOff + i];
      if (at < 0 || at >= limit) {
        throw outside(i, at, limit);
      }
    }
  }

  static IndexOutOfBoundsException outside(int i, int at, int limit) {
    return new IndexOutOfBoundsException(
        "index[" + i + "] is " + at + ", allowed are 0 to " + (limit - 1));
  }

  static void gather(
      int from,
      int to,
      int cols,
      float[] table,
      int tableOff,
      int[] index,
      int indexOff,
      float[] out,
      int outOff) {
    for (int i = from; i < to; i++) {
      System.arraycopy(table, tableOff + index[indexOff + i] * cols, out, outOff + i * cols, cols);
    }
  }

  static void scatter(
      RowBlocks blocks,
      int n,
      int rows,
      int cols,
      float[] in,
      int inOff,
      int[] index,
      int indexOff,
      float[] out,
      int outOff) {
    Arrays.fill(out, outOff, outOff + rows * cols, 0);
    int block = 0;
    for (int i = 0; i < n; i++) {
      int target = outOff + index[indexOff + i] * cols;
      for (int j = 0; j < cols; j++) {
        out[target + j] += in[inOff + i * cols + j];
      }
      if (i == blocks.end(block)) {
        blocks.close(block++, cols, 0, cols, out, outOff);
      }
    }
    blocks.finish(cols, 0, cols, out, outOff);
  }
}
