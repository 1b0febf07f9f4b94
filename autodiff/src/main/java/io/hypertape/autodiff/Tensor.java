package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.autodiff.backend.DType;
import io.hypertape.autodiff.backend.Epilogue;
import io.hypertape.autodiff.backend.ReduceOp;
import io.hypertape.autodiff.backend.UnaryOp;
import io.hypertape.autodiff.backend.View;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * An immutable array of any rank in a session's memory, row-major unless permuted or broadcast.
 * Operations on it give new tensors that live as long as the session's current {@link Scope}, and
 * are recorded if that is a {@link Tape} and an operand depends on one of its leaves.
 *
 * <p>Binary operations broadcast as NumPy does: shapes are aligned at the last axis, and lengths
 * must be equal or one of them 1. Axes may be counted from the end with negative numbers. Every
 * method throws {@link IllegalArgumentException} where shapes do not fit and {@link
 * IllegalStateException} if an operand's scope is closed, or no scope is open.
 */
public final class Tensor {

  private final Session session;
  private final Scope scope;
  private final View view;
  private Tape tape;
  private int id = -1;

  Tensor(Session session, Scope scope, View view) {
    this.session = session;
    this.scope = scope;
    this.view = view;
  }

  // Bookkeeping of the tape.

  Session session() {
    return session;
  }

  Scope scope() {
    return scope;
  }

  View view() {
    return view;
  }

  Tape tape() {
    return tape;
  }

  int id() {
    return id;
  }

  void track(Tape newTape, int newId) {
    this.tape = newTape;
    this.id = newId;
  }

  /** Another view of the same storage, with the same lifetime; not tracked. */
  Tensor lookAt(View other) {
    return new Tensor(session, scope, other);
  }

  /** This view, or a dense copy of it in the current scope; not recorded. */
  View denseView() {
    if (view.isContiguous()) {
      return view;
    }
    Tensor copy = session.allocate(shape());
    session.backend().copy(view, copy.view);
    return copy.view;
  }

  void overwrite(Tensor source) {
    source.checkUsable("overwrite");
    session.backend().copy(source.view, view);
  }

  void checkUsable(String op) {
    if (scope.isClosed()) {
      throw new IllegalStateException(
          op
              + ": a tensor of shape "
              + Shapes.text(shape())
              + " is used after the scope that it was computed in was closed");
    }
  }

  Tensor requireFloating(String op) {
    if (dtype() == DType.I32) {
      throw new IllegalArgumentException(
          op
              + ": an I32 tensor of shape "
              + Shapes.text(shape())
              + " has no arithmetic; "
              + session.backend().dtype()
              + " is needed");
    }
    return this;
  }

  // What it is.

  /**
   * Lengths of the axes.
   *
   * @return the shape, outermost axis first; empty for a scalar; not to be changed
   */
  public int[] shape() {
    return view.shape();
  }

  /**
   * Number of axes.
   *
   * @return 0 for a scalar
   */
  public int rank() {
    return view.rank();
  }

  /**
   * Number of elements.
   *
   * @return product of the axes' lengths
   */
  public int size() {
    return view.size();
  }

  /**
   * Type of the elements.
   *
   * @return the type
   */
  public DType dtype() {
    return view.buffer().type();
  }

  /**
   * Whether another tensor looks at the same elements of the same storage.
   *
   * @param other another tensor
   * @return true if a change of one would be seen in the other, element by element
   */
  public boolean isSameStorage(Tensor other) {
    return view.buffer() == other.view.buffer()
        && view.offset() == other.view.offset()
        && Arrays.equals(view.shape(), other.view.shape())
        && Arrays.equals(view.strides(), other.view.strides());
  }

  /**
   * Whether gradients can be taken with respect to it.
   *
   * @return true for a tape's leaves and what was computed from them
   */
  public boolean isTracked() {
    return tape != null;
  }

  // Reading it.

  /**
   * The value of a tensor of one element. Waits for the backend.
   *
   * @return the element
   */
  public double item() {
    if (size() != 1) {
      throw new IllegalArgumentException(
          "item: shape " + Shapes.text(shape()) + " has " + size() + " elements; one is needed");
    }
    checkUsable("item");
    return session.item(this);
  }

  /**
   * Copies the elements to the host. Waits for the backend.
   *
   * @return the elements in row-major order
   */
  public float[] toFloats() {
    if (dtype() == DType.F32) {
      float[] result = new float[size()];
      read(MemorySegment.ofArray(result));
      return result;
    }
    double[] wide = toDoubles();
    float[] result = new float[wide.length];
    for (int i = 0; i < wide.length; i++) {
      result[i] = (float) wide[i];
    }
    return result;
  }

