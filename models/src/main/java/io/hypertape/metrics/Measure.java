package io.hypertape.metrics;

import java.util.Locale;

/** A number by which a model is judged on data that it has not learned from. */
public enum Measure {
  /** The loss that was made small in training, on these data. */
  LOSS(Better.LOWER),
  /** Fraction of wrong answers, 0 to 1; of several labels, of all of them. */
  ERROR(Better.LOWER),
  /** The mean of all classes' or labels' F1. */
  F1(Better.HIGHER),
  /** F1 of all labels' answers together. */
  MICRO_F1(Better.HIGHER),
  /** Fraction of the examples of which every label was told rightly. */
  EXACT_MATCH(Better.HIGHER),
  /** Area under the ROC curve; of several labels, the mean of those that hold and hold not. */
  AUC(Better.HIGHER),
  /** Expected calibration error of probabilities, 0 to 1. */
  CALIBRATION_ERROR(Better.LOWER),
  /** Brier's score of probabilities. */
  BRIER(Better.LOWER),
  /** Root of the mean squared error, in the numbers' unit. */
  RMSE(Better.LOWER),
  /** Mean of the errors' absolute values, in the numbers' unit. */
  MAE(Better.LOWER),
  /** Coefficient of determination: 1 for no error, 0 for what the mean alone achieves. */
  R2(Better.HIGHER);

  /** Which of two values is better. */
  public enum Better {
    /** The smaller. */
    LOWER,
    /** The larger. */
    HIGHER
  }

  private final Better better;

  Measure(Better better) {
    this.better = better;
  }

  /**
   * Which of two values is better.
   *
   * @return the smaller or the larger
   */
  public Better better() {
    return better;
  }

  /**
   * The measure as text.
   *
   * @return such as {@code calibration error}
   */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
