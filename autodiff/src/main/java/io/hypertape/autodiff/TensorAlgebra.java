package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Epilogue;
import io.hypertape.autodiff.backend.ReduceOp;
import io.hypertape.checks.Nulls;

/**
 * What brings a tensor's elements together: reductions, matrix products, and functions of rows. The
 * only implementation is {@link Tensor}.
 */
public sealed interface TensorAlgebra permits Tensor {

  /**
   * Sums along axes and drops them.
   *
   * @param axes which, each once; all if none is named
   * @return the sums
   */
  default Tensor sum(int... axes) {
    return Reductions.along("sum", ReduceOp.SUM, (Tensor) this, axes);
  }

  /**
   * Means along axes and drops them; NaN of nothing.
   *
   * @param axes which, each once; all if none is named
   * @return the means
   */
  default Tensor mean(int... axes) {
    Tensor sums = Reductions.along("mean", ReduceOp.SUM, (Tensor) this, axes);
    return sums.mul((double) Math.max(sums.size(), 1) / ((Tensor) this).size());
  }

  /**
   * Largest elements along axes, which are dropped. Ties share a gradient evenly.
   *
   * @param axes which, each once; all if none is named
   * @return the maxima; −∞ of nothing
   */
  default Tensor max(int... axes) {
    return Reductions.along("max", ReduceOp.MAX, (Tensor) this, axes);
  }

  /**
   * Smallest elements along axes, which are dropped. Ties share a gradient evenly.
   *
   * @param axes which, each once; all if none is named
   * @return the minima; +∞ of nothing
   */
  default Tensor min(int... axes) {
    return Reductions.along("min", ReduceOp.MIN, (Tensor) this, axes);
  }

  // Matrices and rows.

  /**
   * Matrix product.
   *
   * @param other [k, n], this being [m, k]
   * @return [m, n]
   */
  default Tensor matmul(Tensor other) {
    Nulls.check(other, "matmul: other");
    return MatrixOps.matmul((Tensor) this, false, other, false);
  }

  /**
   * Matrix product with a transposed second factor, as a dense layer has it: x·Wᵀ.
   *
   * @param other [n, k], this being [m, k]
   * @return [m, n]
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
