package io.hypertape.optim;

import io.hypertape.checks.Nulls;

/**
 * A hyperparameter that an optimizer above may tune.
 *
 * @param name such as {@code alpha} or {@code beta1}
 * @param initial its effective value at the start
 * @param transform how it is stored
 * @param min the least effective value that it may have; −∞ for no bound
 * @param max the greatest effective value that it may have; ∞ for no bound
 */
public record Hyperparameter(
    String name, double initial, Transform transform, double min, double max) {

  /** Checks that the value can be stored and is within its bounds. */
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
    Domain.checkBounds(min, max);
    if (initial < min || initial > max) {
      throw new IllegalArgumentException(
          "hyperparameter '"
              + name
              + "' is "
              + Arguments.number(initial)
              + "; it must be within its bounds, "
              + Arguments.number(min)
              + " to "
              + Arguments.number(max));
    }
  }

  /**
   * Without bounds.
   *
   * @param name such as {@code alpha}
   * @param initial its effective value at the start
   * @param transform how it is stored
   */
  public Hyperparameter(String name, double initial, Transform transform) {
    this(name, initial, transform, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  /**
   * Stored as it is, without bounds.
   *
   * @param name such as {@code alpha}
   * @param initial its value at the start
   */
  public Hyperparameter(String name, double initial) {
    this(name, initial, Transform.IDENTITY);
  }

  /** The same with another value; refuses what it cannot have. */
  Hyperparameter at(double value) {
    return new Hyperparameter(name, value, transform, min, max);
  }

  /**
   * The meaning of a stored value, which the session's precision may have rounded out of bounds.
   */
  double effective(double raw) {
    return Math.min(Math.max(transform.effective(raw), min), max);
  }

  /** A least stored value; −∞ for none. */
  double rawMin() {
    return transform.rawMin(min, max);
  }

  /** A greatest stored value; ∞ for none. */
  double rawMax() {
    return transform.rawMax(max);
  }
}
