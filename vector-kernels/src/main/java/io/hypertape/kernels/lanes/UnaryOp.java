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
  HEAVISIDE
}
