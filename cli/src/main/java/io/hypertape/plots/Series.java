package io.hypertape.plots;

import io.hypertape.checks.Nulls;
import java.util.Arrays;

/**
 * A line of a plot.
 *
 * @param name as in the legend
 * @param x where; copied
 * @param y what; NaN leaves a gap; copied
 */
public record Series(String name, double[] x, double[] y) {

  /** Checks the lengths, and copies. */
  public Series {
    Nulls.check(name, "series: name");
    x = Nulls.check(x, "series: x").clone();
    y = Nulls.check(y, "series: y").clone();
    if (x.length != y.length) {
      throw new IllegalArgumentException(
          name + ": " + x.length + " abscissas for " + y.length + " ordinates");
    }
  }

  /**
   * Where.
   *
   * @return a copy of the abscissas
   */
  @Override
  public double[] x() {
    return x.clone();
  }

  /**
   * What.
   *
   * @return a copy of the ordinates
   */
  @Override
  public double[] y() {
    return y.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Series s
        && name.equals(s.name)
        && Arrays.equals(x, s.x)
        && Arrays.equals(y, s.y);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * name.hashCode() + Arrays.hashCode(x)) + Arrays.hashCode(y);
  }

  @Override
  public String toString() {
    return name + ": " + x.length + " points";
  }
}
