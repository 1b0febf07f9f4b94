package io.hypertape.benchmarks.report;

import java.util.List;
import java.util.Locale;

/**
 * A ratio measured in several rounds.
 *
 * @param median its median
 * @param low its first quartile
 * @param high its third quartile
 */
public record Ratio(double median, double low, double high) {

  /**
   * Whether rounds differ too much for the median to say much.
   *
   * @return true if half of them lie farther apart than by half
   */
  public boolean isScattered() {
    return high > 1.5 * low;
  }

  /**
   * Warns of scattered ratios.
   *
   * @param ratios those of a table
   * @return one line, or an empty text if there is nothing to warn of
   */
  public static String warning(List<Ratio> ratios) {
    long scattered = ratios.stream().filter(Ratio::isScattered).count();
    return scattered == 0
        ? ""
        : scattered
            + " of "
            + ratios.size()
            + " ratios scatter by more than half from round to round: other work ran on the"
            + " machine, and these say little.";
  }

  @Override
  public String toString() {
    return low == high
        ? String.format(Locale.ROOT, "%.2f", median)
        : String.format(Locale.ROOT, "%.2f (%.2f–%.2f)", median, low, high);
  }
}
