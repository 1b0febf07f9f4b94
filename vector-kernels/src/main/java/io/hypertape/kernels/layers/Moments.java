package io.hypertape.kernels.layers;

/**
 * Mean and sum of squared distances from it, gathered from units of elements (Chan, Golub, LeVeque
 * 1979). A unit's sums are of distances from a center: its squares lose about as many digits as the
 * center is off, measured by all elements' deviation, so the mean of the units before is one that
 * fits.
 */
final class Moments {

  private double count;
  private double mean;
  private double squares;

  /** A first guess of the mean from a unit's sum of distances from a center. */
  void begin(long n, float center, float[] sums) {
    mean = center + sums[0] / (double) n;
  }

  /** Takes in a unit: sums of distances from a center, and of their squares. */
  void add(long n, float center, float[] sums) {
    double shift = sums[0] / (double) n;
    double unitSquares = sums[1] - sums[0] * shift;
    if (count == 0) {
      count = n;
      mean = center + shift;
      squares = unitSquares;
      return;
    }
    double distance = center + shift - mean;
    double all = count + n;
    squares += unitSquares + distance * distance * count * n / all;
    mean += distance * n / all;
    count = all;
  }

  double mean() {
    return mean;
  }

  /** The mean as the kernels take it. */
  float center() {
    return (float) mean;
  }

  /** Rounding must not make a variance of 0 negative. */
  double squares() {
    return Math.max(0, squares);
  }
}
