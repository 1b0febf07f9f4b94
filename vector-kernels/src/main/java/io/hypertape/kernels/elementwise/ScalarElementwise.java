package io.hypertape.kernels.elementwise;

import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.ReduceOp;
import io.hypertape.kernels.lanes.UnaryOp;

/** The scalar twin of {@link VectorElementwise}: plain loops on one thread. */
public final class ScalarElementwise extends StridedElementwise {

  private final ScalarSoftmax softmax = new ScalarSoftmax();

  /** Kernels without threads. */
  public ScalarElementwise() {
    super(new StridedSums(ScalarReduce::sum, ScalarColumns::add));
  }

  @Override
  void unaryRow(UnaryOp op, int n, float[] x, int xOff, float[] out, int outOff) {
    for (int i = 0; i < n; i++) {
      out[outOff + i] = op.of(x[xOff + i]);
    }
  }

  @Override
  void binaryRow(
      BinaryOp op, int n, float[] a, int aOff, float[] b, int bOff, float[] out, int outOff) {
    row(op, n, a, aOff, b, bOff, out, outOff);
  }

  /** out = op(a, b), of contiguous elements. */
  public static void row(
      BinaryOp op, int n, float[] a, int aOff, float[] b, int bOff, float[] out, int outOff) {
    for (int i = 0; i < n; i++) {
      out[outOff + i] = op.of(a[aOff + i], b[bOff + i]);
    }
  }

  @Override
  float reduceRow(ReduceOp op, int n, float[] x, int xOff) {
    return ScalarReduce.row(op, n, x, xOff);
  }

  @Override
  public float dot(Floats x, Floats y) {
    y.ofLength("y", x.length());
    return ScalarReduce.dot(x.length(), x.array(), x.offset(), y.array(), y.offset());
  }

  @Override
  public Call logSoftmax(Matrix x, Matrix out) {
    checkRows("x", x, out);
    return () -> {
      for (int i = 0; i < x.rows(); i++) {
        softmax.row(x.cols(), x.array(), x.row(i), out.array(), out.row(i));
      }
    };
  }

  @Override
  public Call logSoftmaxGrad(Matrix y, Matrix g, Matrix out) {
    checkRows("y", y, out);
    g.ofShape("g", y.rows(), y.cols()).withDenseRows("g");
    return () -> {
      for (int i = 0; i < y.rows(); i++) {
        ScalarSoftmax.grad(y, g, i, out.array(), out.row(i));
      }
    };
  }
}
