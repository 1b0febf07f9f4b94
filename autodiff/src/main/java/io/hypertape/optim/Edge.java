package io.hypertape.optim;

/**
 * Begins a run anew whose step size has grown over an edge: a level above the weights lets it grow
 * while the ground is flat, and where that ends it may be so large that one update ruins the
 * weights (units that never answer again), which no smaller step size mends. The edge shows in the
 * weights' gradient: its norm is a multiple of what it was so far. The weights then become the
 * running means that traces keep of them, which are still close to the first ones; step size over
 * {@code cut}; states, means and what the levels above have learned are as at the beginning; and
 * the step size rests for as many updates as it needs to come as far again. It happens once, in the
 * first {@value #WATCHED} steps, before a schedule decays. As text {@code +edge(6, 8)} after a
 * guard's.
 *
 * @param burst what multiple of the usual norm of gradients it takes
 * @param cut what the step size is divided by
 */
public record Edge(double burst, double cut) {

  static final String NAME = "edge";

  /** Steps that are watched. */
  static final long WATCHED = 200;

  /** Steps before which nothing is usual yet. */
  static final long FIRST = 4;

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
   * @return burst 6, cut 8
   */
  public static Edge standard() {
    return new Edge(6, 8);
  }

  /** The usual norm after one more; NaN before the first one. */
  static double usual(double before, double norm) {
    if (Double.isNaN(before)) {
      return norm;
    }
    double most = Math.min(norm, MOST * before);
    return Double.isNaN(most) ? before : KEPT * before + (1 - KEPT) * most;
  }

  /** For how many updates a step size rests that has been cut after some steps. */
  static long rest(long steps) {
    return Math.max(LEAST_REST, 2 * steps);
  }

  String text() {
    return NAME + "(" + Arguments.number(burst) + ", " + Arguments.number(cut) + ")";
  }
}
