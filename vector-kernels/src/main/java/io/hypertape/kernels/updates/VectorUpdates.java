package io.hypertape.kernels.updates;

import io.hypertape.kernels.elementwise.VectorReduce;
import io.hypertape.kernels.lanes.Workers;

/** Updates on vectors. */
public final class VectorUpdates extends BlockedUpdates {

  /**
   * Updates that share large calls among threads.
   *
   * @param workers the threads
   */
  public VectorUpdates(Workers workers) {
    super(workers, VectorUpdateLoops::run, VectorReduce::dot);
  }
}
