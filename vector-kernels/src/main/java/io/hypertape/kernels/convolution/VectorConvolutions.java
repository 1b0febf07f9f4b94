package io.hypertape.kernels.convolution;

import io.hypertape.kernels.lanes.VectorRows;
import io.hypertape.kernels.lanes.Workers;

/** Convolutions on the Vector API. */
public final class VectorConvolutions extends ScalarConvolutions {

  /**
   * Convolutions of the threads of some workers.
   *
   * @param workers who share large products
   */
  public VectorConvolutions(Workers workers) {
    super(workers, VectorRows.S.length());
  }
}
