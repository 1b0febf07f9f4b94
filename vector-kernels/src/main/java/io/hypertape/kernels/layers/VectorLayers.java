package io.hypertape.kernels.layers;

import io.hypertape.kernels.lanes.VectorRows;
import io.hypertape.kernels.lanes.Workers;

/** Kernels of layers on the Vector API. */
public final class VectorLayers extends ScalarLayers {

  /**
   * Makes the kernels.
   *
   * @param workers who share large calls
   */
  public VectorLayers(Workers workers) {
    super(workers, VectorRows.S.length());
  }
}
