// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.lanes;

/** Elementwise functions of one operand. NaN goes through all of them but {@link #HEAVISIDE}. */
public enum UnaryOp {
  /** −x. */
  NEG,
  /** |x|. */
  ABS,
  /** e^x. */
  EXP,
  /** Natural logarithm. */
  LOG,
  /** √x. */
  SQRT,
  /** x². */
  SQUARE,
  /** 1/x. */
  RECIPROCAL,
  /** Hyperbolic tangent. */
  TANH,
  /** 1/(1+e^−x). */
  SIGMOID,
  /** max(x, 0). */
  RELU,
  /** −1, 0 or 1. */
  SIGN,
  /** 1 where x &gt; 0, else 0. */
  HEAVISIDE;

  /**
   * The function of one number, in the bits that every kernel gives for it.
   *
   * @param x the operand
   * @return the result
   */
  public float of(float x) {
    return switch (this) {
      case NEG -> -x;
      case ABS -> Math.abs(x);
      case EXP -> ScalarMath.exp(x);
      case LOG -> ScalarMath.log(x);
      case SQRT -> (float) Math.sqrt(x);
      case SQUARE -> x * x;
      case RECIPROCAL -> 1 / x;
      case TANH -> ScalarMath.tanh(x);
      case SIGMOID -> ScalarMath.sigmoid(x);
      case RELU -> Math.max(x, 0f);
      case SIGN -> Math.signum(x);
      case HEAVISIDE -> x > 0 ? 1 : 0;
    };
  }
}
