package io.hypertape.kernels.gemm;

import io.hypertape.kernels.elementwise.ColumnSums;
import io.hypertape.kernels.elementwise.ScalarElementwise;
import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.DenseActivation;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.ReduceOp;
import io.hypertape.kernels.lanes.Strided;

/**
 * The derivatives of dense layers by sums and bias in one pass: a few rows' derivatives are added
 * up while they lie in the first-level cache.
 */
final class DenseGradient implements Call {

  /** Elements of rows that are taken together. */
  private static final int JOINED = 2048;

  /**
   * Where the sums are made.
   *
   * @param elementwise the derivative of contiguous sums, and sums of a single column
   * @param columns sums of several
   */
  record Means(ScalarElementwise elementwise, ColumnSums columns) {

    Call call(DenseActivation activation, Matrix g, Matrix y, Matrix out, Floats bias) {
      ProductChecks.gradient(g, y, out, bias);
      return new DenseGradient(this, activation, g, y, out, bias);
    }
  }

  private final Means means;
  private final DenseActivation activation;
  private final Matrix g;
  private final Matrix y;
  private final Matrix out;
  private final Floats bias;
  private final Call single;

  private DenseGradient(
      Means means, DenseActivation activation, Matrix g, Matrix y, Matrix out, Floats bias) {
    this.means = means;
    this.activation = activation;
    this.g = g;
    this.y = y;
    this.out = out;
    this.bias = bias;
    this.single = out.cols() == 1 ? single() : Call.NOTHING;
  }

  /** As reduce does it: a single column is a row. */
  private Call single() {
    int[] rows = {out.rows()};
    int[] step = {out.rowStride()};
    Strided column = new Strided(out.array(), out.offset(), rows, step);
    Strided sum = Strided.dense(bias.array(), bias.offset(), new int[] {1});
    return means.elementwise.reduce(ReduceOp.SUM, column, sum);
  }

  @Override
  public void run() {
    int rows = out.rows();
    int cols = out.cols();
    ColumnSums columns = means.columns;
    columns.begin(rows, cols, out.rowStride());
    // Rows that lie end to end are taken several at a time: there are no short ones then.
    boolean joined = g.rowStride() == cols && y.rowStride() == cols && out.rowStride() == cols;
    int height = columns.piece(JOINED);
    for (int i = 0; i < rows; i += height) {
      int some = Math.min(height, rows - i);
      for (int k = 0; k < some; k += joined ? some : 1) {
        derivative(i + k, joined ? some * cols : cols);
      }
      if (cols > 1) {
        columns.add(some, out.array(), out.offset() + i * out.rowStride());
      }
    }
    if (cols > 1) {
      columns.end(bias.array(), bias.offset(), 1);
    }
    single.run();
  }

  /** Elements from a row's first on. */
  private void derivative(int row, int n) {
    int from = g.offset() + row * g.rowStride();
    int to = out.offset() + row * out.rowStride();
    switch (activation) {
      case NONE -> copy(n, from, to);
      case TANH -> derivative(BinaryOp.TANH_GRAD, row, n, from, to);
      case RELU -> derivative(BinaryOp.RELU_GRAD, row, n, from, to);
      case SIGMOID -> derivative(BinaryOp.SIGMOID_GRAD, row, n, from, to);
    }
  }

  private void derivative(BinaryOp op, int row, int n, int from, int to) {
    int output = y.offset() + row * y.rowStride();
    means.elementwise.binaryRow(op, n, g.array(), from, y.array(), output, out.array(), to);
  }

  private void copy(int n, int from, int to) {
    if (g.array() != out.array() || from != to) {
      System.arraycopy(g.array(), from, out.array(), to, n);
    }
  }
}
