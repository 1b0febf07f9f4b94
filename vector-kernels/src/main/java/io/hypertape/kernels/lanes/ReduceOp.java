package io.hypertape.kernels.lanes;

/** Reductions along axes. */
public enum ReduceOp {
  /** Sum; 0 of nothing. */
  SUM,
  /** Largest; −∞ of nothing, NaN if any element is. */
  MAX,
  /** Smallest; +∞ of nothing, NaN if any element is. */
  MIN
}
