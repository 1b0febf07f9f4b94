package io.hypertape.autodiff;

import io.hypertape.checks.Nulls;

/**
 * Other looks at a tensor's elements, and parts of them. The only implementation is {@link Tensor}.
 */
public sealed interface TensorViews permits Tensor {

  /**
   * Dense row-major form.
   *
   * @return this, or a copy
   */
  default Tensor contiguous() {
    return CopyOp.contiguous(self());
  }

  /**
   * The elements in row-major order under another shape.
   *
   * @param shape the new shape, of the same number of elements; one length may be −1: what remains
   * @return the reshaped tensor
   */
  default Tensor reshape(int... shape) {
    Nulls.check(shape, "reshape: shape");
    return ViewOps.reshape(self(), shape);
  }

  /**
   * Reorders the axes.
   *
   * @param axes axis k of the result is this axis of the tensor; each once
   * @return the permuted tensor
   */
  default Tensor permute(int... axes) {
    Nulls.check(axes, "permute: axes");
    return ViewOps.permute(self(), axes);
  }

  /**
   * A matrix's transpose.
   *
   * @return [n, m] for [m, n]
   */
  default Tensor transpose() {
    if (self().rank() != 2) {
      throw new IllegalArgumentException(
          "transpose: shape " + Shapes.text(self().dims()) + "; a matrix is needed, or permute()");
    }
    return permute(1, 0);
  }

  /**
   * Repeats along axes of length 1 and new leading axes. Its adjoint is {@link #sumTo}.
   *
   * @param shape the wider shape
   * @return a view that repeats the elements
   */
  default Tensor broadcastTo(int... shape) {
    Nulls.check(shape, "broadcastTo: shape");
    return ViewOps.broadcast(self(), shape);
  }

  /**
   * Sums over what {@link #broadcastTo} would have repeated.
   *
   * @param shape a shape that broadcasts to this one
   * @return the sums, of that shape
   */
  default Tensor sumTo(int... shape) {
    Nulls.check(shape, "sumTo: shape");
    return Reductions.sumTo(self(), shape);
  }

  /**
   * Consecutive elements along an axis.
   *
   * @param axis which axis
   * @param from first index, from 0
   * @param to last index, excluded; at most the axis' length
   * @return a view of the elements, that axis' length being to − from
   */
  default Tensor slice(int axis, int from, int to) {
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
  default Tensor slice(int axis, int from, int to, int step) {
    return SliceOps.slice(self(), axis, from, to, step);
  }

  /**
   * Adds zeros along an axis.
   *
   * @param axis which axis
   * @param before how many zeros before its elements, 0 or more
   * @param after how many behind them, 0 or more
   * @return the longer tensor
   */
  default Tensor pad(int axis, int before, int after) {
    return SliceOps.pad(self(), axis, before, after);
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
