package io.hypertape.optim;

import io.hypertape.checks.Nulls;
import java.util.Locale;
import java.util.Optional;

/**
 * What a {@link Level} says of one of its optimizer's hyperparameters: in which form the level
 * above moves it, and between which values it stays.
 *
 * @param transform how it is stored; empty for as the optimizer has it
 * @param min the least effective value that it may have; −∞ for no bound
 * @param max the greatest effective value that it may have; ∞ for no bound
 */
public record Domain(Optional<Transform> transform, double min, double max) {

  private static final Domain OWN =
      new Domain(Optional.empty(), Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

  /** Checks the bounds. */
  public Domain {
    Nulls.check(transform, "domain: transform");
    checkBounds(min, max);
  }

  static void checkBounds(double min, double max) {
    if (!(min <= max)) {
      throw new IllegalArgumentException(
          "bounds from "
              + Arguments.number(min)
              + " to "
              + Arguments.number(max)
              + "; the first must be a number not above the second");
    }
  }

  /**
   * What the optimizer says of it.
   *
   * @return the domain that changes nothing
   */
  public static Domain own() {
    return OWN;
  }

  /**
   * In another form.
   *
   * @param newTransform how it is stored
   * @return the changed domain
   */
  public Domain in(Transform newTransform) {
    return new Domain(Optional.of(Nulls.check(newTransform, "in: newTransform")), min, max);
  }

  /**
   * With other bounds, both included.
   *
   * @param newMin the least effective value; −∞ for no bound
   * @param newMax the greatest effective value; ∞ for no bound
   * @return the changed domain
   * @throws IllegalArgumentException if the first is above the second, or one is no number
   */
  public Domain within(double newMin, double newMax) {
    return new Domain(transform, newMin, newMax);
  }

  /** An optimizer's hyperparameter in this domain; refuses a value that is not in it. */
  Hyperparameter of(Hyperparameter declared) {
    return new Hyperparameter(
        declared.name(),
        declared.initial(),
        transform.orElse(declared.transform()),
        Math.max(min, declared.min()),
        Math.min(max, declared.max()));
  }

  boolean isBounded() {
    return min != Double.NEGATIVE_INFINITY || max != Double.POSITIVE_INFINITY;
  }

  /** The bounds in a tower's text: {@code 0.35..1}. */
  String boundsText() {
    return (Double.isInfinite(min) ? "" : Arguments.number(min))
        + ".."
        + (Double.isInfinite(max) ? "" : Arguments.number(max));
  }

  /** What a form is called in a tower's text: {@code log}. */
  static String word(Transform transform) {
    return transform == Transform.EXP ? "log" : transform.name().toLowerCase(Locale.ROOT);
  }
}
