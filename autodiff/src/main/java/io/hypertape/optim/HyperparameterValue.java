package io.hypertape.optim;

import io.hypertape.checks.Nulls;

/**
 * A hyperparameter's value while a tower runs.
 *
 * @param group 0 for the tower's own levels, else the number of a group with levels of its own
 * @param level the level, 1 for the one that tunes the weights
 * @param optimizer that level's optimizer, such as {@code adam}
 * @param name the hyperparameter, such as {@code beta1}
 * @param value the effective value
 * @param raw the value as stored
 * @param tuned whether the level above tunes it
 */
public record HyperparameterValue(
    int group, int level, String optimizer, String name, double value, double raw, boolean tuned) {

  /** Checks the names. */
  public HyperparameterValue {
    Nulls.check(optimizer, "hyperparameter value: optimizer");
    Nulls.check(name, "hyperparameter value: name");
  }

  /**
   * A name that is unique in its tower.
   *
   * @return such as {@code L1.adam.beta1}, or {@code G2.L1.sgd.alpha} in the second group
   */
  public String label() {
    return new LevelPlace(group, level, false).label(optimizer, name);
  }
}
