package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.View;
import io.hypertape.checks.Nulls;
import io.hypertape.tensor.DType;
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
public final class Tensor
    implements TensorArithmetic,
        TensorComparison,
        TensorReduction,
        TensorAlgebra,
        TensorViews,
        TensorReading {

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

  /** The same view as another scope's own, for storage that does not belong to its scope. */
  Tensor moveTo(Scope other) {
    return new Tensor(session, other, other, view, stored);
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

  /** Whether a change of one would be seen in the other, element by element. */
  boolean isSameStorage(Tensor other) {
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
   * Elementwise choice: the first where a condition holds, else the second. Values are handed
   * through as they are, and neither a NaN nor an infinity of what is not chosen gets into the
   * result or into a gradient.
   *
   * @param condition holds where it is not 0, as comparisons have it; NaN is not 0. It has no
   *     gradient
   * @param chosen what the result is where the condition holds
   * @param otherwise what it is elsewhere
   * @return a tensor of the shape that all three broadcast to
   */
  public static Tensor where(Tensor condition, Tensor chosen, Tensor otherwise) {
    Nulls.check(condition, "where: condition");
    Nulls.check(chosen, "where: chosen");
    Nulls.check(otherwise, "where: otherwise");
    return Selection.where(condition, chosen, otherwise);
  }

  /**
   * Einstein's summation over two tensors: a letter names each axis, products are summed over the
   * letters that the result lacks. {@code "bij,bjk->bik"} is a product of stacks of matrices,
   * {@code "ij,ij->"} the sum of all products, {@code "i,j->ij"} an outer product.
   *
   * @param equation the letters (a to z, A to Z) of both tensors' axes, separated by a comma, then
   *     {@code ->} and the result's; without the arrow, the letters that occur once, in
   *     alphabetical order (capitals first)
   * @param first the first tensor
   * @param second the second tensor; axes of one letter have one length
   * @return the sums of products, axes in the order of the result's letters
   */
  public static Tensor einsum(String equation, Tensor first, Tensor second) {
    Nulls.check(equation, "einsum: equation");
    Nulls.check(first, "einsum: first");
    Nulls.check(second, "einsum: second");
    return Einsum.of(equation).apply(first, second);
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
