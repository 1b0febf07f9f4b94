package io.hypertape.data;

import io.hypertape.checks.Nulls;
import io.hypertape.checks.Places;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Brings numbers to mean 0 and deviation 1: (v − mean)/deviation.
 *
 * @param mean of each number, finite
 * @param deviation of each number, finite and above 0
 */
public record Standardization(double[] mean, double[] deviation) {

  /** Checks and copies. */
  public Standardization {
    Nulls.check(mean, "standardization: mean");
    Nulls.check(deviation, "standardization: deviation");
    mean = mean.clone();
    deviation = deviation.clone();
    boolean fits = mean.length == deviation.length;
    for (int k = 0; fits && k < mean.length; k++) {
      fits = Double.isFinite(mean[k]) && Double.isFinite(deviation[k]) && deviation[k] > 0;
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "standardization: means "
              + Arrays.toString(mean)
              + " and deviations "
              + Arrays.toString(deviation)
              + "; as many of each are needed, finite, and deviations above 0");
    }
  }

  /**
   * Leaves numbers as they are.
   *
   * @param size how many
   * @return mean 0 and deviation 1
   */
  public static Standardization none(int size) {
    if (size < 1) {
      throw new IllegalArgumentException(
          "standardization of " + size + " numbers; at least 1 is needed");
    }
    double[] ones = new double[size];
    Arrays.fill(ones, 1);
    return new Standardization(new double[size], ones);
  }

  /**
   * That of numbers which are known. Those that are not, NaN, do not count; what is constant keeps
   * its unit.
   *
   * @param columns the values of each number
   * @return their means and deviations (of n, not of n − 1)
   */
  public static Standardization of(double[]... columns) {
    Nulls.copy(columns, "standardization: columns");
    double[] mean = new double[columns.length];
    double[] deviation = new double[columns.length];
    for (int k = 0; k < columns.length; k++) {
      double[] known = Arrays.stream(columns[k]).filter(v -> !Double.isNaN(v)).toArray();
      mean[k] = mean(known);
      double m = mean[k];
      double spread = Math.sqrt(mean(Arrays.stream(known).map(v -> (v - m) * (v - m)).toArray()));
      // A constant's mean may be off by a rounding.
      boolean constant = !(spread > 1e-12 * Math.abs(m));
      deviation[k] = constant ? 1 : spread;
    }
    return new Standardization(mean, deviation);
  }

  private static double mean(double... values) {
    return values.length == 0 ? 0 : Arrays.stream(values).sum() / values.length;
  }

  /**
   * How many numbers it is for.
   *
   * @return their number
   */
  public int size() {
    return mean.length;
  }

  /**
   * A number standardized.
   *
   * @param number which of them, from 0
   * @param value in its unit
   * @return how many deviations it is above the mean
   */
  public double apply(int number, double value) {
    Places.check("standardization: number", number, mean.length);
    return (value - mean[number]) / deviation[number];
  }

  /**
   * A number in its own unit.
   *
   * @param number which of them, from 0
   * @param standardized how many deviations it is above the mean
   * @return its value
   */
  public double restore(int number, double standardized) {
    Places.check("standardization: number", number, mean.length);
    return standardized * deviation[number] + mean[number];
  }

  /**
   * What is subtracted.
   *
   * @return a copy
   */
  @Override
  public double[] mean() {
    return mean.clone();
  }

  /**
   * What is divided by.
   *
   * @return a copy
   */
  @Override
  public double[] deviation() {
    return deviation.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Standardization s
        && Arrays.equals(mean, s.mean)
        && Arrays.equals(deviation, s.deviation);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(mean) + Arrays.hashCode(deviation);
  }

  @Override
  public String toString() {
    return IntStream.range(0, mean.length)
        .mapToObj(k -> mean[k] + " ± " + deviation[k])
        .toList()
        .toString();
  }
}
