package io.hypertape.optim;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tape;
import io.hypertape.autodiff.internal.OperationLog;
import io.hypertape.autodiff.internal.UndoLog;

/**
 * Whether a replay gives what the loss function would give now.
 *
 * @param steps number of steps taken before
 * @param recorded the operations that are replayed
 * @param expected what they have to give
 */
record StepVerification(long steps, OperationLog recorded, OperationLog.Digests expected) {

  /**
   * Runs the loss function once more, for its operations; leaves everything as it was.
   *
   * @throws StaleRecordingException if the operations themselves are others
   */
  static StepVerification of(
      Session session,
      TowerState state,
      Standstill standstill,
      RecordedStep step,
      StepBuffers buffers,
      PassWork work) {
    OperationLog recorded = step.gradients().pass().operations();
    OperationLog fresh = INTERNALS.operationLog(session);
    OperationLog.Digests expected = rehearse(session, state, standstill, buffers, fresh, work);
    recorded.differsInOperations(fresh).ifPresent(difference -> refuse(state.steps(), difference));
    return new StepVerification(state.steps(), recorded, expected);
  }

  private static OperationLog.Digests rehearse(
      Session session,
      TowerState state,
      Standstill standstill,
      StepBuffers buffers,
      OperationLog fresh,
      PassWork work) {
    Tape tape = state.tape();
    INTERNALS.rewind(tape);
    tape.resume();
    UndoLog undo = INTERNALS.undoLog(session);
    try {
      INTERNALS.takeFrom(tape, buffers.body(state.bufferIndex()));
      OperationLog.Digests found;
      try {
        undo.during(() -> fresh.during(work::loss));
        found = fresh.digests();
      } catch (RuntimeException | Error e) {
        standstill.undoAfter(state.steps() + 1, e, undo::undo);
        throw e;
      }
      standstill.undo(state.steps() + 1, undo);
      return found;
    } finally {
      tape.suspend();
      INTERNALS.rewind(tape);
    }
  }

  /**
   * Checks what the replay has given.
   *
   * @throws StaleRecordingException if it is anything else
   */
  void check() {
    recorded
        .differsInValues(recorded.digests(), expected)
        .ifPresent(difference -> refuse(steps, difference));
  }

  private static void refuse(long steps, String difference) {
    throw new StaleRecordingException(steps + 1, difference);
  }
}
