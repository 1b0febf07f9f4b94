package io.hypertape.models;

import io.hypertape.autodiff.Buffer;
import java.util.List;

/** A model that gives a row of outputs, [N, outputs], for each of a batch of N examples. */
public interface Network extends Layer, Model {

  /**
   * Lengths of an example's axes.
   *
   * @return such as [784] or [3, 32, 32]; 0 where any length does
   */
  List<Integer> inputShape();

  /**
   * How many numbers it gives for an example.
   *
   * @return the length of an output row
   */
  int outputs();

  @Override
  default List<Buffer> buffers() {
    return List.of();
  }

  @Override
  default void close() {
    Layer.super.close();
  }
}
