package io.hypertape.metrics;

import io.hypertape.checks.Nulls;
import io.hypertape.checks.Places;

/**
 * Errors of real numbers: root mean square, mean absolute value and R². Of several numbers an
 * example, a total is the mean over them, as scikit-learn has it. For one thread at a time.
 */
public final class RegressionErrors {

  private static final String NAME = "errors of numbers";

  private final int outputs;
  private double weight;
  private long examples;
  private final double[] absolute;
  private final double[] squared;
  // The truth's mean and sum of squared deviations from it, updated as by West (1979) and merged
  // as by Chan, Golub and LeVeque (1979): sums of squares would cancel.
  private final double[] mean;
  private final double[] deviation;

  /**
   * An empty one.
   *
   * @param outputs numbers an example, at least 1
   */
  public RegressionErrors(int outputs) {
    Weights.checkAtLeastOne(NAME, "numbers an example", outputs);
    this.outputs = outputs;
    this.absolute = new double[outputs];
    this.squared = new double[outputs];
    this.mean = new double[outputs];
    this.deviation = new double[outputs];
  }

  /**
   * Adds a batch.
   *
   * @param predicted [examples, outputs]
   * @param truth [examples, outputs]
   */
  public void add(float[] predicted, float... truth) {
    Nulls.check(predicted, "errors of numbers: predicted");
    Nulls.check(truth, "errors of numbers: truth");
    add(predicted, truth, Weights.even(truth.length / outputs));
  }

  /**
   * Adds a batch.
   *
   * @param predicted [examples, outputs]
   * @param truth [examples, outputs]
   * @param weights [examples], how much each counts
   */
  public void add(float[] predicted, float[] truth, float[] weights) {
    Nulls.check(predicted, "errors of numbers: predicted");
    Nulls.check(truth, "errors of numbers: truth");
    Nulls.check(weights, "errors of numbers: weights");
    Weights.checkLength(NAME, "true numbers", truth.length, weights.length * outputs);
    Weights.checkLength(NAME, "predictions", predicted.length, truth.length);
    Weights.checked(NAME, weights, weights.length);
    for (int i = 0; i < weights.length; i++) {
      double w = weights[i];
      examples++;
      weight += w;
      for (int k = 0; k < outputs; k++) {
        double y = truth[i * outputs + k];
        double error = predicted[i * outputs + k] - y;
        absolute[k] += w * Math.abs(error);
        squared[k] += w * error * error;
        if (w > 0) {
          double before = y - mean[k];
          mean[k] += before * w / weight;
          deviation[k] += w * before * (y - mean[k]);
        }
      }
    }
  }

  /**
   * Adds what another one has seen.
   *
   * @param other of as many numbers an example
   */
  public void merge(RegressionErrors other) {
    Nulls.check(other, "errors of numbers: other");
    Weights.checkLength(NAME, "numbers an example", other.outputs, outputs);
    double all = weight + other.weight;
    for (int k = 0; k < outputs; k++) {
      absolute[k] += other.absolute[k];
      squared[k] += other.squared[k];
      if (other.weight > 0) {
        double apart = other.mean[k] - mean[k];
        mean[k] += apart * other.weight / all;
        deviation[k] += other.deviation[k] + apart * apart * weight * other.weight / all;
      }
    }
    weight = all;
    examples += other.examples;
  }

  /**
   * Root of the mean squared error, of all numbers.
   *
   * @return in their unit; NaN of nothing
   */
  public double rmse() {
    double sum = 0;
    for (int k = 0; k < outputs; k++) {
      sum += rmse(k);
    }
    return sum / outputs;
  }

  /**
   * Root of the mean squared error, of one of the numbers.
   *
   * @param output which, from 0
   * @return in its unit; NaN of nothing
   * @throws IndexOutOfBoundsException if an example has no such number
   */
  public double rmse(int output) {
    Places.check(NAME + ": output", output, outputs);
    return Math.sqrt(squared[output] / weight);
  }

  /**
   * Mean of the errors' absolute values, of all numbers.
   *
   * @return in their unit; NaN of nothing
   */
  public double mae() {
    double sum = 0;
    for (int k = 0; k < outputs; k++) {
      sum += mae(k);
    }
    return sum / outputs;
  }

  /**
   * Mean of the errors' absolute values, of one of the numbers.
   *
   * @param output which, from 0
   * @return in its unit; NaN of nothing
   * @throws IndexOutOfBoundsException if an example has no such number
   */
  public double mae(int output) {
    Places.check(NAME + ": output", output, outputs);
    return absolute[output] / weight;
  }

  /**
   * R², the coefficient of determination, of all numbers.
   *
   * @return 1 for no error, 0 for what the mean alone achieves, below that if it is worse; NaN of
   *     fewer than two examples
   */
  public double r2() {
    double sum = 0;
    for (int k = 0; k < outputs; k++) {
      sum += r2(k);
    }
    return sum / outputs;
  }

  /**
   * R², the coefficient of determination, of one of the numbers.
   *
   * @param output which, from 0
   * @return 1 for no error, 0 for what the mean alone achieves; of a constant 1 or 0; NaN of fewer
   *     than two examples
   * @throws IndexOutOfBoundsException if an example has no such number
   */
  public double r2(int output) {
    Places.check(NAME + ": output", output, outputs);
    if (examples < 2) {
      return Double.NaN;
    }
    if (deviation[output] == 0) {
      return squared[output] == 0 ? 1 : 0;
    }
    return 1 - squared[output] / deviation[output];
  }
}
