package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.BinaryOp;
import io.hypertape.checks.Nulls;

/**
 * Comparisons, which give 1 where they hold and 0 where not; their derivatives are zero. {@link
 * Tensor#where} chooses by them. Shapes of two operands are broadcast; see {@link Tensor}, the only
 * implementation.
 */
public sealed interface TensorComparison permits Tensor {

  /**
   * Elementwise 1 where equal, else 0, also of NaN.
   *
   * @param other second operand; shapes broadcast
   * @return a tensor of the broadcast shape
   */
  default Tensor equalTo(Tensor other) {
    Nulls.check(other, "equalTo: other");
    return ElementwiseOps.apply(BinaryOp.EQUAL, (Tensor) this, other);
  }

  /**
   * Elementwise 0 where equal, else 1, also of NaN.
   *
   * @param other second operand; shapes broadcast
   * @return a tensor of the broadcast shape
   */
  default Tensor notEqualTo(Tensor other) {
    Nulls.check(other, "notEqualTo: other");
    return Selection.not(equalTo(other));
  }

  /**
   * Elementwise 1 where this &gt; other, else 0, also of NaN.
   *
   * @param other second operand; shapes broadcast
   * @return a tensor of the broadcast shape
   */
  default Tensor greaterThan(Tensor other) {
    Nulls.check(other, "greaterThan: other");
    return ElementwiseOps.apply(BinaryOp.GREATER, (Tensor) this, other);
  }

  /**
   * Elementwise 1 where this ≥ other, else 0, also of NaN.
   *
   * @param other second operand; shapes broadcast
   * @return a tensor of the broadcast shape
   */
  default Tensor greaterOrEqual(Tensor other) {
    Nulls.check(other, "greaterOrEqual: other");
    return greaterThan(other).add(equalTo(other));
  }

  /**
   * Elementwise 1 where this &lt; other, else 0, also of NaN.
   *
   * @param other second operand; shapes broadcast
   * @return a tensor of the broadcast shape
   */
  default Tensor lessThan(Tensor other) {
    Nulls.check(other, "lessThan: other");
    return other.greaterThan((Tensor) this);
  }

  /**
   * Elementwise 1 where this ≤ other, else 0, also of NaN.
   *
   * @param other second operand; shapes broadcast
   * @return a tensor of the broadcast shape
   */
  default Tensor lessOrEqual(Tensor other) {
    Nulls.check(other, "lessOrEqual: other");
    return other.greaterOrEqual((Tensor) this);
  }

  /**
   * Elementwise 1 where equal, else 0, also of NaN.
   *
   * @param value a constant
   * @return a tensor of this shape
   */
  default Tensor equalTo(double value) {
    return equalTo(constant(value));
  }

  /**
   * Elementwise 0 where equal, else 1, also of NaN.
   *
   * @param value a constant
   * @return a tensor of this shape
   */
  default Tensor notEqualTo(double value) {
    return notEqualTo(constant(value));
  }

  /**
   * Elementwise 1 where this &gt; value, else 0, also of NaN.
   *
   * @param value a constant
   * @return a tensor of this shape
   */
  default Tensor greaterThan(double value) {
    return greaterThan(constant(value));
  }

  /**
   * Elementwise 1 where this ≥ value, else 0, also of NaN.
   *
   * @param value a constant
   * @return a tensor of this shape
   */
  default Tensor greaterOrEqual(double value) {
    return greaterOrEqual(constant(value));
  }

  /**
   * Elementwise 1 where this &lt; value, else 0, also of NaN.
   *
   * @param value a constant
   * @return a tensor of this shape
   */
  default Tensor lessThan(double value) {
    return lessThan(constant(value));
  }

  /**
   * Elementwise 1 where this ≤ value, else 0, also of NaN.
   *
   * @param value a constant
   * @return a tensor of this shape
   */
  default Tensor lessOrEqual(double value) {
    return lessOrEqual(constant(value));
  }

  private Tensor constant(double value) {
    return ((Tensor) this).session().constant(value);
  }
}
