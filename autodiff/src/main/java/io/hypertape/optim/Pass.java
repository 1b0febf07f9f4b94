package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.internal.OperationLog;
import io.hypertape.autodiff.internal.UndoLog;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What has computed a loss and gradients, and what is needed to go on from there or back. */
final class Pass {

  private final RunningTower levels;
  private final TowerState before;
  private final StepBuffers buffers;
  private final UndoLog undo;
  private final OperationLog operations;
  private final OperationLog further;
  private final @Nullable RecordedSteps warmed;
  private final @Nullable RecordedStep recorded;
  private List<Tensor> own = List.of();

  private Pass(
      RunningTower levels,
      TowerState before,
      StepBuffers buffers,
      UndoLog undo,
      OperationLog operations,
      OperationLog further,
      @Nullable RecordedSteps warmed,
      @Nullable RecordedStep recorded) {
    this.levels = levels;
    this.before = before;
    this.buffers = buffers;
    this.undo = undo;
    this.operations = operations;
    this.further = further;
    this.warmed = warmed;
    this.recorded = recorded;
  }

  /**
   * A pass that runs operation by operation.
   *
   * @param levels whose gradients it computes
   * @param before what it computes them from
   * @param buffers where they lie
   * @param undo what the loss changes beside the tower
   * @param operations what the loss consists of
   * @param further what the rest of the step consists of
   * @param warmed recordings of such steps, which are worth making once this one has been taken;
   *     null for none
   */
  Pass(
      RunningTower levels,
      TowerState before,
      StepBuffers buffers,
      UndoLog undo,
      OperationLog operations,
      OperationLog further,
      @Nullable RecordedSteps warmed) {
    this(levels, before, buffers, undo, operations, further, warmed, null);
  }

  /** A replay of this. */
  Pass replayed(TowerState from, RecordedStep step) {
    Pass replay = new Pass(levels, from, buffers, undo, operations, further, null, step);
    replay.own = own;
    return replay;
  }

  /** What comes of it. */
  void gives(List<Tensor> gradients) {
    own = gradients;
  }

  /** The gradients as the pass gave them, which live as long as its buffers. */
  List<Tensor> own() {
    return own;
  }

  RunningTower levels() {
    return levels;
  }

  TowerState before() {
    return before;
  }

  StepBuffers buffers() {
    return buffers;
  }

  UndoLog undo() {
    return undo;
  }

  OperationLog operations() {
    return operations;
  }

  OperationLog further() {
    return further;
  }

  @Nullable RecordedSteps warmed() {
    return warmed;
  }

  /** What is replayed; null if it ran operation by operation. */
  @Nullable RecordedStep recorded() {
    return recorded;
  }
}
