package io.hypertape.optim;

import io.hypertape.autodiff.internal.UndoLog;

/**
 * Why an optimizer cannot go on: something failed half-way that could not be put back. What is
 * asked of it from then on is refused with the reason, and what to do instead.
 */
final class Standstill {

  private static final String INSTEAD = "); go on from a checkpoint with a new optimizer";

  // Null as long as nothing has failed so.
  private Throwable cause;
  private String text = "";

  /** Throws if nothing can be gone on with. */
  void check() {
    if (cause != null) {
      throw new IllegalStateException(text, cause);
    }
  }

  /** Whether nothing can be gone on with. */
  boolean hasCome() {
    return cause != null;
  }

  /** Nothing had been computed yet: there is nothing to be put back. */
  void forget() {
    cause = null;
  }

  /** Some levels have been updated, and others not. */
  void inUpdate(long step, Throwable e) {
    cause = e;
    text = "step: the update of step " + step + " failed in its midst (" + e.getMessage() + INSTEAD;
  }

  /** Some values are of the state that was to be restored, and others not. */
  void inRestore(Throwable e) {
    cause = e;
    text = "restore: failed in its midst (" + e.getMessage() + "); bind the tower anew";
  }

  /** Puts back what a step has changed that failed. */
  void undoAfter(long step, Throwable e, Runnable undo) {
    try {
      undo.run();
    } catch (RuntimeException | Error again) {
      if (again != e) {
        e.addSuppressed(again);
      }
      beyondUndoing(step, e, again);
    }
  }

  /** Puts back what the rehearsal of a step has changed. */
  void undo(long step, UndoLog undo) {
    try {
      undo.undo();
    } catch (RuntimeException | Error e) {
      beyondUndoing(step, e, e);
      throw e;
    }
  }

  private void beyondUndoing(long step, Throwable e, Throwable undoing) {
    cause = e;
    text =
        "step: step "
            + step
            + " failed in its midst ("
            + e.getMessage()
            + ") and could not be undone ("
            + undoing.getMessage()
            + INSTEAD;
  }
}
