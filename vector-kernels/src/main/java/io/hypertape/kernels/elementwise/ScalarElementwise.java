package io.hypertape.kernels.elementwise;

import io.hypertape.kernels.lanes.BinaryOp;
import io.hypertape.kernels.lanes.Call;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.lanes.Matrix;
import io.hypertape.kernels.lanes.OperandChecks;
import io.hypertape.kernels.lanes.Philox;
import io.hypertape.kernels.lanes.ReduceOp;
import io.hypertape.kernels.lanes.Strided;
import io.hypertape.kernels.lanes.UnaryOp;
import io.hypertape.kernels.lanes.Workers;
import java.util.Arrays;
import java.util.Objects;

/**
 * Checks operands, takes strided ones apart into rows, and makes calls. Rows are plain loops on one
 * thread here, and vectors in {@link VectorElementwise}, with the same bits.
 */
public sealed class ScalarElementwise implements Elementwise permits VectorElementwise {

  /** Elements of a row of equal numbers that stands for a broadcast operand. */
  private static final int BLOCK = 1024;

  private final float[] repeatedA = new float[BLOCK];
  private final float[] repeatedB = new float[BLOCK];
  private final Workers workers;
  private final boolean vectors;
  private final Softmax softmax;
  private final StridedSums sums;

  /** Log-softmax of rows, and its derivative. */
  interface Softmax {
    void run(Matrix x, Matrix out);

    void grad(Matrix y, Matrix g, Matrix out);
  }

  /** Makes the kernels, on the caller's thread. */
  public ScalarElementwise() {
    this(new Workers(1), false, new ScalarSoftmax());
  }

  ScalarElementwise(Workers workers, boolean vectors, Softmax softmax) {
    this.workers = workers;
    this.vectors = vectors;
    this.softmax = softmax;
    this.sums =
        vectors
            ? new StridedSums(VectorReduce::sum, VectorColumns::add)
            : new StridedSums(ScalarReduce::sum, ScalarColumns::add);
  }

  // Rows of contiguous elements. Long ones are shared by threads.

  private void unaryRow(UnaryOp op, int n, float[] x, int xOff, float[] out, int outOff) {
    if (!vectors) {
      plainRow(op, n, x, xOff, out, outOff);
    } else if (!workers.shares(n)) {
      VectorUnary.row(op, n, x, xOff, out, outOff);
    } else {
      workers.split(
          n, (from, length) -> VectorUnary.row(op, length, x, xOff + from, out, outOff + from));
    }
  }

  /** out = op(a, b). */
  public final void binaryRow(
      BinaryOp op, int n, float[] a, int aOff, float[] b, int bOff, float[] out, int outOff) {
    if (!vectors) {
      plainRow(op, n, a, aOff, b, bOff, out, outOff);
    } else if (!workers.shares(n)) {
      VectorBinary.row(op, n, a, aOff, b, bOff, out, outOff);
    } else {
      workers.split(
          n,
          (from, length) ->
              VectorBinary.row(op, length, a, aOff + from, b, bOff + from, out, outOff + from));
    }
  }

  // Loops alone in a method: then C2 takes the choice of the function out of them.

  private static void plainRow(UnaryOp op, int n, float[] x, int xOff, float[] out, int outOff) {
    for (int i = 0; i < n; i++) {
      out[outOff + i] = op.of(x[xOff + i]);
    }
  }

  private static void plainRow(
      BinaryOp op, int n, float[] a, int aOff, float[] b, int bOff, float[] out, int outOff) {
    for (int i = 0; i < n; i++) {
      out[outOff + i] = op.of(a[aOff + i], b[bOff + i]);
    }
  }

  private float reduceRow(ReduceOp op, int n, float[] x, int xOff) {
    return vectors ? VectorReduce.row(op, n, x, xOff) : ScalarReduce.row(op, n, x, xOff);
  }

  @Override
  public final Call fill(Floats out, float value) {
    float[] to = out.array();
    int from = out.offset();
    int end = from + out.length();
    return () -> Arrays.fill(to, from, end, value);
  }

  @Override
  public final Call copy(Strided x, Strided out) {
    out.ofShape("out", x.shape()).writable("out");
    RowWalk rows = RowWalk.rows(x, x, out);
    float[] from = x.array();
    float[] to = out.array();
    int n = rows.length();
    int xOff = rows.a();
    int outOff = rows.c();
    if (rows.isEmpty()) {
      return Call.NOTHING;
    }
    if (!rows.isDenseRow()) {
      return rows.stepA() == 1 && rows.stepC() == 1
          ? () -> copyRows(rows, from, to)
          : () -> copyEach(rows, from, to);
    }
    return n == 1
        ? () -> to[outOff] = from[xOff]
        : () -> System.arraycopy(from, xOff, to, outOff, n);
  }

  private static void copyRows(RowWalk rows, float[] x, float[] out) {
    rows.begin();
    do {
      System.arraycopy(x, rows.a(), out, rows.c(), rows.length());
    } while (rows.next());
  }

