package io.hypertape.optim;

/** A scalar operand of an optimizer's update, after parameter, gradient and state. */
public sealed interface Operand {

  /**
   * The effective value of a hyperparameter.
   *
   * @param index its place in {@link Optimizer#hyperparameters}
   */
  record Tunable(int index) implements Operand {}

  /**
   * A constant, such as ε.
   *
   * @param value the constant
   */
  record Constant(double value) implements Operand {}

  /** The number of steps taken, this one included. */
  record StepCount() implements Operand {}
}
