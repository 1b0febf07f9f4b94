package io.hypertape.optim;

import io.hypertape.autodiff.OperationLog;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.UndoLog;
import io.hypertape.autodiff.backend.Recording;
import io.hypertape.checks.Failures;
import java.util.List;

/**
 * A step as it was recorded: what it starts from, what it leaves, and the work between: a pass,
 * which gives loss and gradients, and the update, so that the step can be refused between them. It
 * is worth recording once a step has found all its storage in place.
 */
final class RecordedStep {

  private Storage seen;
  private Recording pass;
  private Recording update;
  private TowerState before;
  // The last state that was found to lie where the recording expects it.
  private TowerState fitting;
  private TowerState after;
  private Tensor loss;
  private UndoLog undo;
  private OperationLog operationLog;
  private long replays;

  /** Versions of the five workspaces that a step uses. */
  record Storage(long update, long nextUpdate, long body, long previousBody, long inputs) {}

  boolean isRecorded(Storage now, TowerState state) {
    if (pass == null || !now.equals(seen)) {
      return false;
    }
    if (state != fitting && state.isSameStorage(before)) {
      fitting = state;
    }
    return state == fitting;
  }

  /** Whether that is the storage, beside the updates', that it was seen on. */
  boolean isOn(long body, long previousBody, long inputs) {
    return seen != null
        && seen.body() == body
        && seen.previousBody() == previousBody
        && seen.inputs() == inputs;
  }

  /** Whether a step has run on this storage before, so that the next one allocates nothing. */
  boolean isWarm(Storage now) {
    return now.equals(seen);
  }

  void warm(Storage now) {
    close();
    seen = now;
  }

  /** Takes over what was recorded of a step's two halves. */
  void record(
      Recording newPass,
      Recording newUpdate,
      TowerState newBefore,
      TowerState newAfter,
      TowerOptimizer.Pass result) {
    close();
    pass = newPass;
    update = newUpdate;
    before = newBefore;
    fitting = newBefore;
    after = newAfter;
    loss = result.loss();
    undo = result.undo();
    operationLog = result.operations();
    replays = 0;
  }

  /** Loss and gradients. If it throws, {@link #undoMidst} puts everything back. */
  void replayPass() {
    replays++;
    pass.replay();
  }

  /** Undoes what a pass that failed has changed beside the tower. */
  void undoMidst() {
    undo.undo(pass.completed());
  }

  /** Undoes what the last pass changed beside the tower, before any update. */
  void undo() {
    undo.undo();
  }

  /** The update of every level, by the last pass's gradients. */
  void replayUpdate() {
    update.replay();
  }

  /** How often it has been replayed. */
  long replays() {
    return replays;
  }

  /** The operations of the loss, as they were recorded. */
  OperationLog operationLog() {
    return operationLog;
  }

  TowerState after() {
    return after;
  }

  Tensor loss() {
    return loss;
  }

  int operations() {
    return pass == null ? 0 : pass.operations() + update.operations();
  }

  void close() {
    if (pass != null) {
      Failures.joined(List.of(pass::close, update::close, () -> pass = null));
    }
  }
}
