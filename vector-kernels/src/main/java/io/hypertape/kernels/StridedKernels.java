package io.hypertape.kernels;

import io.hypertape.kernels.elementwise.ColumnSums;
import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.DenseActivation;
import io.hypertape.kernels.lanes.ReduceOp;
import io.hypertape.kernels.lanes.Strided;

/** What scalar and vector kernels share of dense layers. */
abstract class StridedKernels implements Kernels {

  /** Elements of rows that are taken together: they stay in the first-level cache. */
  private static final int JOINED = 2048;

  private final ColumnSums columns;

  StridedKernels(ColumnSums columns) {
    this.columns = columns;
  }

  abstract void binaryRow(
      BinaryOp op, int n, float[] a, int aOff, float[] b, int bOff, float[] out, int outOff);

  @Override
  public void activationBiasGrad(
      DenseActivation activation,
      int rows,
      int cols,
      float[] g,
      int gOff,
      int gRow,
      float[] y,
      int yOff,
      int yRow,
      float[] out,
      int outOff,
      int outRow,
      float[] bias,
      int biasOff) {
    columns.begin(rows, cols, outRow);
    // Rows that lie end to end are taken several at a time: there are no short ones then.
    boolean joined = gRow == cols && yRow == cols && outRow == cols;
    int height = columns.piece(JOINED);
    for (int i = 0; i < rows; i += height) {
      int some = Math.min(height, rows - i);
      for (int k = 0; k < some; k += joined ? some : 1) {
        activationGradRow(
            activation,
            joined ? some * cols : cols,
            g,
            gOff + (i + k) * gRow,
            y,
            yOff + (i + k) * yRow,
            out,
            outOff + (i + k) * outRow);
      }
      if (cols > 1) {
        columns.add(some, out, outOff + i * outRow);
      }
    }
    if (cols > 1) {
      columns.end(bias, biasOff, 1);
    } else if (cols == 1) {
      // As reduce does it: a single column is a row.
      Strided x = new Strided(out, outOff, new int[] {rows}, new int[] {outRow});
      elementwise().reduce(ReduceOp.SUM, x, Strided.dense(bias, biasOff, new int[] {1})).run();
    }
  }

  private void activationGradRow(
      DenseActivation activation,
      int n,
      float[] g,
      int gOff,
      float[] y,
      int yOff,
      float[] out,
      int outOff) {
    switch (activation) {
      case NONE -> copyRow(n, g, gOff, out, outOff);
      case TANH -> binaryRow(BinaryOp.TANH_GRAD, n, g, gOff, y, yOff, out, outOff);
      case RELU -> binaryRow(BinaryOp.RELU_GRAD, n, g, gOff, y, yOff, out, outOff);
      case SIGMOID -> binaryRow(BinaryOp.SIGMOID_GRAD, n, g, gOff, y, yOff, out, outOff);
    }
  }

  private static void copyRow(int n, float[] x, int xOff, float[] out, int outOff) {
    if (x != out || xOff != outOff) {
      System.arraycopy(x, xOff, out, outOff, n);
    }
  }
}
