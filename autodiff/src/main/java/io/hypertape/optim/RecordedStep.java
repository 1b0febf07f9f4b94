package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.UndoLog;
import io.hypertape.autodiff.backend.Recording;

/**
 * A step as it was recorded: what it starts from, what it leaves, and the work between. It is worth
 * recording once a step has found all its storage in place.
 */
final class RecordedStep {

  private Storage seen;
  private Recording recording;
  private TowerState before;
  // The last state that was found to lie where the recording expects it.
  private TowerState fitting;
  private TowerState after;
  private Tensor loss;
  private UndoLog undo;

  /** Versions of the four workspaces that a step uses. */
  record Storage(long update, long nextUpdate, long body, long previousBody) {}

  boolean isRecorded(Storage now, TowerState state) {
    if (recording == null || !now.equals(seen)) {
      return false;
    }
    if (state != fitting && state.isSameStorage(before)) {
      fitting = state;
    }
    return state == fitting;
  }

  /** Whether a step has run on this storage before, so that the next one allocates nothing. */
  boolean isWarm(Storage now) {
    return now.equals(seen);
  }

  void warm(Storage now) {
    close();
    seen = now;
  }

  void record(
      Recording newRecording,
      TowerState newBefore,
      TowerState newAfter,
      Tensor newLoss,
      UndoLog newUndo) {
    close();
    recording = newRecording;
    before = newBefore;
    fitting = newBefore;
    after = newAfter;
    loss = newLoss;
    undo = newUndo;
  }

  void replay() {
    recording.replay();
  }

  /** Undoes what the last replay changed beside the tower. */
  void undo() {
    undo.undo();
  }

  TowerState after() {
    return after;
  }

  Tensor loss() {
    return loss;
  }

  int operations() {
    return recording == null ? 0 : recording.operations();
  }

  void close() {
    if (recording != null) {
      recording.close();
      recording = null;
    }
  }
}