  private static void copyEach(RowWalk rows, float[] x, float[] out) {
    int n = rows.length();
    int sx = rows.stepA();
    int so = rows.stepC();
    rows.begin();
    do {
      int xo = rows.a();
      int oo = rows.c();
      for (int i = 0; i < n; i++) {
        out[oo + i * so] = x[xo + i * sx];
      }
    } while (rows.next());
  }

  @Override
  public final Call unary(UnaryOp op, Strided x, Strided out) {
    Objects.requireNonNull(op, "op");
    out.ofShape("out", x.shape()).writable("out");
    RowWalk rows = RowWalk.rows(x, x, out);
    float[] from = x.array();
    float[] to = out.array();
    int n = rows.length();
    int xOff = rows.a();
    int outOff = rows.c();
    if (rows.isEmpty()) {
      return Call.NOTHING;
    }
    return rows.isDenseRow()
        ? () -> unaryRow(op, n, from, xOff, to, outOff)
        : () -> unaryRows(op, rows, from, to);
  }

  private void unaryRows(UnaryOp op, RowWalk rows, float[] x, float[] out) {
    int n = rows.length();
    int sx = rows.stepA();
    int so = rows.stepC();
    rows.begin();
    do {
      int xo = rows.a();
      int oo = rows.c();
      if (sx == 1 && so == 1) {
        unaryRow(op, n, x, xo, out, oo);
      } else if (sx == 0 && so == 1) {
        unaryRow(op, 1, x, xo, out, oo);
        Arrays.fill(out, oo + 1, oo + n, out[oo]);
      } else {
        for (int i = 0; i < n; i++) {
          out[oo + i * so] = op.of(x[xo + i * sx]);
        }
      }
    } while (rows.next());
  }

  @Override
  public final Call binary(BinaryOp op, Strided a, Strided b, Strided out) {
    Objects.requireNonNull(op, "op");
    b.ofShape("b", a.shape());
    out.ofShape("out", a.shape()).writable("out");
    RowWalk rows = RowWalk.rows(a, b, out);
    float[] x = a.array();
    float[] y = b.array();
    float[] to = out.array();
    int n = rows.length();
    int aOff = rows.a();
    int bOff = rows.b();
    int outOff = rows.c();
    if (rows.isEmpty()) {
      return Call.NOTHING;
    }
    if (!rows.isDenseRow()) {
      return binaryRows(op, rows, x, y, to);
    }
    return n == 1
        ? () -> to[outOff] = op.of(x[aOff], y[bOff])
        : () -> binaryRow(op, n, x, aOff, y, bOff, to, outOff);
  }

  private Call binaryRows(BinaryOp op, RowWalk rows, float[] a, float[] b, float[] out) {
    int sa = rows.stepA();
    int sb = rows.stepB();
    int so = rows.stepC();
    if (sa == 1 && sb == 1 && so == 1) {
      return () -> binaryDense(op, rows, a, b, out);
    }
    return so == 1 && (sa | sb) <= 1 && (sa | sb) >= 0
        ? () -> binaryRepeated(op, rows, a, b, out)
        : () -> binaryEach(op, rows, a, b, out);
  }

  private void binaryDense(BinaryOp op, RowWalk rows, float[] a, float[] b, float[] out) {
    int n = rows.length();
    rows.begin();
    do {
      binaryRow(op, n, a, rows.a(), b, rows.b(), out, rows.c());
    } while (rows.next());
  }

  private void binaryRepeated(BinaryOp op, RowWalk rows, float[] a, float[] b, float[] out) {
    rows.begin();
    do {
      repeated(op, rows, a, b, out);
    } while (rows.next());
  }

  private static void binaryEach(BinaryOp op, RowWalk rows, float[] a, float[] b, float[] out) {
    int n = rows.length();
    int sa = rows.stepA();
    int sb = rows.stepB();
    int so = rows.stepC();
    rows.begin();
    do {
      int ao = rows.a();
      int bo = rows.b();
      int oo = rows.c();
      for (int i = 0; i < n; i++) {
        out[oo + i * so] = op.of(a[ao + i * sa], b[bo + i * sb]);
      }
    } while (rows.next());
  }

  /** One operand, or both, a single number: rows of it stand in. */
  private void repeated(BinaryOp op, RowWalk row, float[] a, float[] b, float[] out) {
    int n = row.length();
    int block = Math.min(n, BLOCK);
    boolean isOneA = row.stepA() == 0;
    boolean isOneB = row.stepB() == 0;
    if (isOneA) {
      Arrays.fill(repeatedA, 0, block, a[row.a()]);
    }
    if (isOneB) {
      Arrays.fill(repeatedB, 0, block, b[row.b()]);
    }
    float[] x = isOneA ? repeatedA : a;
    float[] y = isOneB ? repeatedB : b;
    for (int i = 0; i < n; i += BLOCK) {
      int some = Math.min(BLOCK, n - i);
      int xo = isOneA ? 0 : row.a() + i;
      int yo = isOneB ? 0 : row.b() + i;
      binaryRow(op, some, x, xo, y, yo, out, row.c() + i);
    }
  }

