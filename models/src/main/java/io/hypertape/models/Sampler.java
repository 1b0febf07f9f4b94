package io.hypertape.models;

import io.hypertape.checks.Nulls;
import java.util.Random;

/**
 * Draws one of several symbols by their log-probabilities. The temperature sharpens or flattens
 * them: p ∝ exp(ln p / temperature), and 0 takes the likeliest. Equal seeds and equal
 * log-probabilities give equal draws.
 */
public final class Sampler {

  private final double temperature;
  private final Random random;

  /**
   * A source of draws.
   *
   * @param temperature 1 for the model's own distribution, 0 for the likeliest symbol
   * @param seed of the draws
   */
  public Sampler(double temperature, long seed) {
    if (!(temperature >= 0 && temperature < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "sampling: the temperature is " + temperature + "; 0 or more is needed");
    }
    this.temperature = temperature;
    // Its numbers are laid down in its documentation: they are the same everywhere.
    this.random = new Random(seed);
  }

  /**
   * Draws a symbol.
   *
   * @param logProbabilities one for each symbol; they need not be normalized
   * @return the number of a symbol
   * @throws IllegalArgumentException if one is NaN or all are −∞, as those of a diverged model
   */
  public int draw(float... logProbabilities) {
    Nulls.check(logProbabilities, "sampling: logProbabilities");
    int likeliest = likeliest(logProbabilities);
    if (temperature == 0) {
      return likeliest;
    }
    // Less the largest, so that nothing overflows; StrictMath, so that every machine draws alike.
    double[] upTo = new double[logProbabilities.length];
    double sum = 0;
    for (int i = 0; i < upTo.length; i++) {
      double distance = (double) logProbabilities[i] - logProbabilities[likeliest];
      sum += StrictMath.exp(distance / temperature);
      upTo[i] = sum;
    }
    double place = random.nextDouble() * sum;
    for (int i = 0; i < upTo.length; i++) {
      if (place < upTo[i]) {
        return i;
      }
    }
    return likeliest;
  }

  private static int likeliest(float[] logProbabilities) {
    int best = -1;
    for (int i = 0; i < logProbabilities.length; i++) {
      float value = logProbabilities[i];
      if (Float.isNaN(value) || value == Float.POSITIVE_INFINITY) {
        throw new IllegalArgumentException(
            "sampling: the log-probability of symbol " + i + " is " + value);
      }
      if (value > Float.NEGATIVE_INFINITY && (best < 0 || value > logProbabilities[best])) {
        best = i;
      }
    }
    if (best < 0) {
      throw new IllegalArgumentException(
          "sampling: none of " + logProbabilities.length + " symbols has a finite log-probability");
    }
    return best;
  }
}
