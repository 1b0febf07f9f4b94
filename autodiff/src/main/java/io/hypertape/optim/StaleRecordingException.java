package io.hypertape.optim;

/**
 * A prepared step was recorded, and its loss function would now do something else than is replayed:
 * it takes a value from the host that has changed, or branches on one. The step has not been taken,
 * and nothing has changed.
 */
public final class StaleRecordingException extends IllegalStateException {

  private static final long serialVersionUID = 1;

  StaleRecordingException(long step, String difference) {
    super(
        "step "
            + step
            + ": the loss function no longer does what was recorded of it: "
            + difference
            + ". A recorded step takes nothing from the host but its inputs: pass a number that"
            + " changes as Input.scalar, or take steps that differ with TowerOptimizer.step");
  }
}