  @Override
  public final Call reduce(ReduceOp op, Strided x, Strided out) {
    Objects.requireNonNull(op, "op");
    Strided folded = folded(x, out.writable("out"));
    RowWalk rows = RowWalk.rows(folded, x, folded);
    float[] from = x.array();
    float[] to = out.array();
    int n = rows.length();
    int xOff = rows.b();
    int outOff = rows.c();
    if (rows.isEmpty()) {
      return identity(op, out);
    }
    if (rows.isRow() && rows.stepB() == 1 && rows.stepC() == 0) {
      return () -> to[outOff] = reduceRow(op, n, from, xOff);
    }
    if (op == ReduceOp.SUM) {
      return sums.call(x, folded, out);
    }
    Call begin = identity(op, out);
    Call fold =
        rows.stepC() == 0 && rows.stepB() == 1
            ? () -> extremes(op, rows, from, to)
            : binaryRows(op.fold(), rows, to, from, to);
    return () -> {
      begin.run();
      fold.run();
    };
  }

  /** The output in the shape of what is reduced, with steps of 0 where it is. */
  private static Strided folded(Strided x, Strided out) {
    int[] shape = x.shape();
    int[] fits = shape.clone();
    int[] strides = out.strides().clone();
    for (int axis = 0; axis < Math.min(shape.length, strides.length); axis++) {
      if (out.shape()[axis] == 1) {
        fits[axis] = 1;
        strides[axis] = 0;
      }
    }
    out.ofShape("out", fits);
    return new Strided(out.array(), out.offset(), shape, strides);
  }

  private Call identity(ReduceOp op, Strided out) {
    float[] one = {op.identity()};
    return copy(new Strided(one, 0, out.shape(), new int[out.shape().length]), out);
  }

  /** The largest or the smallest of each row. */
  private void extremes(ReduceOp op, RowWalk rows, float[] x, float[] out) {
    int n = rows.length();
    rows.begin();
    do {
      int at = rows.c();
      out[at] = op.fold().of(out[at], reduceRow(op, n, x, rows.b()));
    } while (rows.next());
  }

  @Override
  public final float dot(Floats x, Floats y) {
    int n = y.ofLength("y", x.length()).length();
    return vectors
        ? VectorReduce.dot(n, x.array(), x.offset(), y.array(), y.offset())
        : ScalarReduce.dot(n, x.array(), x.offset(), y.array(), y.offset());
  }

  @Override
  public final Call pick(Matrix x, Ints index, Floats out) {
    index.ofLength("index", x.rows());
    out.ofLength("out", x.rows());
    return () -> {
      index.checkWithin(x.cols());
      for (int i = 0; i < x.rows(); i++) {
        out.set(i, x.array()[x.row(i) + index.get(i) * x.colStride()]);
      }
    };
  }

  @Override
  public final Call scatter(Strided x, Ints index, Matrix out) {
    int cols = out.cols();
    x.ofShape("x", new int[] {out.rows()});
    index.ofLength("index", out.rows());
    out.writable("out");
    if (out.rows() > 1 && cols > 0 && out.rowStride() != cols) {
      throw new IllegalArgumentException(
          "out has rows " + out.rowStride() + " apart; " + cols + " fits, end to end");
    }
    return () -> {
      index.checkWithin(cols);
      float[] to = out.array();
      Arrays.fill(to, out.offset(), out.offset() + out.rows() * cols, 0);
      float[] from = x.array();
      int at = x.offset();
      int step = x.strides()[0];
      for (int i = 0; i < index.length(); i++) {
        to[out.offset() + i * cols + index.get(i)] = from[at + i * step];
      }
    };
  }

  @Override
  public final Call logSoftmax(Matrix x, Matrix out) {
    checkRows("x", x, out);
    return () -> softmax.run(x, out);
  }

  @Override
  public final Call logSoftmaxGrad(Matrix y, Matrix g, Matrix out) {
    checkRows("y", y, out);
    g.ofShape("g", y.rows(), y.cols()).withDenseRows("g");
    return () -> softmax.grad(y, g, out);
  }

  private static void checkRows(String name, Matrix x, Matrix out) {
    x.withDenseRows(name);
    out.ofShape("out", x.rows(), x.cols()).writable("out");
  }

  @Override
  public final Call uniform(long seed, long stream, long first, Floats out) {
    OperandChecks.sequence(first, out.length());
    return () -> Philox.uniform(seed, stream, first, out.array(), out.offset(), out.length());
  }

  @Override
  public final Call normal(long seed, long stream, long first, Floats out) {
    OperandChecks.sequence(first, out.length());
    return () -> Philox.normal(seed, stream, first, out.array(), out.offset(), out.length());
  }
}
