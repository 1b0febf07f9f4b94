package io.hypertape.kernels.elementwise;

import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.ReduceOp;
import io.hypertape.kernels.lanes.Transposition;
import io.hypertape.kernels.lanes.UnaryOp;
import io.hypertape.kernels.lanes.VectorCopies;
import io.hypertape.kernels.lanes.VectorRows;
import io.hypertape.kernels.lanes.VirtualVector;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Log-softmax of rows and its derivative. Vectors run along long rows; where rows are about as
 * short as a vector, they run across so many rows that lie turned in a buffer. What a row gives
 * depends on its length, not on its place. Exponentials are passes of their own: within another
 * loop the compiler may stop inlining them midway, and then vectors are objects on the heap.
 */
final class VectorSoftmax implements ScalarElementwise.Softmax {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();

  /** Longest rows that are turned. */
  static final int FEW = 16;

  /** Elements whose sum is in single precision. */
  static final int BLOCK = 1 << 12;

  private final float[] first = new float[FEW * FEW];
  private final float[] second = new float[FEW * FEW];
  private final float[] lines = new float[FEW * FEW];
  private final float[] maxima = new float[VirtualVector.LANES];
  private final float[] sums = new float[VirtualVector.LANES];
  private final float[] exps = new float[BLOCK];

  @Override
  public void run(Matrix x, Matrix out) {
    int rows = x.rows();
    int cols = x.cols();
    for (int i = 0; i < rows && cols > FEW; i++) {
      longRow(cols, x.array(), x.row(i), out.array(), out.row(i));
    }
    for (int i = 0; i < rows && cols > 0 && cols <= FEW; i += L) {
      int some = Math.min(L, rows - i);
      turn(some, cols, x, i, first);
      max(cols, first, maxima);
      subtract(cols * L, first, 0, maxima, first, 0);
      VectorUnary.row(UnaryOp.EXP, cols * L, first, 0, second, 0);
      sum(cols, second, sums);
      VectorUnary.row(UnaryOp.LOG, L, sums, 0, sums, 0);
      // After the maximum: both at once would round the logarithm away where the maximum is large.
      subtract(cols * L, first, 0, sums, first, 0);
      turnBack(some, cols, first, out, i);
    }
  }

  @Override
  public void grad(Matrix y, Matrix g, Matrix out) {
    int rows = y.rows();
    int cols = y.cols();
    for (int i = 0; i < rows && cols > FEW; i++) {
      longGrad(cols, y.array(), y.row(i), g.array(), g.row(i), out.array(), out.row(i));
    }
    for (int i = 0; i < rows && cols > 0 && cols <= FEW; i += L) {
      int some = Math.min(L, rows - i);
      turn(some, cols, y, i, first);
      turn(some, cols, g, i, second);
      sum(cols, second, sums);
      VectorUnary.row(UnaryOp.EXP, cols * L, first, 0, first, 0);
      subtractShares(cols * L, first, sums, second, 0, second, 0);
      turnBack(some, cols, second, out, i);
    }
  }

