package io.hypertape.spark.ml;

import org.apache.spark.ml.param.Param;

/** Which columns a classifier and its model read and add, as parameters of Spark ML's. */
public interface ClassifierColumns {

  /**
   * All of them.
   *
   * @return those of this stage
   */
  Columns columns();

  /**
   * The column of features: vectors, arrays of numbers, or bytes.
   *
   * @return {@code features} unless set
   */
  default Param<String> featuresCol() {
    return columns().features;
  }

  /**
   * The column of labels: classes' numbers from 0, which predicting does not need.
   *
   * @return {@code label} unless set
   */
  default Param<String> labelCol() {
    return columns().label;
  }

  /**
   * The column that tells rows apart, by which they go to their shards; predicting does not need
   * it.
   *
   * @return {@code id} unless set
   */
  default Param<String> idCol() {
    return columns().id;
  }

  /**
   * The column of truths that tell which rows are to judge by, and not to learn from.
   *
   * @return if not set, all rows are learned from, and a thousand of them judged by
   */
  default Param<String> validationIndicatorCol() {
    return columns().validationIndicator;
  }

  /**
   * The model's column of the likeliest class's number.
   *
   * @return {@code prediction} unless set
   */
  default Param<String> predictionCol() {
    return columns().prediction;
  }

  /**
   * The model's column of classes' probabilities.
   *
   * @return {@code probability} unless set
   */
  default Param<String> probabilityCol() {
    return columns().probability;
  }

  /**
   * The model's column of classes' log-probabilities.
   *
   * @return {@code rawPrediction} unless set
   */
  default Param<String> rawPredictionCol() {
    return columns().rawPrediction;
  }
}
