package io.hypertape.metrics;

import io.hypertape.checks.Nulls;
import io.hypertape.checks.Places;

/**
 * How well several labels are told of which each may hold or not: precision, recall and F1 of each
 * and of all, and how often all of an example's were right. For one thread at a time.
 */
public final class LabelCounts {

  private static final String NAME = "counts of labels";

  private final int labels;
  private final double[] hits;
  private final double[] told;
  private final double[] held;
  private double wrong;
  private double exact;
  private double total;

  /**
   * An empty one.
   *
   * @param labels their number, at least 1
   */
  public LabelCounts(int labels) {
    Weights.checkAtLeastOne(NAME, "labels", labels);
    this.labels = labels;
    this.hits = new double[labels];
    this.told = new double[labels];
    this.held = new double[labels];
  }

  /**
   * Adds a batch.
   *
   * @param scores [examples, labels]; a label is told where its score is above 0, as a logit is of
   *     a probability above ½
   * @param truth [examples, labels], above ½ where a label holds
   */
  public void add(float[] scores, float... truth) {
    Nulls.check(scores, "counts of labels: scores");
    Nulls.check(truth, "counts of labels: truth");
    add(scores, truth, Weights.even(truth.length / labels));
  }

  /**
   * Adds a batch.
   *
   * @param scores [examples, labels]; a label is told where its score is above 0
   * @param truth [examples, labels], above ½ where a label holds
   * @param weights [examples], how much each counts
   */
  public void add(float[] scores, float[] truth, float[] weights) {
    Nulls.check(scores, "counts of labels: scores");
    Nulls.check(truth, "counts of labels: truth");
    Nulls.check(weights, "counts of labels: weights");
    Weights.checkLength(NAME, "truths", truth.length, weights.length * labels);
    Weights.checkLength(NAME, "scores", scores.length, truth.length);
    Weights.checked(NAME, weights, weights.length);
    for (int i = 0; i < weights.length; i++) {
      int errors = 0;
      for (int k = 0; k < labels; k++) {
        float score = scores[i * labels + k];
        boolean tells = score > 0;
        boolean holds = truth[i * labels + k] > 0.5f;
        told[k] += tells ? weights[i] : 0;
        held[k] += holds ? weights[i] : 0;
        hits[k] += tells && holds ? weights[i] : 0;
        errors += tells == holds && !Float.isNaN(score) ? 0 : 1;
      }
      wrong += (double) weights[i] * errors / labels;
      exact += errors == 0 ? weights[i] : 0;
      total += weights[i];
    }
  }

  /**
   * Adds what another one has counted.
   *
   * @param other of as many labels
   */
  public void merge(LabelCounts other) {
    Nulls.check(other, "counts of labels: other");
    Weights.checkLength(NAME, "labels", other.labels, labels);
    for (int k = 0; k < labels; k++) {
      hits[k] += other.hits[k];
      told[k] += other.told[k];
      held[k] += other.held[k];
    }
    wrong += other.wrong;
    exact += other.exact;
    total += other.total;
  }

  /**
   * Share of right ones among the examples that were told to have a label.
   *
   * @param label which, from 0
   * @return 0 to 1; 0 if it was never told
   * @throws IndexOutOfBoundsException if there is no such label
   */
  public double precision(int label) {
    Places.check(NAME + ": label", label, labels);
    return ConfusionMatrix.ratio(hits[label], told[label]);
  }

  /**
   * Share of the examples with a label that were found.
   *
   * @param label which, from 0
   * @return 0 to 1; 0 if there are none
   * @throws IndexOutOfBoundsException if there is no such label
   */
  public double recall(int label) {
    Places.check(NAME + ": label", label, labels);
    return ConfusionMatrix.ratio(hits[label], held[label]);
  }

  /**
   * Harmonic mean of a label's precision and recall.
   *
   * @param label which, from 0
   * @return 0 to 1; 0 if it neither held nor was told
   * @throws IndexOutOfBoundsException if there is no such label
   */
  public double f1(int label) {
    Places.check(NAME + ": label", label, labels);
    return ConfusionMatrix.ratio(2 * hits[label], held[label] + told[label]);
  }

  /**
   * The mean of all labels' F1, frequent or rare.
   *
   * @return 0 to 1; NaN of nothing
   */
  public double macroF1() {
    double sum = 0;
    for (int k = 0; k < labels; k++) {
      sum += f1(k);
    }
    return total == 0 ? Double.NaN : sum / labels;
  }

  /**
   * F1 of all labels' answers together.
   *
   * @return 0 to 1; NaN of nothing
   */
  public double microF1() {
    double right = 0;
    double both = 0;
    for (int k = 0; k < labels; k++) {
      right += hits[k];
      both += held[k] + told[k];
    }
    return total == 0 ? Double.NaN : ConfusionMatrix.ratio(2 * right, both);
  }

  /**
   * Share of the examples of which every label was told rightly.
   *
   * @return 0 to 1; NaN of nothing
   */
  public double exactMatch() {
    return exact / total;
  }

  /**
   * Share of wrong answers among all labels of all examples (Hamming loss).
   *
   * @return 0 to 1; NaN of nothing
   */
  public double error() {
    return wrong / total;
  }
}
