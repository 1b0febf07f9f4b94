package io.hypertape.kernels.lanes;

/** What becomes of a dense layer's sums; each derivative follows from the result alone. */
public enum DenseActivation {
  /** x. */
  NONE,
  /** tanh x. */
  TANH,
  /** max(x, 0). */
  RELU,
  /** 1/(1 + e^−x). */
  SIGMOID
}
