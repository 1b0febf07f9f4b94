package io.hypertape.benchmarks.parts;

import java.util.List;
import java.util.Locale;

/**
 * Mean and standard deviation.
 *
 * @param mean of the values
 * @param deviation that of a sample (divided by n − 1); 0 if it is not known
 * @param count how many values
 */
public record Spread(double mean, double deviation, int count) {

  /**
   * Of some values.
   *
   * @param values any number
   * @return their mean, NaN of none, and deviation
   */
  public static Spread of(List<Double> values) {
    double mean = values.stream().mapToDouble(v -> v).average().orElse(Double.NaN);
    double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    int n = values.size();
    return new Spread(mean, n > 1 ? Math.sqrt(squares / (n - 1)) : 0, n);
  }

  /** {@code 4.81 ± 0.10}, or without the deviation where there is one value only. */
  @Override
  public String toString() {
    if (Double.isNaN(mean)) {
      return "-";
    }
    return count > 1 ? number(mean) + " ± " + number(deviation) : number(mean);
  }

  /**
   * A number for people. Perplexities of a model that has gone astray have a hundred digits.
   *
   * @param value the number
   * @return such as {@code 4.81} or {@code 1.2e+99}
   */
  public static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) < 1e6 ? "%.2f" : "%.1e", value);
  }
}
