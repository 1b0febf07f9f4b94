package io.hypertape.kernels.gemm;

import io.hypertape.kernels.elementwise.VectorBinary;
import io.hypertape.kernels.elementwise.VectorUnary;
import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.DenseActivation;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.UnaryOp;

/**
 * The end of a dense layer: the bias is added and the function applied.
 *
 * @param activation the function
 * @param bias one for each column
 */
record DenseFinish(DenseActivation activation, Floats bias) {

  /** That of a product that is no layer's. */
  static final DenseFinish NOTHING = new DenseFinish(DenseActivation.NONE, Floats.of());

  /** The end of some of the columns. */
  DenseFinish columns(int from, int n) {
    return this == NOTHING
        ? this
        : new DenseFinish(activation, new Floats(bias.array(), bias.offset() + from, n));
  }

  /** Finishes all of a matrix. */
  void apply(Matrix c) {
    apply(c.rows(), c.cols(), 0, c.array(), c.offset(), c.rowStride());
  }

  /** Finishes some rows of columns from a number on; the first of those lies at an offset. */
  void apply(int rows, int cols, int from, float[] c, int cOff, int cRow) {
    if (this == NOTHING) {
      return;
    }
    float[] added = bias.array();
    int first = bias.offset() + from;
    for (int i = 0; i < rows; i++) {
      int at = cOff + i * cRow;
      VectorBinary.row(BinaryOp.ADD, cols, c, at, added, first, c, at);
    }
    // Rows that lie end to end are one: there are no short ones then.
    boolean joined = cRow == cols;
    int runs = joined ? 1 : rows;
    for (int i = 0; i < runs; i++) {
      function(joined ? rows * cols : cols, c, cOff + i * cRow);
    }
  }

  private void function(int n, float[] c, int at) {
    switch (activation) {
      case NONE -> {}
      case TANH -> VectorUnary.row(UnaryOp.TANH, n, c, at, c, at);
      case RELU -> VectorUnary.row(UnaryOp.RELU, n, c, at, c, at);
      case SIGMOID -> VectorUnary.row(UnaryOp.SIGMOID, n, c, at, c, at);
    }
  }
}
