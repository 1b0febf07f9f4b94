package io.hypertape.metrics;

import io.hypertape.checks.Nulls;

/**
 * How often the true class is among the k with the largest scores; of equal ones the first count
 * before the others. For one thread at a time.
 */
public final class TopK {

  private static final String NAME = "top-k accuracy";

  private final int k;
  private double within;
  private double total;

  /**
   * An empty one.
   *
   * @param k how many classes are looked at, at least 1
   */
  public TopK(int k) {
    Weights.checkAtLeastOne(NAME, "classes to look at", k);
    this.k = k;
  }

  /**
   * Adds a batch.
   *
   * @param scores [examples, classes], such as log-probabilities; a row with NaN is wrong
   * @param truth [examples], the true classes
   */
  public void add(float[] scores, int... truth) {
    Nulls.check(scores, "top-k accuracy: scores");
    Nulls.check(truth, "top-k accuracy: truth");
    add(scores, truth, Weights.even(truth.length));
  }

  /**
   * Adds a batch.
   *
   * @param scores [examples, classes], such as log-probabilities; a row with NaN is wrong
   * @param truth [examples], the true classes
   * @param weights [examples], how much each counts
   */
  public void add(float[] scores, int[] truth, float[] weights) {
    Nulls.check(scores, "top-k accuracy: scores");
    Nulls.check(truth, "top-k accuracy: truth");
    int classes = Weights.checkedClasses(NAME, "scores", scores, truth, weights);
    for (int i = 0; i < truth.length; i++) {
      total += weights[i];
      within += isWithin(scores, i * classes, classes, truth[i]) ? weights[i] : 0;
    }
  }

  private boolean isWithin(float[] scores, int begin, int classes, int label) {
    float own = scores[begin + label];
    int before = 0;
    for (int c = 0; c < classes; c++) {
      float score = scores[begin + c];
      if (Float.isNaN(score)) {
        return false;
      }
      before += score > own || score == own && c < label ? 1 : 0;
    }
    return before < k;
  }

  /**
   * Adds what another one has counted.
   *
   * @param other of the same k
   */
  public void merge(TopK other) {
    Nulls.check(other, "top-k accuracy: other");
    Weights.checkLength(NAME, "classes to look at", other.k, k);
    within += other.within;
    total += other.total;
  }

  /**
   * Share of the examples whose class is among the k.
   *
   * @return 0 to 1; NaN of nothing
   */
  public double accuracy() {
    return within / total;
  }
}
