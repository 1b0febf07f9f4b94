package io.hypertape.kernels.updates;

import io.hypertape.kernels.elementwise.ScalarReduce;
import io.hypertape.kernels.lanes.Workers;

/** Updates in plain loops: the scalar twin of {@link VectorUpdates}, with the same bits. */
public final class ScalarUpdates extends BlockedUpdates {

  /** Updates on the caller's thread. */
  public ScalarUpdates() {
    super(new Workers(1), ScalarUpdateLoops::run, ScalarReduce::dot);
  }
}
