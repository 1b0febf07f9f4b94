package io.hypertape.data.table;

import java.util.Locale;

/** What becomes of cells that are missing. */
public enum Missing {
  /** They are an error that tells where they are. */
  REFUSE,
  /** Their rows are left out. */
  SKIP,
  /**
   * Of features, a number counts as the mean of those to learn from, and a feature more tells that
   * it was missing; to be missing is a category like others. A row whose target is missing is an
   * error.
   */
  FILL;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
