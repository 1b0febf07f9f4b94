package io.hypertape.benchmarks.study;

import java.util.Locale;

/** The optimizers whose step size is in question. */
enum Base {
  /** Gradient descent. */
  SGD("sgd({})", "sgd({})/sgd(0.01)/sgd(0.01)", -3, 2),
  /** With momentum 0.9. */
  MOMENTUM("sgd({}, mu=0.9)", "sgd({}, mu=0.9, tune=alpha)/sgd(0.01)/sgd(0.01)", -6, -1),
  /** With its usual decays. */
  ADAM("adam({})", "adam({})/sgd(1e-5)", -9, -4);

  private final String tower;
  private final String paper;
  private final int low;
  private final int high;

  Base(String tower, String paper, int low, int high) {
    this.tower = tower;
    this.paper = paper;
    this.low = low;
    this.high = high;
  }

  /** As a tower's text, with {@link Method#START} for its step size. */
  String tower() {
    return tower;
  }

  /** A tower of the paper's kind upon it; its momentum stays, as tuning it so mostly diverges. */
  String paper() {
    return paper;
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
