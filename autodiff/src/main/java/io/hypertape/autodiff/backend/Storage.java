package io.hypertape.autodiff.backend;

import io.hypertape.tensor.DType;

/**
 * Storage of one backend: an array on the CPU, device memory on a GPU. Its contents are reached
 * only through the {@link Backend} that allocated it.
 */
public interface Storage {

  /**
   * Type of the elements.
   *
   * @return the element type
   */
  DType type();

  /**
   * Capacity.
   *
   * @return number of elements
   */
  int size();
}
