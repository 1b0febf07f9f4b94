package io.hypertape.metrics;

import io.hypertape.checks.Nulls;

/**
 * How often each class was taken for each: accuracy, precision, recall and F1 follow from it. For
 * one thread at a time.
 */
public final class ConfusionMatrix {

  private static final String NAME = "confusion matrix";

  private final int classes;
  // [true class][predicted one]; the last column has the examples of which nothing was said.
  private final double[][] counts;

  /**
   * An empty one.
   *
   * @param classes their number, at least 1
   */
  public ConfusionMatrix(int classes) {
    Weights.checkAtLeastOne(NAME, "classes", classes);
    this.classes = classes;
    this.counts = new double[classes][classes + 1];
  }

  /**
   * Adds a batch of scores, of which the largest decides; of equals the first. A row with NaN says
   * nothing, and is wrong.
   *
   * @param scores [examples, n], such as log-probabilities, of as many classes as there are here or
   *     more; one that is taken for a class beyond is wrong
   * @param truth [examples], the true classes
   */
  public void add(float[] scores, int... truth) {
    Nulls.check(scores, "confusion matrix: scores");
    Nulls.check(truth, "confusion matrix: truth");
    add(scores, truth, Weights.even(truth.length));
  }

  /**
   * Adds a batch of scores, of which the largest decides.
   *
   * @param scores [examples, n], such as log-probabilities
   * @param truth [examples], the true classes
   * @param weights [examples], how much each counts
   */
  public void add(float[] scores, int[] truth, float[] weights) {
    Nulls.check(scores, "confusion matrix: scores");
    Nulls.check(truth, "confusion matrix: truth");
    Weights.checked(NAME, weights, truth.length);
    int columns = truth.length == 0 ? classes : scores.length / truth.length;
    if (columns < classes || scores.length != columns * truth.length) {
      throw new IllegalArgumentException(
          NAME
              + ": "
              + scores.length
              + " scores for "
              + truth.length
              + " examples; as many for each are needed, at least "
              + classes);
    }
    int[] predicted = new int[truth.length];
    for (int i = 0; i < truth.length; i++) {
      predicted[i] = Math.min(largest(scores, i * columns, columns), classes);
    }
    count(truth, predicted, weights);
  }

  /** The place of the largest of some scores; beyond all if one is NaN. */
  static int largest(float[] scores, int begin, int length) {
    int best = 0;
    for (int k = 0; k < length; k++) {
      if (Float.isNaN(scores[begin + k])) {
        return Integer.MAX_VALUE;
      }
      best = scores[begin + k] > scores[begin + best] ? k : best;
    }
    return best;
  }

  /**
   * Adds a batch of decisions.
   *
   * @param truth [examples], the true classes
   * @param predicted [examples], what they were taken for
   */
  public void addDecided(int[] truth, int[] predicted) {
    Nulls.check(truth, "confusion matrix: truth");
    Nulls.check(predicted, "confusion matrix: predicted");
    Weights.checkLength(NAME, "predictions", predicted.length, truth.length);
    for (int label : predicted) {
      Weights.checkClass(NAME, label, classes);
    }
    count(truth, predicted, Weights.even(truth.length));
  }

  private void count(int[] truth, int[] predicted, float[] weights) {
    for (int label : truth) {
      Weights.checkClass(NAME, label, classes);
    }
    for (int i = 0; i < truth.length; i++) {
      counts[truth[i]][predicted[i]] += weights[i];
    }
  }

  /**
   * Adds what another one has counted.
   *
   * @param other of as many classes
   */
  public void merge(ConfusionMatrix other) {
    Nulls.check(other, "confusion matrix: other");
    Weights.checkLength(NAME, "classes", other.classes, classes);
    for (int i = 0; i < classes; i++) {
      for (int k = 0; k <= classes; k++) {
        counts[i][k] += other.counts[i][k];
      }
    }
  }

  /**
   * Number of classes.
   *
   * @return at least 1
   */
  public int classes() {
    return classes;
  }

  /**
   * How often a class was taken for another, or itself.
   *
   * @param truth the true class
   * @param predicted what it was taken for
   * @return the number of examples, or the sum of their weights
   */
  public double count(int truth, int predicted) {
    Weights.checkClass(NAME, truth, classes);
    Weights.checkClass(NAME, predicted, classes);
    return counts[truth][predicted];
  }

  /**
   * How many examples of a class there were.
   *
   * @param truth the class
   * @return their number, or the sum of their weights
   */
  public double support(int truth) {
    Weights.checkClass(NAME, truth, classes);
    double sum = 0;
    for (double count : counts[truth]) {
      sum += count;
    }
    return sum;
  }

  private double predicted(int label) {
    double sum = 0;
    for (double[] row : counts) {
      sum += row[label];
    }
    return sum;
  }

  /**
   * How many examples were added.
   *
   * @return their number, or the sum of their weights
   */
  public double total() {
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      sum += support(k);
    }
    return sum;
  }

  /**
   * Share of right answers.
   *
   * @return 0 to 1; NaN of nothing
   */
  public double accuracy() {
    double right = 0;
    for (int k = 0; k < classes; k++) {
      right += counts[k][k];
    }
    return right / total();
  }

  /**
   * Share of wrong answers.
   *
   * @return 0 to 1; NaN of nothing
   */
  public double error() {
    double right = 0;
    for (int k = 0; k < classes; k++) {
      right += counts[k][k];
    }
    return (total() - right) / total();
  }

  /**
   * Share of right answers among those that named a class.
   *
   * @param label the class
   * @return 0 to 1; 0 if it was never named
   */
  public double precision(int label) {
    Weights.checkClass(NAME, label, classes);
    return ratio(counts[label][label], predicted(label));
  }

  /**
   * Share of a class's examples that were recognized.
   *
   * @param label the class
   * @return 0 to 1; 0 if it has none
   */
  public double recall(int label) {
    Weights.checkClass(NAME, label, classes);
    return ratio(counts[label][label], support(label));
  }

  /**
   * Harmonic mean of a class's precision and recall.
   *
   * @param label the class
   * @return 0 to 1; 0 if it has no examples and was never named
   */
  public double f1(int label) {
    Weights.checkClass(NAME, label, classes);
    return ratio(2 * counts[label][label], support(label) + predicted(label));
  }

  /**
   * The mean of all classes' F1, large or small; those that neither occurred nor were named do not
   * count, as scikit-learn has it.
   *
   * @return 0 to 1; NaN of nothing
   */
  public double macroF1() {
    double sum = 0;
    int met = 0;
    for (int k = 0; k < classes; k++) {
      if (support(k) + predicted(k) > 0) {
        sum += f1(k);
        met++;
      }
    }
    return sum / met;
  }

  /**
   * F1 of all answers together; where every example got one it is the accuracy.
   *
   * @return 0 to 1; NaN of nothing
   */
  public double microF1() {
    double right = 0;
    double named = 0;
    for (int k = 0; k < classes; k++) {
      right += counts[k][k];
      named += predicted(k);
    }
    double total = total();
    return total == 0 ? Double.NaN : 2 * right / (total + named);
  }

  static double ratio(double part, double whole) {
    return whole == 0 ? 0 : part / whole;
  }
}
