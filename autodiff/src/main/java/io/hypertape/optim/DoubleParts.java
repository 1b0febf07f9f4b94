package io.hypertape.optim;

/** A number with all its digits in several of a session's type, which may have half as many. */
final class DoubleParts {

  /** How many float32 numbers have the 53 bits of a float64 one. */
  static final int NUMBER = 3;

  private DoubleParts() {}

  static double[] of(double value) {
    float first = (float) value;
    float second = (float) (value - first);
    return new double[] {first, second, (float) (value - first - second)};
  }

  static double sum(double[] parts) {
    return parts[0] + parts[1] + parts[2];
  }
}
