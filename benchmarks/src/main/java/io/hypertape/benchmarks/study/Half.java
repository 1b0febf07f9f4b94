package io.hypertape.benchmarks.study;

import java.util.Locale;

/**
 * Which half of the tasks one belongs to. The split was made before any constant was chosen, and
 * does not change.
 */
enum Half {
  /** Constants of the optimizers may be chosen by these, on validation data. */
  TUNING,
  /** Only reported: nothing is chosen by these. */
  REPORT;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
