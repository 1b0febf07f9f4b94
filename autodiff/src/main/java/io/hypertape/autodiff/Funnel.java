package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.Recording;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one funnel that a session's operations go through, and what is noted of them: nodes on the
 * current tape, entries in the logs of the work that is being done, work in a recording of the
 * backend's.
 */
final class Funnel {

  private final Session session;
  private final Backend backend;
  private StateUndoLog undoLog;
  private OutputLog operationLog;
  private boolean recording = true;

  Funnel(Session session, Backend backend) {
    this.session = session;
    this.backend = backend;
  }

  /** Checks, computes, and records if an input is tracked. */
  List<Tensor> apply(Op op, List<Tensor> inputs) {
    session.checkThread();
    Tape tape = recording && session.scopes().current(op.name()) instanceof Tape t ? t : null;
    boolean tracked = false;
    for (Tensor input : inputs) {
      tracked |= checkInput(op, input, tape);
    }
    List<Tensor> outputs = op.forward(session, inputs);
    if (tracked) {
      tape.record(op, inputs, outputs);
    }
    if (operationLog != null) {
      operationLog.add(op.name(), inputs, outputs);
    }
    return outputs;
  }

  private boolean checkInput(Op op, Tensor input, Tape tape) {
    input.checkUsable(op.name());
    if (input.session() != session) {
      throw new IllegalArgumentException(
          op.name()
              + ": a tensor of shape "
              + Shapes.text(input.dims())
              + " belongs to another session; copy it with toFloats() and tensor()");
    }
    if (tape == null || input.tape() == null) {
      return false;
    }
    if (input.tape() != tape) {
      throw new IllegalArgumentException(
          op.name()
              + ": a tensor of shape "
              + Shapes.text(input.dims())
              + " is tracked by another tape than the current one; detach() it or resume that tape, or"
              + " take a gradient inside of a computation by session.gradient(…)");
    }
    return true;
  }

  /** Whether the current tape sees what is done. */
  boolean isRecording() {
    return recording;
  }

  /** Returns what it was. */
  boolean setRecording(boolean record) {
    boolean before = recording;
    recording = record;
    return before;
  }

  /** Gives work to the backend to be recorded there. */
  Recording record(Runnable work) {
    session.checkThread();
    return new HeldRecording(Recording.of(backend, work), session, work);
  }

  /** The log of the work that is being done, if there is one. */
  Optional<StateUndoLog> undoLog() {
    return Optional.ofNullable(undoLog);
  }

  /** Returns what it was; null for none. */
  StateUndoLog setUndoLog(StateUndoLog log) {
    StateUndoLog before = undoLog;
    undoLog = log;
    return before;
  }

  /** The log of the operations that are being done; null for none. */
  @Nullable OutputLog operationLog() {
    return operationLog;
  }

  /** Returns what it was; null for none. */
  OutputLog setOperationLog(OutputLog log) {
    OutputLog before = operationLog;
    operationLog = log;
    return before;
  }
}
