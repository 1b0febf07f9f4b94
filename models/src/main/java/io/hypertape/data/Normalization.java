package io.hypertape.data;

import io.hypertape.checks.Nulls;
import java.util.Arrays;

/**
 * What becomes of pixels: (p/255 − mean)/deviation, for each channel.
 *
 * @param mean [channels], of pixels in [0, 1]
 * @param deviation [channels], above 0
 */
public record Normalization(float[] mean, float[] deviation) {

  /** Deviation below which a channel counts as constant, and stays as it is. */
  private static final double CONSTANT = 1e-6;

  /** Checks and copies. */
  public Normalization {
    Nulls.check(mean, "normalization: mean");
    Nulls.check(deviation, "normalization: deviation");
    mean = mean.clone();
    deviation = deviation.clone();
    boolean fits = mean.length == deviation.length && mean.length > 0;
    for (int c = 0; fits && c < mean.length; c++) {
      fits = Float.isFinite(mean[c]) && Float.isFinite(deviation[c]) && deviation[c] > 0;
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "normalization: means "
              + Arrays.toString(mean)
              + " and deviations "
              + Arrays.toString(deviation)
              + "; as many of each are needed, finite, and deviations above 0");
    }
  }

  /**
   * Leaves pixels in [0, 1].
   *
   * @param channels values of a pixel, at least 1
   * @return mean 0 and deviation 1
   */
  public static Normalization none(int channels) {
    if (channels < 1) {
      throw new IllegalArgumentException(
          "normalization of " + channels + " channels; at least 1 is needed");
    }
    float[] ones = new float[channels];
    Arrays.fill(ones, 1);
    return new Normalization(new float[channels], ones);
  }

  /**
   * Brings a set's channels to mean 0 and deviation 1.
   *
   * @param images the training set
   * @return its means and deviations
   */
  public static Normalization of(LabeledImages images) {
    Nulls.check(images, "normalization: images");
    int channels = images.channels();
    int plane = images.height() * images.width();
    float[] mean = new float[channels];
    float[] deviation = new float[channels];
    for (int c = 0; c < channels; c++) {
      // Exact: 2⁵³ is more than the sum of squares of any array of bytes.
      long sum = 0;
      long squares = 0;
      for (int i = 0; i < images.size(); i++) {
        int begin = (i * channels + c) * plane;
        for (int k = begin; k < begin + plane; k++) {
          int p = images.pixel(k);
          sum += p;
          squares += p * p;
        }
      }
      double n = Math.max(1.0, (double) images.size() * plane);
      double m = sum / n;
      double d = Math.sqrt(Math.max(0, squares / n - m * m)) / 255;
      mean[c] = (float) (m / 255);
      deviation[c] = d < CONSTANT ? 1 : (float) d;
    }
    return new Normalization(mean, deviation);
  }

  /**
   * Number of channels.
   *
   * @return at least 1
   */
  public int channels() {
    return mean.length;
  }

  /**
   * What is subtracted.
   *
   * @return a copy [channels]
   */
  @Override
  public float[] mean() {
    return mean.clone();
  }

  /**
   * What is divided by.
   *
   * @return a copy [channels]
   */
  @Override
  public float[] deviation() {
    return deviation.clone();
  }

  /** The value of every byte in every channel. */
  float[][] table() {
    float[][] table = new float[mean.length][256];
    for (int c = 0; c < mean.length; c++) {
      for (int p = 0; p < 256; p++) {
        table[c][p] = (p * (1f / 255) - mean[c]) / deviation[c];
      }
    }
    return table;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Normalization n
        && Arrays.equals(mean, n.mean)
        && Arrays.equals(deviation, n.deviation);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(mean) + Arrays.hashCode(deviation);
  }

  @Override
  public String toString() {
    return "means " + Arrays.toString(mean) + ", deviations " + Arrays.toString(deviation);
  }
}
