package io.hypertape.trace;

import io.hypertape.checks.Nulls;

/**
 * How a replay compares with its reference. An error is |ours − theirs| divided by the larger of
 * |theirs| and absolute/relative tolerance, so that values near zero are judged absolutely.
 *
 * @param name the case
 * @param steps number of steps replayed
 * @param loss largest relative error of the losses
 * @param hyper largest relative error of the stored hyperparameters
 * @param weights largest relative error of the final weights
 * @param tolerance what was allowed
 */
public record TraceReport(
    String name, int steps, double loss, double hyper, double weights, Tolerance tolerance) {

  /** Checks that all is there. */
  public TraceReport {
    Nulls.check(name, "trace: name");
    Nulls.check(tolerance, "trace: tolerance");
  }

  /**
   * Allowed relative errors.
   *
   * @param loss of losses
   * @param hyper of hyperparameters
   * @param weights of final weights
   * @param floor magnitude below which values are judged by the absolute error, as if they were
   *     this large
   */
  public record Tolerance(double loss, double hyper, double weights, double floor) {

    /** Double precision: 1e-9 relative, 1e-12 absolute. */
    public static final Tolerance FLOAT64 = new Tolerance(1e-9, 1e-9, 1e-9, 1e-3);

    /** Single precision: losses 1e-4, hyperparameters 2e-3, weights 2e-3. */
    public static final Tolerance FLOAT32 = new Tolerance(1e-4, 2e-3, 2e-3, 1e-3);
  }

  /**
   * Whether every error is within the tolerance; NaN is not.
   *
   * @return true if so
   */
  public boolean passed() {
    return loss <= tolerance.loss && hyper <= tolerance.hyper && weights <= tolerance.weights;
  }
}
