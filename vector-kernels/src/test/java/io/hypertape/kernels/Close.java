package io.hypertape.kernels;

import java.util.function.Supplier;

/** Comparison with a tolerance in units in the last place of a float. */
final class Close {
  private Close() {}

  /**
   * NaN equals NaN, infinities themselves; else {@code |expected − actual| ≤
   * tolerance·ulp(expected)}.
   */
  static void assertClose(double expected, float actual, double tolerance, Supplier<String> where) {
    float rounded = (float) expected;
    if (Float.isNaN(rounded) ? Float.isNaN(actual) : rounded == actual) {
      return;
    }
    if (!(Math.abs(expected - actual) <= tolerance * Math.ulp(rounded))) {
      throw new AssertionError(
          where.get()
              + ": expected "
              + expected
              + ", was "
              + actual
              + ", "
              + Math.abs(expected - actual) / Math.ulp(rounded)
              + " ulp");
    }
  }

  /** {@code |expected − actual| ≤ tolerance}, an absolute one. */
  static void assertWithin(
      double expected, float actual, double tolerance, Supplier<String> where) {
    if (!(Math.abs(expected - actual) <= tolerance)) {
      throw new AssertionError(where.get() + ": expected " + expected + ", was " + actual);
    }
  }
}
