package io.hypertape.kernels.elementwise;

import io.hypertape.kernels.lanes.Workers;

/** On the Vector API; long rows are shared by threads. */
public final class VectorElementwise extends ScalarElementwise {

  /**
   * Kernels that these threads share.
   *
   * @param workers the threads
   */
  public VectorElementwise(Workers workers) {
    super(workers, true, new VectorSoftmax());
  }
}
