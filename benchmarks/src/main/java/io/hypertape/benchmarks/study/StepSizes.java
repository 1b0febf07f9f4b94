package io.hypertape.benchmarks.study;

/**
 * Step sizes, three a decade, with one digit each: 1e-3, 2e-3, 5e-3, 1e-2, …, numbered so that 0 is
 * 1.
 */
final class StepSizes {

  /** Where a grid ends at the latest. */
  static final int LEAST = -24;

  static final int MOST = 12;

  private static final String[] DIGITS = {"1", "2", "5"};

  private StepSizes() {}

  /** As text: {@code 1e-3}, {@code 2e-3}. */
  static String text(int number) {
    return DIGITS[Math.floorMod(number, 3)] + "e" + Math.floorDiv(number, 3);
  }

  static double value(int number) {
    return Double.parseDouble(text(number));
  }
}
