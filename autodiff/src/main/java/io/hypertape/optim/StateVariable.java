package io.hypertape.optim;

import io.hypertape.checks.Nulls;

/**
 * What an optimizer remembers of each parameter, elementwise, from step to step.
 *
 * @param name such as {@code m}
 * @param initial each element before the first step
 */
public record StateVariable(String name, double initial) {

  /** Checks the name. */
  public StateVariable {
    Nulls.check(name, "state variable: name");
  }
}
