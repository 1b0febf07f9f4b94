package io.hypertape.autodiff;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What some work changes beside what it returns, so that it can be undone: values of {@link
 * PersistentTensor}s and places of {@link DropoutCounter}s. What the work itself read before it
 * wrote is still where it was read to, so that mostly nothing need be copied. If the work was
 * recorded, each replay leaves its own values there, and that replay can be undone.
 */
public final class UndoLog {

  private final Session session;
  private final Scope scope;
  private final Map<PersistentTensor, Tensor> read = new LinkedHashMap<>();
  private final Map<PersistentTensor, Tensor> before = new LinkedHashMap<>();
  private final Map<DropoutCounter, Integer> masks = new LinkedHashMap<>();

  UndoLog(Session session, Scope scope) {
    this.session = session;
    this.scope = scope;
  }

  /**
   * Does work and remembers what it changes.
   *
   * @param work the work
   * @param <T> what it gives
   * @return what it gave
   */
  public <T> T during(Supplier<T> work) {
    UndoLog outer = session.setUndoLog(this);
    try {
      return work.get();
    } finally {
      session.setUndoLog(outer);
    }
  }

  /** A copy of the value is there; of use if it lives as long as this log. */
  void isRead(PersistentTensor tensor, Tensor copy) {
    if (copy.scope() == scope && !before.containsKey(tensor)) {
      read.putIfAbsent(tensor, copy);
    }
  }

  /** The value is about to be changed. */
  void isWritten(PersistentTensor tensor) {
    if (!before.containsKey(tensor)) {
      Tensor copy = read.get(tensor);
      before.put(tensor, copy != null ? copy : tensor.copyIn(scope));
    }
  }

  void isDrawn(DropoutCounter counter) {
    masks.merge(counter, 1, Integer::sum);
  }

  /**
   * Puts everything back to what it was before the work, or before the last replay of it; nothing
   * may have been computed in the scope since. Waits for the backend if masks have been drawn.
   */
  public void undo() {
    before.forEach(PersistentTensor::write);
    masks.forEach((counter, drawn) -> counter.set((counter.count() - drawn) & 0xFFFFFFFFL));
  }
}
