package io.hypertape.data;

import io.hypertape.checks.Nulls;

/**
 * One example as it comes from a stream: values, what is to be foretold of them, and how much it
 * counts. The arrays are not copied.
 *
 * @param input the values, row-major
 * @param label the class, from 0; −1 if numbers or labels are to be foretold
 * @param target the numbers, or 1 and 0 for each label; empty if a class is to be foretold
 * @param weight how much it counts, 0 or more
 */
public record Example(float[] input, int label, float[] target, float weight) {

  /** Checks that all is there. */
  public Example {
    Nulls.check(input, "example: input");
    Nulls.check(target, "example: target");
    if (!(weight >= 0) || Float.isInfinite(weight)) {
      throw new IllegalArgumentException(
          "example: a weight of " + weight + "; a finite number of 0 or more is needed");
    }
  }

  /**
   * An example of a class.
   *
   * @param label the class, from 0
   * @param input the values, row-major
   * @return the example, of weight 1
   */
  public static Example ofClass(int label, float... input) {
    return new Example(Nulls.check(input, "example: input"), label, new float[0], 1);
  }

  /**
   * An example of which numbers, or labels, are known.
   *
   * @param target the numbers, or 1 and 0 for each label
   * @param input the values, row-major
   * @return the example, of weight 1
   */
  public static Example ofNumbers(float[] target, float... input) {
    Nulls.check(target, "example: target");
    return new Example(Nulls.check(input, "example: input"), -1, target, 1);
  }

  /**
   * The same with another weight.
   *
   * @param newWeight how much it counts, 0 or more
   * @return the changed example
   */
  public Example weighing(float newWeight) {
    return new Example(input, label, target, newWeight);
  }
}
