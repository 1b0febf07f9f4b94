package io.hypertape.optim;

import io.hypertape.checks.Nulls;

/**
 * A hyperparameter that an optimizer above may tune.
 *
 * @param name such as {@code alpha} or {@code beta1}
 * @param initial its effective value at the start
 * @param transform how it is stored
 */
public record Hyperparameter(String name, double initial, Transform transform) {

  /** Checks that the value can be stored. */
  public Hyperparameter {
    Nulls.check(name, "hyperparameter: name");
    Nulls.check(transform, "hyperparameter: transform");
    if (Double.isNaN(transform.raw(initial))) {
      throw new IllegalArgumentException(
          "hyperparameter '"
              + name
              + "' is "
              + initial
              + ", which has no stored form under "
              + transform);
    }
  }

  /**
   * Stored as it is.
   *
   * @param name such as {@code alpha}
   * @param initial its value at the start
   */
  public Hyperparameter(String name, double initial) {
    this(name, initial, Transform.IDENTITY);
  }
}
