package io.hypertape.kernels;

import io.hypertape.kernels.elementwise.ColumnSums;
import io.hypertape.kernels.elementwise.Layout;
import io.hypertape.kernels.elementwise.StridedSums;
import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.DenseActivation;
import io.hypertape.kernels.lanes.Philox;
import io.hypertape.kernels.lanes.ReduceOp;
import io.hypertape.kernels.lanes.Scalars;
import io.hypertape.kernels.lanes.UnaryOp;
import java.util.Arrays;

/** What scalar and vector kernels share: strides are taken apart into rows. */
abstract class StridedKernels extends DelegatedLayers {

  /** Elements of a row of equal numbers that stands for a broadcast operand. */
  private static final int BLOCK = 1024;

  private final int[][] kept = new int[9][];

  /** Elements of rows that are taken together: they stay in the first-level cache. */
  private static final int JOINED = 2048;

  private final Layout layout = new Layout();
  private final float[] repeatedA = new float[BLOCK];
  private final float[] repeatedB = new float[BLOCK];
  private final StridedSums sums;

  // The shape and strides of a single column.
  private final int[] column = new int[1];
  private final int[] columnStep = new int[1];
  private final int[] noStep = new int[1];

  StridedKernels(StridedSums sums) {
    this.sums = sums;
  }

  // Rows of contiguous elements.

  abstract void unaryRow(UnaryOp op, int n, float[] x, int xOff, float[] out, int outOff);

  abstract void binaryRow(
      BinaryOp op, int n, float[] a, int aOff, float[] b, int bOff, float[] out, int outOff);

  abstract float reduceRow(ReduceOp op, int n, float[] x, int xOff);

  /** out = op(out, x), elementwise. */
  abstract void accumulateRow(ReduceOp op, int n, float[] x, int xOff, float[] out, int outOff);

  @Override
  public final void fill(float[] out, int off, int n, float value) {
    Arrays.fill(out, off, off + n, value);
  }

  @Override
  public final void copy(
      int[] shape, float[] x, int xOff, int[] xStrides, float[] out, int outOff, int[] outStrides) {
    Layout walk = layout.of(shape, xOff, xStrides, outOff, outStrides, 0, null);
    if (walk.isEmpty()) {
      return;
    }
    int n = walk.length();
    int sx = walk.stride(0);
    int so = walk.stride(1);
    do {
      int xo = walk.offset(0);
      int oo = walk.offset(1);
      if (sx == 1 && so == 1) {
        System.arraycopy(x, xo, out, oo, n);
      } else {
        for (int i = 0; i < n; i++) {
          out[oo + i * so] = x[xo + i * sx];
        }
      }
    } while (walk.next());
  }

  @Override
  public final void unary(
      UnaryOp op,
      int[] shape,
      float[] x,
      int xOff,
      int[] xStrides,
      float[] out,
      int outOff,
      int[] outStrides) {
    Layout walk = layout.of(shape, xOff, xStrides, outOff, outStrides, 0, null);
    if (walk.isEmpty()) {
      return;
    }
    int n = walk.length();
    int sx = walk.stride(0);
    int so = walk.stride(1);
    do {
      int xo = walk.offset(0);
      int oo = walk.offset(1);
      if (n == 1 || (sx == 1 && so == 1)) {
        unaryRow(op, n, x, xo, out, oo);
      } else if (sx == 0 && so == 1) {
        unaryRow(op, 1, x, xo, out, oo);
        Arrays.fill(out, oo + 1, oo + n, out[oo]);
      } else {
        for (int i = 0; i < n; i++) {
          out[oo + i * so] = Scalars.unary(op, x[xo + i * sx]);
        }
      }
    } while (walk.next());
  }

  @Override
  public final void binary(
      BinaryOp op,
      int[] shape,
      float[] a,
      int aOff,
      int[] aStrides,
      float[] b,
      int bOff,
      int[] bStrides,
      float[] out,
      int outOff,
      int[] outStrides) {
    Layout walk = layout.of(shape, aOff, aStrides, bOff, bStrides, outOff, outStrides);
    if (walk.isEmpty()) {
      return;
    }
    int n = walk.length();
    int sa = walk.stride(0);
    int sb = walk.stride(1);
    int so = walk.stride(2);
    do {
      int ao = walk.offset(0);
      int bo = walk.offset(1);
      int oo = walk.offset(2);
      if (n == 1 || (sa == 1 && sb == 1 && so == 1)) {
        binaryRow(op, n, a, ao, b, bo, out, oo);
      } else if (so == 1 && (sa | sb) <= 1 && (sa | sb) >= 0) {
        repeated(op, n, a, ao, sa, b, bo, sb, out, oo);
      } else {
        for (int i = 0; i < n; i++) {
          out[oo + i * so] = Scalars.binary(op, a[ao + i * sa], b[bo + i * sb]);
        }
      }
    } while (walk.next());
  }

