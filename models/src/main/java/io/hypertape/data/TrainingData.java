package io.hypertape.data;

import java.util.Optional;

/**
 * What a model learns from, and what it is judged by. {@link DataParts} are any sets, {@link
 * DataSplit} sets of images.
 */
public interface TrainingData {

  /**
   * Name of the whole.
   *
   * @return such as {@code mnist}
   */
  String name();

  /**
   * To learn from.
   *
   * @return the training set
   */
  Dataset train();

  /**
   * To choose by: when to stop, which model to keep.
   *
   * @return the validation set; empty if the test set is all there is
   */
  default Optional<Dataset> valid() {
    return Optional.empty();
  }

  /**
   * To judge by.
   *
   * @return the test set
   */
  Dataset test();
}
