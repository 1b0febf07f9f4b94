package io.hypertape.optim;

/**
 * Where a level stands.
 *
 * @param group 0 for the tower's own levels, else the number of a group
 * @param number 1 for the level that updates weights
 * @param isTop whether nothing tunes it
 */
record LevelPlace(int group, int number, boolean isTop) {

  /** What its tensors' names begin with. */
  String prefix() {
    return (group == 0 ? "" : "G" + group + "/") + "L" + number + "/";
  }

  String label(String optimizer, String hyperparameter) {
    return (group == 0 ? "" : "G" + group + ".")
        + "L"
        + number
        + "."
        + optimizer
        + "."
        + hyperparameter;
  }

  @Override
  public String toString() {
    return (group == 0 ? "" : "group " + group + ", ") + "level " + number;
  }
}
