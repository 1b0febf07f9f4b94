package io.hypertape.optim;

import java.util.OptionalInt;

/** A scalar operand of an optimizer's update, after parameter, gradient and state. */
public sealed interface Operand {

  /**
   * The effective value of a hyperparameter.
   *
   * @param index its place in {@link Optimizer#hyperparameters}
   */
  record Tunable(int index) implements Operand {}

  /**
   * 1 − the effective value of a hyperparameter: what an update needs of a decay near 1, which has
   * no digits left of it in float32.
   *
   * @param index its place in {@link Optimizer#hyperparameters}
   */
  record Complement(int index) implements Operand {}

  /**
   * A constant, such as ε.
   *
   * @param value the constant
   */
  record Constant(double value) implements Operand {}

  /** The number of steps taken, this one included. */
  record StepCount() implements Operand {}

  /**
   * The hyperparameter that it is made of.
   *
   * @return its place in {@link Optimizer#hyperparameters}; empty if there is none
   */
  default OptionalInt hyperparameter() {
    return switch (this) {
      case Tunable tunable -> OptionalInt.of(tunable.index());
      case Complement complement -> OptionalInt.of(complement.index());
      case Constant unused -> OptionalInt.empty();
      case StepCount unused -> OptionalInt.empty();
    };
  }
}
