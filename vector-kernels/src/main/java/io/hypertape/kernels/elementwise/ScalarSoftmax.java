package io.hypertape.kernels.elementwise;

import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.ReduceOp;
import io.hypertape.kernels.lanes.ScalarMath;
import io.hypertape.kernels.lanes.VirtualVector;
import java.util.Arrays;

/**
 * The scalar twin of {@link VectorSoftmax}: the same bits. Sums of up to {@link VectorSoftmax#FEW}
 * numbers go from the first to the last, longer ones over 16 lanes.
 */
final class ScalarSoftmax implements ScalarElementwise.Softmax {

  private final float[] lanes = new float[VirtualVector.LANES];

  @Override
  public void run(Matrix x, Matrix out) {
    for (int i = 0; i < x.rows(); i++) {
      row(x.cols(), x.array(), x.row(i), out.array(), out.row(i));
    }
  }

  @Override
  public void grad(Matrix y, Matrix g, Matrix out) {
    for (int i = 0; i < y.rows(); i++) {
      grad(y, g, i, out.array(), out.row(i));
    }
  }

  private void row(int n, float[] x, int xOff, float[] out, int outOff) {
    float max = ScalarReduce.row(ReduceOp.MAX, n, x, xOff);
    for (int j = 0; j < n; j++) {
      out[outOff + j] = x[xOff + j] - max;
    }
    float log =
        n <= VectorSoftmax.FEW
            ? ScalarMath.log(shortSum(n, out, outOff))
            : (float) StrictMath.log(sumExp(n, out, outOff));
    for (int j = 0; j < n; j++) {
      out[outOff + j] -= log;
    }
  }

  private static float shortSum(int n, float[] x, int xOff) {
    float sum = 0;
    for (int j = 0; j < n; j++) {
      sum += ScalarMath.exp(x[xOff + j]);
    }
    return sum;
  }

  private double sumExp(int n, float[] x, int xOff) {
    int whole = n - n % VirtualVector.LANES;
    double total = 0;
    Arrays.fill(lanes, 0);
    for (int j = whole; j < n; j++) {
      lanes[j - whole] = ScalarMath.exp(x[xOff + j]);
    }
    for (int i = 0; i < whole; i += VectorSoftmax.BLOCK) {
      int end = Math.min(whole, i + VectorSoftmax.BLOCK);
      for (int j = i; j < end; j++) {
        lanes[j % VirtualVector.LANES] += ScalarMath.exp(x[xOff + j]);
      }
      total += VirtualVector.sum(lanes, 0);
      Arrays.fill(lanes, 0);
    }
    return total;
  }

  private static void grad(Matrix y, Matrix g, int row, float[] out, int outOff) {
    int n = y.cols();
    float[] from = g.array();
    int gOff = g.row(row);
    int yOff = y.row(row);
    // Of a short row, from what changes no number: −0 is −0 + −0.
    float sum = n <= VectorSoftmax.FEW ? -0f : ScalarReduce.sum(n, from, gOff);
    for (int j = 0; j < n && n <= VectorSoftmax.FEW; j++) {
      sum += from[gOff + j];
    }
    for (int j = 0; j < n; j++) {
      out[outOff + j] = from[gOff + j] - ScalarMath.exp(y.array()[yOff + j]) * sum;
    }
  }
}
