package io.hypertape.autodiff.backend;

/** Elementwise functions of two operands a and b of equal shape (strides of 0 broadcast). */
public enum BinaryOp {
  /** a + b. */
  ADD,
  /** a − b. */
  SUB,
  /** a · b. */
  MUL,
  /** a / b. */
  DIV,
  /** a^b as {@link Math#pow} has it: 1^±∞, 1^NaN and (−1)^±∞ are NaN, where C has 1. */
  POW,
  /** The larger; NaN if either is. */
  MAX,
  /** The smaller; NaN if either is. */
  MIN,
  /** 1 where a = b, else 0. */
  EQUAL,
  /** 1 where a &gt; b, else 0. */
  GREATER,
  /** a · (1 − b²): tanh's cotangent from that of its output, b being the output. */
  TANH_GRAD,
  /** a · b · (1 − b): the sigmoid's, b being the output. */
  SIGMOID_GRAD,
  /** a where b &gt; 0, else 0: relu's, b being its input or output. */
  RELU_GRAD
}