  /**
   * Copies the elements to the host. Waits for the backend.
   *
   * @return the elements in row-major order
   */
  public double[] toDoubles() {
    double[] result = new double[size()];
    switch (dtype()) {
      case F64 -> read(MemorySegment.ofArray(result));
      case F32 -> {
        float[] narrow = toFloats();
        for (int i = 0; i < narrow.length; i++) {
          result[i] = narrow[i];
        }
      }
      case I32 -> {
        int[] whole = toInts();
        for (int i = 0; i < whole.length; i++) {
          result[i] = whole[i];
        }
      }
    }
    return result;
  }

  /**
   * Copies the elements of an integer tensor to the host. Waits for the backend.
   *
   * @return the elements in row-major order
   */
  public int[] toInts() {
    if (dtype() != DType.I32) {
      throw new IllegalArgumentException("toInts: the tensor is " + dtype() + ", not I32");
    }
    int[] result = new int[size()];
    read(MemorySegment.ofArray(result));
    return result;
  }

  private void read(MemorySegment target) {
    session.checkThread();
    checkUsable("read");
    if (view.isContiguous()) {
      session.backend().read(view, target);
      return;
    }
    try (Scope unused = session.scratch()) {
      session.backend().read(denseView(), target);
    }
  }

  // Other looks at the same values.

  /**
   * The same value, cut off from the tape.
   *
   * @return an untracked tensor on the same storage, with the same lifetime
   */
  public Tensor detach() {
    return lookAt(view);
  }

  /**
   * The same values in storage of their own.
   *
   * @return a dense copy in the current scope, not tracked
   */
  public Tensor copy() {
    checkUsable("copy");
    session.checkThread();
    Tensor copy =
        dtype() == DType.I32 ? session.allocateIndices(shape()) : session.allocate(shape());
    copy.overwrite(this);
    return copy;
  }

  /**
   * Dense row-major form.
   *
   * @return this, or a copy
   */
  public Tensor contiguous() {
    return CopyOp.contiguous(this);
  }

  /**
   * The elements in row-major order under another shape.
   *
   * @param shape the new shape, of the same number of elements; one length may be −1: what remains
   * @return the reshaped tensor
   */
  public Tensor reshape(int... shape) {
    return ViewOps.reshape(this, shape);
  }

  /**
   * Reorders the axes.
   *
   * @param axes axis k of the result is this axis of the tensor; each once
   * @return the permuted tensor
   */
  public Tensor permute(int... axes) {
    return ViewOps.permute(this, axes);
  }

  /**
   * A matrix's transpose.
   *
   * @return [n, m] for [m, n]
   */
  public Tensor transpose() {
    if (rank() != 2) {
      throw new IllegalArgumentException(
          "transpose: shape " + Shapes.text(shape()) + "; a matrix is needed, or permute()");
    }
    return permute(1, 0);
  }

  /**
   * Repeats along axes of length 1 and new leading axes. Its adjoint is {@link #sumTo}.
   *
   * @param shape the wider shape
   * @return a view that repeats the elements
   */
  public Tensor broadcastTo(int... shape) {
    return ViewOps.broadcast(this, shape);
  }

  /**
   * Sums over what {@link #broadcastTo} would have repeated.
   *
   * @param shape a shape that broadcasts to this one
   * @return the sums, of that shape
   */
  public Tensor sumTo(int... shape) {
    return Reductions.sumTo(this, shape);
  }

  /**
   * Consecutive elements along an axis.
   *
   * @param axis which axis
   * @param from first index, from 0
   * @param to last index, excluded; at most the axis' length
   * @return a view of the elements, that axis' length being to − from
   */
  public Tensor slice(int axis, int from, int to) {
    return slice(axis, from, to, 1);
  }

  /**
   * Elements along an axis at equal distances.
   *
   * @param axis which axis
   * @param from first index, from 0
   * @param to last index, excluded; at most the axis' length
   * @param step distance of neighbours, at least 1
   * @return a view of the elements, that axis' length being ⌈(to − from)/step⌉
   */
  public Tensor slice(int axis, int from, int to, int step) {
    return SliceOps.slice(this, axis, from, to, step);
  }

  /**
   * Adds zeros along an axis.
   *
   * @param axis which axis
   * @param before how many zeros before its elements, 0 or more
   * @param after how many behind them, 0 or more
   * @return the longer tensor
   */
  public Tensor pad(int axis, int before, int after) {
    return SliceOps.pad(this, axis, before, after);
  }

