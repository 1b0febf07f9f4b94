package io.hypertape.optim;

import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import java.util.Arrays;

/**
 * What an optimizer remembers of a parameter from step to step.
 *
 * @param name such as {@code m}
 * @param initial each element before the first step, if it starts as a number
 * @param start what it is before the first step
 * @param shape mostly the parameter's
 */
public record StateVariable(String name, double initial, Start start, int... shape) {

  /** What a state variable begins as. */
  public enum Start {
    /** The same number everywhere. */
    NUMBER,
    /** The parameter's value when a tower is bound to it. */
    PARAMETER
  }

  /** Checks the name and copies the shape. */
  public StateVariable {
    Nulls.check(name, "state variable: name");
    Nulls.check(start, "state variable: start");
    shape = Nulls.check(shape, "state variable: shape").clone();
  }

  /**
   * One that begins as a number.
   *
   * @param name such as {@code m}
   * @param initial each element before the first step
   * @param shape mostly the parameter's
   */
  public StateVariable(String name, double initial, int... shape) {
    this(name, initial, Start.NUMBER, shape);
  }

  /**
   * One that begins as the parameter is.
   *
   * @param name such as {@code x0}
   * @param shape the parameter's
   * @return the variable
   */
  public static StateVariable ofParameter(String name, int... shape) {
    return new StateVariable(name, 0, Start.PARAMETER, shape);
  }

  /**
   * Its first value, in the current scope.
   *
   * @param p the parameter's value
   */
  Tensor first(Session session, Tensor p) {
    return start == Start.NUMBER ? session.full(shape, initial) : p.copy();
  }

  /**
   * Its shape.
   *
   * @return a copy
   */
  @Override
  public int[] shape() {
    return shape.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StateVariable that
        && name.equals(that.name)
        && Double.compare(initial, that.initial) == 0
        && start == that.start
        && Arrays.equals(shape, that.shape);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(shape) + start.ordinal();
  }

  @Override
  public String toString() {
    return name
        + Arrays.toString(shape)
        + " = "
        + (start == Start.NUMBER ? Double.toString(initial) : "the parameter");
  }
}
