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
  SIGMOID;

  /**
   * The function of one number, as scalar kernels compute it.
   *
   * @param x the sum
   * @return what becomes of it
   */
  public float of(float x) {
    return switch (this) {
      case NONE -> x;
      case TANH -> UnaryOp.TANH.of(x);
      case RELU -> UnaryOp.RELU.of(x);
      case SIGMOID -> UnaryOp.SIGMOID.of(x);
    };
  }
}
