package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.autodiff.backend.UnaryOp;

/**
 * What a tensor's elements go through one by one. Shapes of two operands are broadcast; see {@link
 * Tensor}, the only implementation.
 */
public sealed interface TensorArithmetic permits Tensor {

  /**
   * Elementwise −x.
   *
   * @return a tensor of this shape
   */
  default Tensor neg() {
    return ElementwiseOps.apply(UnaryOp.NEG, (Tensor) this);
  }

  /**
   * Elementwise |x|; its derivative is 0 at 0.
   *
   * @return a tensor of this shape
   */
  default Tensor abs() {
    return ElementwiseOps.apply(UnaryOp.ABS, (Tensor) this);
  }

  /**
   * Elementwise e^x.
   *
   * @return a tensor of this shape
   */
  default Tensor exp() {
    return ElementwiseOps.apply(UnaryOp.EXP, (Tensor) this);
  }

  /**
   * Elementwise ln x.
   *
   * @return a tensor of this shape
   */
  default Tensor log() {
    return ElementwiseOps.apply(UnaryOp.LOG, (Tensor) this);
  }

  /**
   * Elementwise √x.
   *
   * @return a tensor of this shape
   */
  default Tensor sqrt() {
    return ElementwiseOps.apply(UnaryOp.SQRT, (Tensor) this);
  }

  /**
   * Elementwise x².
   *
   * @return a tensor of this shape
   */
  default Tensor square() {
    return ElementwiseOps.apply(UnaryOp.SQUARE, (Tensor) this);
  }

  /**
   * Elementwise 1/x.
   *
   * @return a tensor of this shape
   */
  default Tensor reciprocal() {
    return ElementwiseOps.apply(UnaryOp.RECIPROCAL, (Tensor) this);
  }

  /**
   * Elementwise tanh x.
   *
   * @return a tensor of this shape
   */
  default Tensor tanh() {
    return ElementwiseOps.apply(UnaryOp.TANH, (Tensor) this);
  }

  /**
   * Elementwise 1/(1+e^−x).
   *
   * @return a tensor of this shape
   */
  default Tensor sigmoid() {
    return ElementwiseOps.apply(UnaryOp.SIGMOID, (Tensor) this);
  }

  /**
   * Elementwise max(x, 0); its derivative is 1 where x &gt; 0, else 0, and so for NaN.
   *
   * @return a tensor of this shape
   */
  default Tensor relu() {
    return ElementwiseOps.apply(UnaryOp.RELU, (Tensor) this);
  }

  /**
   * Elementwise −1, 0 or 1; its derivative is zero.
   *
   * @return a tensor of this shape
   */
  default Tensor sign() {
    return ElementwiseOps.apply(UnaryOp.SIGN, (Tensor) this);
  }

  /**
   * Heaviside's step function: elementwise 1 where x &gt; 0, else 0, also of NaN; its derivative is
   * zero.
   *
   * @return a tensor of this shape
   */
  default Tensor heaviside() {
    return ElementwiseOps.apply(UnaryOp.HEAVISIDE, (Tensor) this);
  }

  /**
   * Elementwise this + other.
   *
   * @param other second operand; shapes broadcast
   * @return a tensor of the broadcast shape
   */
  default Tensor add(Tensor other) {
    return ElementwiseOps.apply(BinaryOp.ADD, (Tensor) this, other);
  }

  /**
   * Elementwise this − other.
   *
   * @param other second operand; shapes broadcast
   * @return a tensor of the broadcast shape
   */
  default Tensor sub(Tensor other) {
    return ElementwiseOps.apply(BinaryOp.SUB, (Tensor) this, other);
  }

  /**
   * Elementwise this · other.
   *
   * @param other second operand; shapes broadcast
   * @return a tensor of the broadcast shape
   */
  default Tensor mul(Tensor other) {
    return ElementwiseOps.apply(BinaryOp.MUL, (Tensor) this, other);
  }

  /**
   * Elementwise this / other.
   *
   * @param other second operand; shapes broadcast
   * @return a tensor of the broadcast shape
   */
  default Tensor div(Tensor other) {
    return ElementwiseOps.apply(BinaryOp.DIV, (Tensor) this, other);
  }

  /**
   * Elementwise this^other, as {@link Math#pow} has it. Where the derivatives' formulas have a
   * product of 0 and ∞, the derivative is its limit: 0 for 0^b by b above 0, and for a^0 by a.
   *
   * @param other second operand; shapes broadcast
   * @return a tensor of the broadcast shape
   */
  default Tensor pow(Tensor other) {
    return ElementwiseOps.apply(BinaryOp.POW, (Tensor) this, other);
  }

  /**
   * Elementwise the larger; equal ones share a gradient evenly. NaN if either is, and the gradient
   * goes to both then.
   *
   * @param other second operand; shapes broadcast
   * @return a tensor of the broadcast shape
   */
  default Tensor maximum(Tensor other) {
    return ElementwiseOps.apply(BinaryOp.MAX, (Tensor) this, other);
  }

  /**
   * Elementwise the smaller; equal ones share a gradient evenly. NaN if either is, and the gradient
   * goes to both then.
   *
   * @param other second operand; shapes broadcast
   * @return a tensor of the broadcast shape
   */
  default Tensor minimum(Tensor other) {
    return ElementwiseOps.apply(BinaryOp.MIN, (Tensor) this, other);
  }

  /**
   * Elementwise this + value.
   *
   * @param value a constant
   * @return a tensor of this shape
   */
  default Tensor add(double value) {
    return add(constant(value));
  }

  /**
   * Elementwise this − value.
   *
   * @param value a constant
   * @return a tensor of this shape
   */
  default Tensor sub(double value) {
    return sub(constant(value));
  }

  /**
   * Elementwise this · value.
   *
   * @param value a constant
   * @return a tensor of this shape
   */
  default Tensor mul(double value) {
    return mul(constant(value));
  }

  /**
   * Elementwise this / value.
   *
   * @param value a constant
   * @return a tensor of this shape
   */
  default Tensor div(double value) {
    return div(constant(value));
  }

  /**
   * Elementwise this^exponent.
   *
   * @param exponent a constant
   * @return a tensor of this shape
   */
  default Tensor pow(double exponent) {
    return pow(constant(exponent));
  }

  /**
   * Elementwise the larger of this and value; see {@link #maximum(Tensor)}.
   *
   * @param value a constant
   * @return a tensor of this shape
   */
  default Tensor maximum(double value) {
    return maximum(constant(value));
  }

  /**
   * Elementwise the smaller of this and value; see {@link #minimum(Tensor)}.
   *
   * @param value a constant
   * @return a tensor of this shape
   */
  default Tensor minimum(double value) {
    return minimum(constant(value));
  }

  private Tensor constant(double value) {
    return ((Tensor) this).session().constant(value);
  }
}
