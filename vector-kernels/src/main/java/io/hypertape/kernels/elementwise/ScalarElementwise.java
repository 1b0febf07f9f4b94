package io.hypertape.kernels.elementwise;

import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.ReduceOp;
import io.hypertape.kernels.lanes.UnaryOp;

/** The scalar twin of {@link VectorElementwise}: plain loops on one thread. */
public final class ScalarElementwise extends StridedElementwise {

  /** Kernels without threads. */
  public ScalarElementwise() {
    super(new StridedSums(ScalarElementwise::sum, ScalarColumns::add));
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
    if (op == ReduceOp.SUM) {
      return sum(n, x, xOff);
    }
    BinaryOp fold = op.fold();
    float result = op.identity();
    for (int i = 0; i < n; i++) {
      result = fold.of(result, x[xOff + i]);
    }
    return result;
  }

  private static float sum(int n, float[] x, int xOff) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += x[xOff + i];
    }
    return (float) sum;
  }

  @Override
  public float dot(Floats x, Floats y) {
    y.ofLength("y", x.length());
    double sum = 0;
    for (int i = 0; i < x.length(); i++) {
      sum += (double) x.array()[x.offset() + i] * y.array()[y.offset() + i];
    }
    return (float) sum;
  }

  @Override
  public Call logSoftmax(Matrix x, Matrix out) {
    checkRows("x", x, out);
    return () -> {
      for (int i = 0; i < x.rows(); i++) {
        softmaxRow(x.cols(), x.array(), x.row(i), out.array(), out.row(i));
      }
    };
  }

  private void softmaxRow(int n, float[] x, int xOff, float[] out, int outOff) {
    float max = reduceRow(ReduceOp.MAX, n, x, xOff);
    double sum = 0;
    for (int j = 0; j < n; j++) {
      sum += Math.exp(x[xOff + j] - max);
    }
    float log = (float) Math.log(sum);
    for (int j = 0; j < n; j++) {
      out[outOff + j] = x[xOff + j] - max - log;
    }
  }

  @Override
  public Call logSoftmaxGrad(Matrix y, Matrix g, Matrix out) {
    checkRows("y", y, out);
    g.ofShape("g", y.rows(), y.cols()).withDenseRows("g");
    return () -> {
      for (int i = 0; i < y.rows(); i++) {
        gradRow(y, g, i, out.array(), out.row(i));
      }
    };
  }

  private static void gradRow(Matrix y, Matrix g, int row, float[] out, int outOff) {
    int yOff = y.row(row);
    int gOff = g.row(row);
    float sum = sum(y.cols(), g.array(), gOff);
    for (int j = 0; j < y.cols(); j++) {
      out[outOff + j] = g.array()[gOff + j] - (float) Math.exp(y.array()[yOff + j]) * sum;
    }
  }
}
