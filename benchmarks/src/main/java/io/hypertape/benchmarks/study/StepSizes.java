package io.hypertape.benchmarks.study;

/**
 * Step sizes by factors of about √10, with one digit each: 1e-3, 3e-3, 1e-2, …, numbered so that 0
 * is 1.
 */
final class StepSizes {

  /** Where a grid ends at the latest. */
  static final int LEAST = -16;

  static final int MOST = 8;

  private StepSizes() {}

  /** As text: {@code 1e-3}, {@code 3e-3}. */
  static String text(int number) {
    return (Math.floorMod(number, 2) == 0 ? "1e" : "3e") + Math.floorDiv(number, 2);
  }

  static double value(int number) {
    return Double.parseDouble(text(number));
  }
}
