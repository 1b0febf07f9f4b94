package io.hypertape.benchmarks.report;

import java.util.Arrays;

/** Robust statistics: on a shared machine a mean says more about the neighbours than about us. */
public final class Statistics {

  private Statistics() {}

  /**
   * The value in the middle, or the mean of the two there.
   *
   * @param values at least one
   * @return the median
   */
  public static double median(double... values) {
    return quantile(0.5, values);
  }

  /**
   * A quantile, linear between neighbours.
   *
   * @param q from 0, the smallest, to 1, the largest
   * @param values at least one
   * @return the quantile
   */
  public static double quantile(double q, double... values) {
    if (values.length == 0 || !(q >= 0 && q <= 1)) {
      throw new IllegalArgumentException("quantile " + q + " of " + values.length + " values");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double place = q * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  /**
   * The geometric mean, the one that suits ratios.
   *
   * @param values positive, at least one
   * @return the mean
   */
  public static double geometricMean(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("geometric mean of no values");
    }
    double sum = 0;
    for (double value : values) {
      if (!(value > 0)) {
        throw new IllegalArgumentException("geometric mean of " + value);
      }
      sum += Math.log(value);
    }
    return Math.exp(sum / values.length);
  }

  /**
   * How many times as fast as the peer we are: the ratio of each round, then the median and the
   * quartiles of these. What slows a whole round down cancels.
   *
   * @param peer the peer's times, one a round
   * @param ours our times in the same rounds
   * @return the ratio, above 1 where we are faster
   */
  public static Ratio speedup(double[] peer, double[] ours) {
    if (peer.length != ours.length) {
      throw new IllegalArgumentException(peer.length + " rounds against " + ours.length);
    }
    double[] ratios = new double[peer.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = peer[i] / ours[i];
    }
    return new Ratio(median(ratios), quantile(0.25, ratios), quantile(0.75, ratios));
  }
}
