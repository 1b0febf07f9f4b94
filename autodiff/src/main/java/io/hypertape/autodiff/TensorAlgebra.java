package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Epilogue;
import io.hypertape.checks.Nulls;

/**
 * Matrix products, functions of rows, and choices by index. The only implementation is {@link
 * Tensor}.
 */
public sealed interface TensorAlgebra permits Tensor {

  /**
   * Matrix product, or one of stacks of matrices: axes before the last two are broadcast as in
   * elementwise operations.
   *
   * @param other […, k, n], this being […, m, k]
   * @return […, m, n]
   */
  default Tensor matmul(Tensor other) {
    Nulls.check(other, "matmul: other");
    return MatrixOps.matmul((Tensor) this, false, other, false);
  }

  /**
   * Matrix product with a transposed second factor, as a dense layer has it: x·Wᵀ. Axes before the
   * last two are broadcast as in elementwise operations.
   *
   * @param other […, n, k], this being […, m, k]
   * @return […, m, n]
   */
  default Tensor matmulTransposed(Tensor other) {
    Nulls.check(other, "matmulTransposed: other");
    return MatrixOps.matmul((Tensor) this, false, other, true);
  }

  /**
   * A dense layer: f(x·Wᵀ + b), in one pass where the backend can do that.
   *
   * @param weight W [n, k], this being [m, k]
   * @param bias b [n]
   * @param function f
   * @return [m, n]
   */
  default Tensor affine(Tensor weight, Tensor bias, Epilogue function) {
    Nulls.check(weight, "affine: weight");
    Nulls.check(bias, "affine: bias");
    Nulls.check(function, "affine: function");
    return AffineOp.apply((Tensor) this, weight, bias, function);
  }

  /**
   * Logarithm of the softmax along each row, computed stably.
   *
   * @return [rows, classes], this being of that shape
   */
  default Tensor logSoftmax() {
    return RowOps.logSoftmax((Tensor) this);
  }

  /**
   * Softmax along each row.
   *
   * @return [rows, classes], this being of that shape
   */
  default Tensor softmax() {
    return logSoftmax().exp();
  }

  /**
   * Logarithm of the softmax along an axis, computed stably.
   *
   * @param axis which axis
   * @return a tensor of this shape
   */
  default Tensor logSoftmax(int axis) {
    return RowOps.logSoftmax((Tensor) this, axis);
  }

  /**
   * Softmax along an axis.
   *
   * @param axis which axis
   * @return a tensor of this shape
   */
  default Tensor softmax(int axis) {
    return RowOps.logSoftmax((Tensor) this, axis).exp();
  }

  /**
   * Elements along an axis by index, each place having an index of its own: along axis 0 of a
   * matrix, {@code out[i][j] = this[index[i][j]][j]}. It runs in as many pieces as the index is
   * long along that axis, or as there are lines along it if they are fewer; where all lines have
   * the same index, {@link #take} is one piece.
   *
   * @param axis which axis
   * @param index I32, of as many axes, as in {@code session.indices(…).reshape(…)}; along the other
   *     axes at most as long as this
   * @return the elements, of the index' shape
   * @throws IndexOutOfBoundsException if an index is not a place along the axis
   */
  default Tensor gather(int axis, Tensor index) {
    Nulls.check(index, "gather: index");
    return IndexOps.gather((Tensor) this, axis, index);
  }

  /**
   * Slices along an axis by index: along axis 0, {@code out[i] = this[index[i]]}.
   *
   * @param axis which axis
   * @param index I32 [n], which slices; one may be taken several times
   * @return the slices, that axis' length being n
   * @throws IndexOutOfBoundsException if an index is not a place along the axis
   */
  default Tensor take(int axis, Tensor index) {
    Nulls.check(index, "take: index");
    return IndexOps.take((Tensor) this, axis, index);
  }

  /**
   * One element of each row.
   *
   * @param index I32 [rows], the column of each row
   * @return [rows], this being [rows, columns]
   * @throws IndexOutOfBoundsException if an index is not a column
   */
  default Tensor pick(Tensor index) {
    Nulls.check(index, "pick: index");
    return RowOps.pick((Tensor) this, index);
  }

  /**
   * Puts each element into a row of zeros: the adjoint of {@link #pick}.
   *
   * @param index I32 [rows], the column of each row
   * @param columns how many columns the result has
   * @return [rows, columns], this being [rows]
   * @throws IndexOutOfBoundsException if an index is not a column
   */
  default Tensor scatter(Tensor index, int columns) {
    Nulls.check(index, "scatter: index");
    return RowOps.scatter((Tensor) this, index, columns);
  }
}
