package io.hypertape.kernels.lanes;

/** Reductions along axes. */
public enum ReduceOp {
  /** Sum; 0 of nothing. */
  SUM(0, BinaryOp.ADD),
  /** Largest; −∞ of nothing, NaN if any element is. */
  MAX(Float.NEGATIVE_INFINITY, BinaryOp.MAX),
  /** Smallest; +∞ of nothing, NaN if any element is. */
  MIN(Float.POSITIVE_INFINITY, BinaryOp.MIN);

  private final float identity;
  private final BinaryOp fold;

  ReduceOp(float identity, BinaryOp fold) {
    this.identity = identity;
    this.fold = fold;
  }

  /**
   * What there is of nothing.
   *
   * @return the identity
   */
  public float identity() {
    return identity;
  }

  /**
   * What is done with two numbers.
   *
   * @return the function
   */
  public BinaryOp fold() {
    return fold;
  }
}
