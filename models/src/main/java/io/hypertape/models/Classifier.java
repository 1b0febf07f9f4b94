package io.hypertape.models;

import io.hypertape.autodiff.Buffer;
import java.util.List;

/** A model that gives log-probabilities of classes, [N, classes], for a batch of N examples. */
public interface Classifier extends Layer, Model {

  /**
   * Lengths of an example's axes.
   *
   * @return such as [784] or [3, 32, 32]; 0 where any length does
   */
  List<Integer> inputShape();

  /**
   * How many classes it tells apart.
   *
   * @return the length of an output row
   */
  int classes();

  @Override
  default List<Buffer> buffers() {
    return List.of();
  }

  @Override
  default void close() {
    Layer.super.close();
  }
}
