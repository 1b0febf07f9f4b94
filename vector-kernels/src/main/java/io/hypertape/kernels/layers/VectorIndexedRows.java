package io.hypertape.kernels.layers;

import io.hypertape.kernels.elementwise.VectorBinary;
import io.hypertape.kernels.lanes.BinaryOp;
import java.util.Arrays;

/** Sums of rows by their numbers, on vectors. */
final class VectorIndexedRows {

  private VectorIndexedRows() {}

  /** Some columns of all rows, so that threads share columns and sums keep their order. */
  static void scatter(
      RowBlocks blocks,
      int n,
      int rows,
      int cols,
      int from,
      int to,
      float[] in,
      int inOff,
      int[] index,
      int indexOff,
      float[] out,
      int outOff) {
    for (int row = 0; row < rows; row++) {
      Arrays.fill(out, outOff + row * cols + from, outOff + row * cols + to, 0);
    }
    int block = 0;
    for (int i = 0; i < n; ) {
      boolean completes = blocks.end(block) < n;
      int end = completes ? blocks.end(block) + 1 : n;
      add(i, end, cols, from, to, in, inOff, index, indexOff, out, outOff);
      if (completes) {
        blocks.close(block++, cols, from, to, out, outOff);
      }
      i = end;
    }
    blocks.finish(cols, from, to, out, outOff);
  }

  private static void add(
      int first,
      int end,
      int cols,
      int from,
      int to,
      float[] in,
      int inOff,
      int[] index,
      int indexOff,
      float[] out,
      int outOff) {
    for (int i = first; i < end; i++) {
      int target = outOff + index[indexOff + i] * cols + from;
      int source = inOff + i * cols + from;
      VectorBinary.row(BinaryOp.ADD, to - from, out, target, in, source, out, target);
    }
  }
}
