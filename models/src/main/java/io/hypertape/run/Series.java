package io.hypertape.run;

/**
 * A line of a plot.
 *
 * @param name as in the legend
 * @param x where
 * @param y what; NaN leaves a gap
 */
public record Series(String name, double[] x, double[] y) {

  /** Checks the lengths. */
  public Series {
    if (x.length != y.length) {
      throw new IllegalArgumentException(
          name + ": " + x.length + " abscissas for " + y.length + " ordinates");
    }
  }
}
