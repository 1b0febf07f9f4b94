package io.hypertape.kernels.elementwise;

import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.ReduceOp;
import io.hypertape.kernels.lanes.UnaryOp;
import io.hypertape.kernels.lanes.Workers;

/** On the Vector API; long rows are shared by threads. */
public final class VectorElementwise extends StridedElementwise {

  private final Workers workers;
  private final VectorSoftmax softmax = new VectorSoftmax();

  /**
   * Kernels that these threads share.
   *
   * @param workers the threads
   */
  public VectorElementwise(Workers workers) {
    super(new StridedSums(VectorReduce::sum, VectorColumns::add));
    this.workers = workers;
  }

  @Override
  void unaryRow(UnaryOp op, int n, float[] x, int xOff, float[] out, int outOff) {
    if (!workers.shares(n)) {
      VectorUnary.row(op, n, x, xOff, out, outOff);
    } else {
      workers.split(
          n, (from, length) -> VectorUnary.row(op, length, x, xOff + from, out, outOff + from));
    }
  }

  /** out = op(a, b), of contiguous elements. */
  @Override
  public void binaryRow(
      BinaryOp op, int n, float[] a, int aOff, float[] b, int bOff, float[] out, int outOff) {
    if (!workers.shares(n)) {
      VectorBinary.row(op, n, a, aOff, b, bOff, out, outOff);
    } else {
      workers.split(
          n,
          (from, length) ->
              VectorBinary.row(op, length, a, aOff + from, b, bOff + from, out, outOff + from));
    }
  }

  @Override
  float reduceRow(ReduceOp op, int n, float[] x, int xOff) {
    return VectorReduce.row(op, n, x, xOff);
  }

  @Override
  public float dot(Floats x, Floats y) {
    y.ofLength("y", x.length());
    return VectorReduce.dot(x.length(), x.array(), x.offset(), y.array(), y.offset());
  }

  @Override
  public Call logSoftmax(Matrix x, Matrix out) {
    checkRows("x", x, out);
    return () -> softmax.logSoftmax(x, out);
  }

  @Override
  public Call logSoftmaxGrad(Matrix y, Matrix g, Matrix out) {
    checkRows("y", y, out);
    g.ofShape("g", y.rows(), y.cols()).withDenseRows("g");
    return () -> softmax.grad(y, g, out);
  }
}
