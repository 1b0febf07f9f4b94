package io.hypertape.optim;

import io.hypertape.checks.Nulls;
import java.util.Arrays;

/**
 * What an optimizer remembers of a parameter from step to step.
 *
 * @param name such as {@code m}
 * @param initial each element before the first step
 * @param shape mostly the parameter's
 */
public record StateVariable(String name, double initial, int... shape) {

  /** Checks the name and copies the shape. */
  public StateVariable {
    Nulls.check(name, "state variable: name");
    shape = Nulls.check(shape, "state variable: shape").clone();
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
        && Arrays.equals(shape, that.shape);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(shape);
  }

  @Override
  public String toString() {
    return name + Arrays.toString(shape) + " = " + initial;
  }
}
