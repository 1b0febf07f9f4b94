package io.hypertape.optim;

import io.hypertape.autodiff.internal.OperationLog;
import io.hypertape.autodiff.internal.UndoLog;
import org.jspecify.annotations.Nullable;

/**
 * What has computed a loss and gradients, and what is needed to go on from there or back.
 *
 * @param levels whose gradients they are
 * @param before what they were computed from
 * @param buffers where they lie
 * @param undo what the loss changed beside the tower
 * @param operations what the loss consists of
 * @param recorded what was replayed; null if it ran operation by operation
 * @param warmed recordings of such steps, which are worth making once this one has been taken; null
 *     for none
 */
record Pass(
    RunningTower levels,
    TowerState before,
    StepBuffers buffers,
    UndoLog undo,
    OperationLog operations,
    @Nullable RecordedStep recorded,
    @Nullable RecordedSteps warmed) {

  /** Of steps that make further ones worth recording. */
  Pass warming(RecordedSteps steps) {
    return new Pass(levels, before, buffers, undo, operations, recorded, steps);
  }
}
