package io.hypertape.benchmarks.report;

import java.util.Locale;

/** Numbers as a person reads them: three digits and a unit. */
public final class Figures {

  private Figures() {}

  /**
   * A duration.
   *
   * @param seconds in seconds
   * @return such as {@code 1.65 ms}
   */
  public static String time(double seconds) {
    return seconds < 1e-6
        ? digits(seconds * 1e9) + " ns"
        : seconds < 1e-3
            ? digits(seconds * 1e6) + " us"
            : seconds < 1 ? digits(seconds * 1e3) + " ms" : digits(seconds) + " s";
  }

  /**
   * Three significant digits without an exponent.
   *
   * @param value the number
   * @return the digits, or a dash if it is no number
   */
  public static String digits(double value) {
    double size = Math.abs(value);
    return Double.isNaN(value)
        ? "-"
        : String.format(Locale.ROOT, size < 9.995 ? "%.2f" : size < 99.95 ? "%.1f" : "%.0f", value);
  }
}