  /**
   * Joins tensors along an axis.
   *
   * @param axis which axis
   * @param parts at least one; their shapes may differ along that axis only
   * @return the parts one behind the other
   */
  public static Tensor concat(int axis, List<Tensor> parts) {
    return SliceOps.concat(axis, parts);
  }

  // Elementwise functions.

  /**
   * Elementwise −x.
   *
   * @return a tensor of this shape
   */
  public Tensor neg() {
    return Elementwise.apply(UnaryOp.NEG, this);
  }

  /**
   * Elementwise |x|.
   *
   * @return a tensor of this shape
   */
  public Tensor abs() {
    return Elementwise.apply(UnaryOp.ABS, this);
  }

  /**
   * Elementwise e^x.
   *
   * @return a tensor of this shape
   */
  public Tensor exp() {
    return Elementwise.apply(UnaryOp.EXP, this);
  }

  /**
   * Elementwise ln x.
   *
   * @return a tensor of this shape
   */
  public Tensor log() {
    return Elementwise.apply(UnaryOp.LOG, this);
  }

  /**
   * Elementwise √x.
   *
   * @return a tensor of this shape
   */
  public Tensor sqrt() {
    return Elementwise.apply(UnaryOp.SQRT, this);
  }

  /**
   * Elementwise x².
   *
   * @return a tensor of this shape
   */
  public Tensor square() {
    return Elementwise.apply(UnaryOp.SQUARE, this);
  }

  /**
   * Elementwise 1/x.
   *
   * @return a tensor of this shape
   */
  public Tensor reciprocal() {
    return Elementwise.apply(UnaryOp.RECIPROCAL, this);
  }

  /**
   * Elementwise tanh x.
   *
   * @return a tensor of this shape
   */
  public Tensor tanh() {
    return Elementwise.apply(UnaryOp.TANH, this);
  }

  /**
   * Elementwise 1/(1+e^−x).
   *
   * @return a tensor of this shape
   */
  public Tensor sigmoid() {
    return Elementwise.apply(UnaryOp.SIGMOID, this);
  }

  /**
   * Elementwise max(x, 0).
   *
   * @return a tensor of this shape
   */
  public Tensor relu() {
    return Elementwise.apply(UnaryOp.RELU, this);
  }

  /**
   * Elementwise −1, 0 or 1; its derivative is zero.
   *
   * @return a tensor of this shape
   */
  public Tensor sign() {
    return Elementwise.apply(UnaryOp.SIGN, this);
  }

  /**
   * Elementwise 1 where x &gt; 0, else 0; its derivative is zero.
   *
   * @return a tensor of this shape
   */
  public Tensor step() {
    return Elementwise.apply(UnaryOp.STEP, this);
  }

  /**
   * Elementwise this + other.
   *
   * @param other second operand; shapes broadcast
   * @return a tensor of the broadcast shape
   */
  public Tensor add(Tensor other) {
    return Elementwise.apply(BinaryOp.ADD, this, other);
  }

  /**
   * Elementwise this − other.
   *
   * @param other second operand; shapes broadcast
   * @return a tensor of the broadcast shape
   */
  public Tensor sub(Tensor other) {
    return Elementwise.apply(BinaryOp.SUB, this, other);
  }

  /**
   * Elementwise this · other.
   *
   * @param other second operand; shapes broadcast
   * @return a tensor of the broadcast shape
   */
  public Tensor mul(Tensor other) {
    return Elementwise.apply(BinaryOp.MUL, this, other);
  }

  /**
   * Elementwise this / other.
   *
   * @param other second operand; shapes broadcast
   * @return a tensor of the broadcast shape
   */
  public Tensor div(Tensor other) {
    return Elementwise.apply(BinaryOp.DIV, this, other);
  }

  /**
   * Elementwise this^other.
   *
   * @param other second operand; shapes broadcast
   * @return a tensor of the broadcast shape
   */
  public Tensor pow(Tensor other) {
    return Elementwise.apply(BinaryOp.POW, this, other);
  }

  /**
   * Elementwise the larger; equal ones share a gradient evenly.
   *
   * @param other second operand; shapes broadcast
   * @return a tensor of the broadcast shape
   */
  public Tensor maximum(Tensor other) {
    return Elementwise.apply(BinaryOp.MAX, this, other);
  }

  /**
   * Elementwise the smaller; equal ones share a gradient evenly.
   *
   * @param other second operand; shapes broadcast
   * @return a tensor of the broadcast shape
   */
  public Tensor minimum(Tensor other) {
    return Elementwise.apply(BinaryOp.MIN, this, other);
  }

  /**
   * Elementwise 1 where equal, else 0; its derivative is zero.
   *
   * @param other second operand; shapes broadcast
   * @return a tensor of the broadcast shape
   */
  public Tensor equalTo(Tensor other) {
    return Elementwise.apply(BinaryOp.EQUAL, this, other);
  }

