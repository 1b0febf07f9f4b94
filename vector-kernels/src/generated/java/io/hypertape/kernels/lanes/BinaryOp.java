// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.lanes;

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
  /** a^b. */
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
  RELU_GRAD;

  /**
   * The function of two numbers, in the bits that every kernel gives for them.
   *
   * @param a the first operand
   * @param b the second one
   * @return the result
   */
  public float of(float a, float b) {
    return switch (this) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case POW -> Power.pow(a, b);
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
      case EQUAL -> a == b ? 1 : 0;
      case GREATER -> a > b ? 1 : 0;
      case TANH_GRAD -> a * (1 - b * b);
      case SIGMOID_GRAD -> a * b * (1 - b);
      case RELU_GRAD -> b > 0 ? a : 0;
    };
  }
}
