package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.ReduceOp;
import io.hypertape.checks.Nulls;

/**
 * Sums, means and extrema along axes. Axes that are reduced are dropped, or kept with length 1, so
 * that the result broadcasts against what it was made of. The only implementation is {@link
 * Tensor}.
 */
public sealed interface TensorReduction permits Tensor {

  /**
   * Sums along axes, which are dropped.
   *
   * @param axes which, each once; all if none is named
   * @return the sums
   */
  default Tensor sum(int... axes) {
    Nulls.check(axes, "sum: axes");
    return Reductions.along("sum", ReduceOp.SUM, (Tensor) this, axes);
  }

  /**
   * Sums along axes, which keep length 1.
   *
   * @param axes which, each once; all if none is named
   * @return the sums
   */
  default Tensor sumKeepDims(int... axes) {
    Nulls.check(axes, "sumKeepDims: axes");
    return Reductions.keeping("sumKeepDims", ReduceOp.SUM, (Tensor) this, axes);
  }

  /**
   * Means along axes, which are dropped.
   *
   * @param axes which, each once; all if none is named
   * @return the means; NaN of nothing
   */
  default Tensor mean(int... axes) {
    Nulls.check(axes, "mean: axes");
    return Reductions.perElement(
        (Tensor) this, Reductions.along("mean", ReduceOp.SUM, (Tensor) this, axes));
  }

  /**
   * Means along axes, which keep length 1.
   *
   * @param axes which, each once; all if none is named
   * @return the means; NaN of nothing
   */
  default Tensor meanKeepDims(int... axes) {
    Nulls.check(axes, "meanKeepDims: axes");
    return Reductions.perElement(
        (Tensor) this, Reductions.keeping("meanKeepDims", ReduceOp.SUM, (Tensor) this, axes));
  }

  /**
   * Largest elements along axes, which are dropped. Ties share a gradient evenly.
   *
   * @param axes which, each once; all if none is named
   * @return the maxima; −∞ of nothing
   */
  default Tensor max(int... axes) {
    Nulls.check(axes, "max: axes");
    return Reductions.along("max", ReduceOp.MAX, (Tensor) this, axes);
  }

  /**
   * Largest elements along axes, which keep length 1. Ties share a gradient evenly.
   *
   * @param axes which, each once; all if none is named
   * @return the maxima; −∞ of nothing
   */
  default Tensor maxKeepDims(int... axes) {
    Nulls.check(axes, "maxKeepDims: axes");
    return Reductions.keeping("maxKeepDims", ReduceOp.MAX, (Tensor) this, axes);
  }

  /**
   * Smallest elements along axes, which are dropped. Ties share a gradient evenly.
   *
   * @param axes which, each once; all if none is named
   * @return the minima; +∞ of nothing
   */
  default Tensor min(int... axes) {
    Nulls.check(axes, "min: axes");
    return Reductions.along("min", ReduceOp.MIN, (Tensor) this, axes);
  }

  /**
   * Smallest elements along axes, which keep length 1. Ties share a gradient evenly.
   *
   * @param axes which, each once; all if none is named
   * @return the minima; +∞ of nothing
   */
  default Tensor minKeepDims(int... axes) {
    Nulls.check(axes, "minKeepDims: axes");
    return Reductions.keeping("minKeepDims", ReduceOp.MIN, (Tensor) this, axes);
  }

  /**
   * Running sums along an axis: each element is the sum of those up to and including it. Sums are
   * made pairwise, in an order that depends on the place alone.
   *
   * @param axis which axis
   * @return a tensor of this shape
   */
  default Tensor cumsum(int axis) {
    return CumulativeOps.sum((Tensor) this, axis);
  }
}
