package io.hypertape.metrics;

import io.hypertape.checks.Nulls;
import java.util.Arrays;

/** How much examples count, and whether arrays of a batch have one length. */
final class Weights {

  private Weights() {}

  /** Examples that all count alike. */
  static float[] even(int examples) {
    float[] weights = new float[examples];
    Arrays.fill(weights, 1);
    return weights;
  }

  /** Refuses weights that are none, and others than one an example. */
  static float[] checked(String metric, float[] weights, int examples) {
    Nulls.check(weights, metric, "weights");
    checkLength(metric, "weights", weights.length, examples);
    for (int i = 0; i < weights.length; i++) {
      if (!(weights[i] >= 0) || Float.isInfinite(weights[i])) {
        throw new IllegalArgumentException(
            metric
                + ": weight "
                + i
                + " is "
                + weights[i]
                + "; a finite number of 0 or more is needed");
      }
    }
    return weights;
  }

  /** The number of classes of a batch, whose arrays are checked. */
  static int checkedClasses(
      String metric, String what, float[] values, int[] truth, float[] weights) {
    checked(metric, weights, truth.length);
    int classes = truth.length == 0 ? 0 : values.length / truth.length;
    checkLength(metric, what, values.length, classes * truth.length);
    for (int label : truth) {
      checkClass(metric, label, classes);
    }
    return classes;
  }

  static void checkLength(String metric, String what, int length, int needed) {
    if (length != needed) {
      throw new IllegalArgumentException(
          metric + ": " + length + " " + what + "; " + needed + " are needed");
    }
  }

  static void checkClass(String metric, int label, int classes) {
    if (label < 0 || label >= classes) {
      throw new IllegalArgumentException(
          metric + ": class " + label + "; 0 to " + (classes - 1) + " would fit");
    }
  }

  static void checkAtLeastOne(String metric, String what, int number) {
    if (number < 1) {
      throw new IllegalArgumentException(
          metric + ": " + number + " " + what + "; at least 1 is needed");
    }
  }
}
