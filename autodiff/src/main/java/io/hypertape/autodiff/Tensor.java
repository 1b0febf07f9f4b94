package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.View;
import io.hypertape.checks.Nulls;
import io.hypertape.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
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
public final class Tensor implements TensorArithmetic, TensorAlgebra {

  private final Session session;
  private final Scope scope;
  // What the storage belongs to, and what it is kept by.
  private final Scope home;
  private final View view;
  // Elements of its storage that are in use, by this view or another.
  private final int stored;
  private Tape tape;
  private int id = -1;

  /** A tensor with storage of its own. */
  Tensor(Session session, Scope scope, View view) {
    this(session, scope, scope, view, view.size());
  }

  private Tensor(Session session, Scope scope, Scope home, View view, int stored) {
    this.session = session;
    this.scope = scope;
    this.home = home;
    this.view = view;
    this.stored = stored;
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
    return new Tensor(session, scope, home, other, stored);
  }

  /** The same view in another scope, which it is usable in. */
  Tensor lookFrom(Scope other) {
    return new Tensor(session, other, home, view, stored);
  }

  /** Whether it looks at all that its storage holds, and in the storage's order. */
  boolean isWhole() {
    return view.size() == stored && view.offset() == 0 && view.isContiguous();
  }

  /** This view, or a dense copy of it in the current scope; not recorded. */
  View denseView() {
    if (view.isContiguous()) {
      return view;
    }
    Tensor copy = session.allocate(dims());
    session.backend().copy(view, copy.view);
    return copy.view;
  }

  void overwrite(Tensor source) {
    source.checkUsable("overwrite");
    session.backend().copy(source.view, view);
  }

  void checkUsable(String op) {
    if (scope.isClosed() || home.isClosed()) {
      session.checkOpen();
      throw new IllegalStateException(
          op
              + ": a tensor of shape "
              + Shapes.text(dims())
              + " is used after "
              + (scope.isClosed() ? scope : home).end());
    }
  }

  Tensor requireFloating(String op) {
    if (dtype() == DType.I32) {
      throw new IllegalArgumentException(
          op
              + ": an I32 tensor of shape "
              + Shapes.text(dims())
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
   * @return a copy of the shape, outermost axis first; empty for a scalar
   */
  public int[] shape() {
    return dims().clone();
  }

  /** The shape itself, for this package, where nobody changes it. */
  int[] dims() {
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
    return view.storage().type();
  }

  /**
   * Whether another tensor looks at the same elements of the same storage.
   *
   * @param other another tensor
   * @return true if a change of one would be seen in the other, element by element
   */
  public boolean isSameStorage(Tensor other) {
    Nulls.check(other, "isSameStorage: other");
    return view.storage() == other.view.storage()
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
          "item: shape " + Shapes.text(dims()) + " has " + size() + " elements; one is needed");
    }
    checkUsable("item");
    return session.host().item(this);
  }

  /**
   * Copies the elements to the host. Waits for the backend.
   *
   * @return the elements in row-major order
   */
  public float[] toFloats() {
    return toFloats(new float[size()]);
  }

  /**
   * Copies the elements into an array. Waits for the backend.
   *
   * @param into of as many elements as the tensor has
   * @return {@code into}, with the elements in row-major order
   */
  public float[] toFloats(float[] into) {
    Nulls.check(into, "toFloats: into");
    return session.host().floats(this, into);
  }

  /**
   * Copies the elements to the host. Waits for the backend.
   *
   * @return the elements in row-major order
   */
  public double[] toDoubles() {
    return toDoubles(new double[size()]);
  }

  /**
   * Copies the elements into an array. Waits for the backend.
   *
   * @param into of as many elements as the tensor has
   * @return {@code into}, with the elements in row-major order
   */
  public double[] toDoubles(double[] into) {
    Nulls.check(into, "toDoubles: into");
    return session.host().doubles(this, into);
  }

  /**
   * Copies the elements of an integer tensor to the host. Waits for the backend.
   *
   * @return the elements in row-major order
   */
  public int[] toInts() {
    return toInts(new int[size()]);
  }

  /**
   * Copies the elements of an integer tensor into an array. Waits for the backend.
   *
   * @param into of as many elements as the tensor has
   * @return {@code into}, with the elements in row-major order
   */
  public int[] toInts(int[] into) {
    Nulls.check(into, "toInts: into");
    return session.host().ints(this, into);
  }

  /**
   * Copies the elements to where a buffer's position to limit are, which stay as they are. Waits
   * for the backend.
   *
   * @param into direct or not, of any byte order, with as many elements remaining as the tensor has
   */
  public void copyTo(FloatBuffer into) {
    Nulls.check(into, "copyTo: into");
    session.host().copy(this, into);
  }

  /**
   * Copies the elements to where a buffer's position to limit are, which stay as they are. Waits
   * for the backend.
   *
   * @param into direct or not, of any byte order, with as many elements remaining as the tensor has
   */
  public void copyTo(DoubleBuffer into) {
    Nulls.check(into, "copyTo: into");
    session.host().copy(this, into);
  }

  /**
   * Copies the elements of an integer tensor to where a buffer's position to limit are, which stay
   * as they are. Waits for the backend.
   *
   * @param into direct or not, of any byte order, with as many elements remaining as the tensor has
   */
  public void copyTo(IntBuffer into) {
    Nulls.check(into, "copyTo: into");
    session.host().copy(this, into);
  }

  /**
   * Copies the elements as they are, of {@link #dtype} and in native byte order. Waits for the
   * backend.
   *
   * @param into of the heap or native, of exactly the elements' bytes
   */
  public void copyTo(MemorySegment into) {
    Nulls.check(into, "copyTo: into");
    session.host().copy(this, into);
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
    Tensor copy = dtype() == DType.I32 ? session.allocateIndices(dims()) : session.allocate(dims());
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
    Nulls.check(shape, "reshape: shape");
    return ViewOps.reshape(this, shape);
  }

  /**
   * Reorders the axes.
   *
   * @param axes axis k of the result is this axis of the tensor; each once
   * @return the permuted tensor
   */
  public Tensor permute(int... axes) {
    Nulls.check(axes, "permute: axes");
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
          "transpose: shape " + Shapes.text(dims()) + "; a matrix is needed, or permute()");
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
    Nulls.check(shape, "broadcastTo: shape");
    return ViewOps.broadcast(this, shape);
  }

  /**
   * Sums over what {@link #broadcastTo} would have repeated.
   *
   * @param shape a shape that broadcasts to this one
   * @return the sums, of that shape
   */
  public Tensor sumTo(int... shape) {
    Nulls.check(shape, "sumTo: shape");
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
    return SliceOps.concat(axis, Nulls.copy(parts, "concat: parts"));
  }

  /**
   * For logs and debuggers. Waits for the backend, but never throws: where values cannot be read
   * (on another thread than the session's, while work is recorded, after the scope was closed)
   * there are none.
   *
   * @return type and shape, and values: all of small tensors, of others those at the axes' ends
   */
  @Override
  public String toString() {
    return TensorText.of(this);
  }
}