  /** One operand, or both, a single number: rows of it stand in. */
  private void repeated(
      BinaryOp op,
      int n,
      float[] a,
      int aOff,
      int sa,
      float[] b,
      int bOff,
      int sb,
      float[] out,
      int outOff) {
    int block = Math.min(n, BLOCK);
    if (sa == 0) {
      Arrays.fill(repeatedA, 0, block, a[aOff]);
    }
    if (sb == 0) {
      Arrays.fill(repeatedB, 0, block, b[bOff]);
    }
    for (int i = 0; i < n; i += BLOCK) {
      binaryRow(
          op,
          Math.min(BLOCK, n - i),
          sa == 0 ? repeatedA : a,
          sa == 0 ? 0 : aOff + i,
          sb == 0 ? repeatedB : b,
          sb == 0 ? 0 : bOff + i,
          out,
          outOff + i);
    }
  }

  @Override
  public final void reduce(
      ReduceOp op,
      int[] shape,
      float[] x,
      int xOff,
      int[] xStrides,
      float[] out,
      int outOff,
      int[] outStrides) {
    Layout walk = layout.of(shape, xOff, xStrides, outOff, outStrides, 0, null);
    if (walk.isEmpty()) {
      initialize(op, shape, out, outOff, outStrides);
    } else if (walk.isRow() && walk.stride(0) == 1 && walk.stride(1) == 0) {
      out[outOff] = reduceRow(op, walk.length(), x, xOff);
    } else if (op == ReduceOp.SUM) {
      sums.run(shape, x, xOff, xStrides, out, outOff, outStrides);
    } else {
      initialize(op, shape, out, outOff, outStrides);
      accumulate(op, layout.of(shape, xOff, xStrides, outOff, outStrides, 0, null), x, out);
    }
  }

  /** Of a maximum or a minimum: the order does not matter. */
  private void accumulate(ReduceOp op, Layout walk, float[] x, float[] out) {
    int n = walk.length();
    int sx = walk.stride(0);
    int so = walk.stride(1);
    do {
      int xo = walk.offset(0);
      int oo = walk.offset(1);
      if (so == 0 && sx == 1) {
        out[oo] = Scalars.combine(op, out[oo], reduceRow(op, n, x, xo));
      } else if (so == 1 && sx == 1) {
        accumulateRow(op, n, x, xo, out, oo);
      } else {
        for (int i = 0; i < n; i++) {
          out[oo + i * so] = Scalars.combine(op, out[oo + i * so], x[xo + i * sx]);
        }
      }
    } while (walk.next());
  }

  /** An array for the lengths of so many axes, of the call under way. */
  private int[] keptAxes(int rank) {
    if (rank >= kept.length) {
      return new int[rank];
    }
    if (kept[rank] == null) {
      kept[rank] = new int[rank];
    }
    return kept[rank];
  }

  private void initialize(ReduceOp op, int[] shape, float[] out, int outOff, int[] outStrides) {
    int[] kept = keptAxes(shape.length);
    for (int axis = 0; axis < kept.length; axis++) {
      kept[axis] = outStrides[axis] == 0 ? 1 : shape[axis];
    }
    Layout walk = layout.of(kept, outOff, outStrides, 0, null, 0, null);
    if (walk.isEmpty()) {
      return;
    }
    float identity = Scalars.identity(op);
    int n = walk.length();
    int so = walk.stride(0);
    do {
      for (int i = 0; i < n; i++) {
        out[walk.offset(0) + i * so] = identity;
      }
    } while (walk.next());
  }

  @Override
  public final void pick(
      int rows,
      int cols,
      float[] x,
      int xOff,
      int xRow,
      int[] index,
      int indexOff,
      float[] out,
      int outOff) {
    checkIndex(rows, cols, index, indexOff);
    for (int i = 0; i < rows; i++) {
      out[outOff + i] = x[xOff + i * xRow + index[indexOff + i]];
    }
  }

  @Override
  public final void scatter(
      int rows,
      int cols,
      float[] x,
      int xOff,
      int xStride,
      int[] index,
      int indexOff,
      float[] out,
      int outOff) {
    checkIndex(rows, cols, index, indexOff);
    Arrays.fill(out, outOff, outOff + rows * cols, 0);
    for (int i = 0; i < rows; i++) {
      out[outOff + i * cols + index[indexOff + i]] = x[xOff + i * xStride];
    }
  }

  private static void checkIndex(int rows, int cols, int[] index, int indexOff) {
    for (int i = 0; i < rows; i++) {
      int column = index[indexOff + i];
      if (column < 0 || column >= cols) {
        throw new IndexOutOfBoundsException(
            "index[" + i + "] is " + column + ", allowed are 0 to " + (cols - 1));
      }
    }
  }

  @Override
  public final void uniform(long seed, long stream, long first, float[] out, int off, int n) {
    Philox.uniform(seed, stream, first, out, off, n);
  }

  @Override
  public final void normal(long seed, long stream, long first, float[] out, int off, int n) {
    Philox.normal(seed, stream, first, out, off, n);
  }

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
    ColumnSums columns = sums.columns();
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
      column[0] = rows;
      columnStep[0] = outRow;
      reduce(ReduceOp.SUM, column, out, outOff, columnStep, bias, biasOff, noStep);
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
