package io.hypertape.benchmarks.study;

import java.util.Locale;

/** The optimizers whose step size is in question. */
enum Base {
  /** Gradient descent. */
  SGD("sgd({})", -3, 2),
  /** With momentum 0.9. */
  MOMENTUM("sgd({}, mu=0.9)", -6, -1),
  /** With its usual decays. */
  ADAM("adam({})", -9, -4);

  private final String tower;
  private final int low;
  private final int high;

  Base(String tower, int low, int high) {
    this.tower = tower;
    this.low = low;
    this.high = high;
  }

  /** As a tower's text, with {@link Method#START} for its step size. */
  String tower() {
    return tower;
  }

  /** Number of the smallest step size of its grid, before that is extended. */
  int low() {
    return low;
  }

  /** Number of the largest one. */
  int high() {
    return high;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