  /** turned[j · L + row] = x[from + row, j]; lanes beyond the rows keep what they had. */
  private void turn(int rows, int cols, Matrix x, int from, float[] turned) {
    float[] array = x.array();
    int xOff = x.row(from);
    int xRow = x.rowStride();
    if (Transposition.FITS) {
      VectorCopies.padded(rows, cols, array, xOff, xRow, lines, 0, FEW);
      Transposition.block(lines, 0, FEW, turned, 0, FEW);
      return;
    }
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) {
        turned[j * L + i] = array[xOff + i * xRow + j];
      }
    }
  }

  private void turnBack(int rows, int cols, float[] turned, Matrix out, int to) {
    float[] array = out.array();
    int outOff = out.row(to);
    int outRow = out.rowStride();
    if (Transposition.FITS) {
      Transposition.block(turned, 0, FEW, lines, 0, FEW);
      VectorCopies.part(rows, cols, lines, 0, FEW, array, outOff, outRow, false);
      return;
    }
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) {
        array[outOff + i * outRow + j] = turned[j * L + i];
      }
    }
  }

  private static void max(int cols, float[] x, float[] maxima) {
    FloatVector max = FloatVector.fromArray(S, x, 0);
    for (int j = 1; j < cols; j++) {
      max = max.max(FloatVector.fromArray(S, x, j * L));
    }
    max.intoArray(maxima, 0);
  }

  private static void sum(int cols, float[] x, float[] sums) {
    FloatVector sum = FloatVector.fromArray(S, x, 0);
    for (int j = 1; j < cols; j++) {
      sum = sum.add(FloatVector.fromArray(S, x, j * L));
    }
    sum.intoArray(sums, 0);
  }

  private void longRow(int cols, float[] x, int xOff, float[] out, int outOff) {
    Arrays.fill(maxima, VectorReduce.row(ReduceOp.MAX, cols, x, xOff));
    subtract(cols, x, xOff, maxima, out, outOff);
    // After the maximum, as in short rows.
    Arrays.fill(sums, (float) StrictMath.log(sumExp(cols, out, outOff)));
    subtract(cols, out, outOff, sums, out, outOff);
  }

  /** Each lane has an amount of its own. */
  private static void subtract(
      int n, float[] x, int xOff, float[] amounts, float[] out, int outOff) {
    FloatVector amount = FloatVector.fromArray(S, amounts, 0);
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      FloatVector.fromArray(S, x, xOff + i).sub(amount).intoArray(out, outOff + i);
    }
    if (i < n) {
      VectorMask<Float> rest = S.indexInRange(i, n);
      FloatVector v = FloatVector.fromArray(S, x, xOff + i, rest);
      v.sub(amount).intoArray(out, outOff + i, rest);
    }
  }

  /**
   * Over 16 lanes; what follows the last 16 numbers is added first. Longer sums are sums of blocks,
   * added in double precision, as in {@link VectorReduce}.
   */
  private double sumExp(int cols, float[] x, int xOff) {
    int whole = cols - cols % VirtualVector.LANES;
    int n = Math.min(BLOCK, cols);
    VectorUnary.row(UnaryOp.EXP, n, x, xOff, exps, 0);
    Arrays.fill(sums, 0);
    if (cols <= BLOCK) {
      System.arraycopy(exps, whole, sums, 0, cols - whole);
    } else {
      VectorUnary.row(UnaryOp.EXP, cols - whole, x, xOff + whole, sums, 0);
    }
    double total = rowSum(Math.min(n, whole), exps, sums);
    for (int i = n; i < whole; i += BLOCK) {
      int some = Math.min(BLOCK, whole - i);
      Arrays.fill(sums, 0);
      VectorUnary.row(UnaryOp.EXP, some, x, xOff + i, exps, 0);
      total += rowSum(some, exps, sums);
    }
    return total;
  }

  /** Of whole vectors of 16 lanes, with what these begin with; the lanes' sums are their ends. */
  private static float rowSum(int n, float[] x, float[] lanes) {
    for (int lane = 0; lane < VirtualVector.LANES; lane += L) {
      FloatVector sum = FloatVector.fromArray(S, lanes, lane);
      for (int i = lane; i < n; i += VirtualVector.LANES) {
        sum = sum.add(FloatVector.fromArray(S, x, i));
      }
      if (L == VirtualVector.LANES) {
        return VectorRows.sum(sum);
      }
      sum.intoArray(lanes, lane);
    }
    return VirtualVector.sum(lanes, 0);
  }

  private void longGrad(
      int cols, float[] y, int yOff, float[] g, int gOff, float[] out, int outOff) {
    Arrays.fill(sums, VectorReduce.row(ReduceOp.SUM, cols, g, gOff));
    for (int i = 0; i < cols; i += BLOCK) {
      int n = Math.min(BLOCK, cols - i);
      VectorUnary.row(UnaryOp.EXP, n, y, yOff + i, exps, 0);
      subtractShares(n, exps, sums, g, gOff + i, out, outOff + i);
    }
  }

  private static void subtractShares(
      int n, float[] e, float[] sums, float[] g, int gOff, float[] out, int outOff) {
    FloatVector sum = FloatVector.fromArray(S, sums, 0);
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      FloatVector share = FloatVector.fromArray(S, e, i).mul(sum);
      FloatVector.fromArray(S, g, gOff + i).sub(share).intoArray(out, outOff + i);
    }
    if (i < n) {
      VectorMask<Float> rest = S.indexInRange(i, n);
      FloatVector share = FloatVector.fromArray(S, e, i, rest).mul(sum);
      FloatVector.fromArray(S, g, gOff + i, rest).sub(share).intoArray(out, outOff + i, rest);
    }
  }
}
