package io.hypertape.metrics;

import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether probabilities of classes mean what they say: of the answers given with a confidence of
 * 0.8 four in five should be right. Confidence is the largest probability of an example, in bins of
 * one width. For one thread at a time.
 */
public final class Calibration {

  private static final String NAME = "calibration";
  private static final int BINS = 15;

  private final double[] weights;
  private final double[] confidence;
  private final double[] right;
  private double squared;

  /**
   * What happened to answers of about one confidence.
   *
   * @param weight their number, or the sum of their weights
   * @param confidence its mean
   * @param accuracy share of right ones
   */
  public record Bin(double weight, double confidence, double accuracy) {}

  /** An empty one with 15 bins. */
  public Calibration() {
    this(BINS);
  }

  /**
   * An empty one.
   *
   * @param bins how many parts confidences from 0 to 1 fall into, at least 1
   */
  public Calibration(int bins) {
    Weights.checkAtLeastOne(NAME, "bins", bins);
    this.weights = new double[bins];
    this.confidence = new double[bins];
    this.right = new double[bins];
  }

  /**
   * Adds a batch.
   *
   * @param probabilities [examples, classes], each row with the sum 1
   * @param truth [examples], the true classes
   */
  public void add(float[] probabilities, int... truth) {
    Nulls.check(probabilities, "calibration: probabilities");
    Nulls.check(truth, "calibration: truth");
    add(probabilities, truth, Weights.even(truth.length));
  }

  /**
   * Adds a batch.
   *
   * @param probabilities [examples, classes], each row with the sum 1
   * @param truth [examples], the true classes
   * @param exampleWeights [examples], how much each counts
   */
  public void add(float[] probabilities, int[] truth, float[] exampleWeights) {
    Nulls.check(probabilities, "calibration: probabilities");
    Nulls.check(truth, "calibration: truth");
    Nulls.check(exampleWeights, "calibration: exampleWeights");
    int classes =
        Weights.checkedClasses(NAME, "probabilities", probabilities, truth, exampleWeights);
    for (int i = 0; i < truth.length; i++) {
      add(probabilities, i * classes, classes, truth[i], exampleWeights[i]);
    }
  }

  private void add(float[] p, int begin, int classes, int label, double weight) {
    int best = ConfusionMatrix.largest(p, begin, classes);
    double sure = best < classes ? p[begin + best] : Double.NaN;
    // Right ends belong to bins: 1 is in the last one.
    int bin = Math.clamp((int) Math.ceil(sure * weights.length) - 1, 0, weights.length - 1);
    weights[bin] += weight;
    confidence[bin] += weight * sure;
    right[bin] += best == label ? weight : 0;
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      double apart = p[begin + c] - (c == label ? 1 : 0);
      sum += apart * apart;
    }
    squared += weight * (classes == 2 ? sum / 2 : sum);
  }

  /**
   * Adds what another one has seen.
   *
   * @param other of as many bins
   */
  public void merge(Calibration other) {
    Nulls.check(other, "calibration: other");
    Weights.checkLength(NAME, "bins", other.weights.length, weights.length);
    for (int k = 0; k < weights.length; k++) {
      weights[k] += other.weights[k];
      confidence[k] += other.confidence[k];
      right[k] += other.right[k];
    }
    squared += other.squared;
  }

  private double total() {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    return sum;
  }

  /**
   * Expected calibration error (Guo et al. 2017): how far confidence and accuracy of a bin are
   * apart, the mean over all answers.
   *
   * @return 0 to 1; NaN of nothing
   */
  public double expectedError() {
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      sum += Math.abs(confidence[k] - right[k]);
    }
    return sum / total();
  }

  /**
   * Brier's score: mean squared distance of the probabilities from what was true. Of two classes it
   * is that of one's probability.
   *
   * @return 0 to 2, of two classes to 1; the smaller the better; NaN of nothing
   */
  public double brier() {
    return squared / total();
  }

  /**
   * Confidence against accuracy, for a reliability diagram.
   *
   * @return the bins that have answers, by confidence
   */
  public List<Bin> bins() {
    List<Bin> bins = new ArrayList<>();
    for (int k = 0; k < weights.length; k++) {
      if (weights[k] > 0) {
        bins.add(new Bin(weights[k], confidence[k] / weights[k], right[k] / weights[k]));
      }
    }
    return bins;
  }
}