  /**
   * Elementwise 1 where this &gt; other, else 0; its derivative is zero.
   *
   * @param other second operand; shapes broadcast
   * @return a tensor of the broadcast shape
   */
  public Tensor greaterThan(Tensor other) {
    return Elementwise.apply(BinaryOp.GREATER, this, other);
  }

  /**
   * Elementwise this + value.
   *
   * @param value a constant
   * @return a tensor of this shape
   */
  public Tensor add(double value) {
    return add(session.constant(value));
  }

  /**
   * Elementwise this − value.
   *
   * @param value a constant
   * @return a tensor of this shape
   */
  public Tensor sub(double value) {
    return sub(session.constant(value));
  }

  /**
   * Elementwise this · value.
   *
   * @param value a constant
   * @return a tensor of this shape
   */
  public Tensor mul(double value) {
    return mul(session.constant(value));
  }

  /**
   * Elementwise this / value.
   *
   * @param value a constant
   * @return a tensor of this shape
   */
  public Tensor div(double value) {
    return div(session.constant(value));
  }

  /**
   * Elementwise this^exponent.
   *
   * @param exponent a constant
   * @return a tensor of this shape
   */
  public Tensor pow(double exponent) {
    return pow(session.constant(exponent));
  }

  // Reductions.

  /**
   * Sums along axes and drops them.
   *
   * @param axes which; all if none is named
   * @return the sums
   */
  public Tensor sum(int... axes) {
    return Reductions.along(ReduceOp.SUM, this, axes);
  }

  /**
   * Means along axes and drops them; NaN of nothing.
   *
   * @param axes which; all if none is named
   * @return the means
   */
  public Tensor mean(int... axes) {
    Tensor sums = sum(axes);
    return sums.mul((double) Math.max(sums.size(), 1) / size());
  }

  /**
   * Largest elements along axes, which are dropped. Ties share a gradient evenly.
   *
   * @param axes which; all if none is named
   * @return the maxima; −∞ of nothing
   */
  public Tensor max(int... axes) {
    return Reductions.along(ReduceOp.MAX, this, axes);
  }

  /**
   * Smallest elements along axes, which are dropped. Ties share a gradient evenly.
   *
   * @param axes which; all if none is named
   * @return the minima; +∞ of nothing
   */
  public Tensor min(int... axes) {
    return Reductions.along(ReduceOp.MIN, this, axes);
  }

  // Matrices and rows.

  /**
   * Matrix product.
   *
   * @param other [k, n], this being [m, k]
   * @return [m, n]
   */
  public Tensor matmul(Tensor other) {
    return MatrixOps.matmul(this, false, other, false);
  }

  /**
   * Matrix product with a transposed second factor, as a dense layer has it: x·Wᵀ.
   *
   * @param other [n, k], this being [m, k]
   * @return [m, n]
   */
  public Tensor matmulTransposed(Tensor other) {
    return MatrixOps.matmul(this, false, other, true);
  }

  /**
   * A dense layer: f(x·Wᵀ + b), in one pass where the backend can do that.
   *
   * @param weight W [n, k], this being [m, k]
   * @param bias b [n]
   * @param function f
   * @return [m, n]
   */
  public Tensor affine(Tensor weight, Tensor bias, Epilogue function) {
    return AffineOp.apply(this, weight, bias, function);
  }

  /**
   * Logarithm of the softmax along each row, computed stably.
   *
   * @return [rows, classes], this being of that shape
   */
  public Tensor logSoftmax() {
    return RowOps.logSoftmax(this);
  }

  /**
   * Softmax along each row.
   *
   * @return [rows, classes], this being of that shape
   */
  public Tensor softmax() {
    return logSoftmax().exp();
  }

  /**
   * One element of each row.
   *
   * @param index I32 [rows], the column of each row
   * @return [rows], this being [rows, columns]
   * @throws IndexOutOfBoundsException if an index is not a column
   */
  public Tensor pick(Tensor index) {
    return RowOps.pick(this, index);
  }

  /**
   * Puts each element into a row of zeros: the adjoint of {@link #pick}.
   *
   * @param index I32 [rows], the column of each row
   * @param columns how many columns the result has
   * @return [rows, columns], this being [rows]
   * @throws IndexOutOfBoundsException if an index is not a column
   */
  public Tensor scatter(Tensor index, int columns) {
    return RowOps.scatter(this, index, columns);
  }

  @Override
  public String toString() {
    return dtype() + Shapes.text(shape()) + (isTracked() ? " tracked" : "");
  }
}
