package io.hypertape.optim;

import java.util.function.BooleanSupplier;

/**
 * Begins a run anew whose step size has grown over an edge: a level above the weights lets it grow
 * while the ground is flat, and where that ends it may be so large that one update ruins the
 * weights (units that never answer again), which no smaller step size mends. The edge shows in the
 * gradient of all weights: its norm is a multiple of what it was so far, though the loss is
 * falling. The weights then become the running means that traces keep of them, which are still
 * close to the first ones; step size over {@code cut}; states, means and what the levels above have
 * learned are as at the beginning; and the step size rests for as many updates as it needs to come
 * as far again. It happens once, in the first {@value #WATCHED} steps, before a schedule decays. As
 * text {@code +edge(2.5, 8)} after a guard's.
 *
 * @param burst what multiple of the usual norm of gradients it takes
 * @param cut what the step size is divided by
 */
public record Edge(double burst, double cut) {

  static final String NAME = "edge";

  /** Steps that are watched. */
  static final long WATCHED = 200;

  /** How many norms make one usual. */
  static final long FIRST = 4;

  /** A cosine of gradient and trace up to which the way is straight. */
  static final double STRAIGHT = -0.3;

  private static final double KEPT = 0.9;
  private static final double MOST = 2;
  private static final long LEAST_REST = 30;

  /** Checks the numbers. */
  public Edge {
    check(burst > 1, "burst", burst);
    check(cut > 1, "cut", cut);
  }

  private static void check(boolean fits, String what, double value) {
    if (!fits || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "edge: its " + what + " is " + value + "; a finite factor above 1 would fit");
    }
  }

  /**
   * That of docs/self-tuning.md.
   *
   * @return burst 2.5, cut 8
   */
  public static Edge standard() {
    return new Edge(2.5, 8);
  }

  /**
   * What is known after one more norm.
   *
   * @param norm a number; infinite if it has overflowed
   * @param isStraight whether weights are still on their way straight down: where they are not, a
   *     step was too long that a smaller one mends
   */
  Guard.Losses after(Guard.Losses before, double norm, BooleanSupplier isStraight) {
    double usual = before.usual();
    boolean isUnknown = Double.isNaN(usual) || usual == 0;
    if (Double.isNaN(norm) || isUnknown && Double.isInfinite(norm)) {
      return before;
    }
    if (isUnknown) {
      return before.usually(norm, 1);
    }
    boolean isBurst = norm > burst * usual && before.norms() >= FIRST;
    if (isBurst && (Double.isInfinite(norm) || isStraight.getAsBoolean())) {
      return before.usually(Double.POSITIVE_INFINITY, before.norms());
    }
    double next = KEPT * usual + (1 - KEPT) * Math.min(norm, MOST * usual);
    return before.usually(next, before.norms() + 1);
  }

  /** For how many updates a step size rests that has been cut after some. */
  static long rest(long updates) {
    return Math.max(LEAST_REST, 2 * updates);
  }

  String text() {
    return NAME + "(" + Arguments.number(burst) + ", " + Arguments.number(cut) + ")";
  }
}
