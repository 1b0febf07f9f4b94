package io.hypertape.autodiff.internal;

import java.util.function.Supplier;

/**
 * What some work changes beside what it returns, so that it can be undone: values of buffers and
 * places of dropout counters. If the work was recorded, each replay leaves its own values there,
 * and that replay can be undone.
 */
public interface UndoLog {

  /**
   * Does work and remembers what it changes.
   *
   * @param work the work
   * @param <T> what it gives
   * @return what it gave
   */
  <T> T during(Supplier<T> work);

  /**
   * Puts everything back to what it was before the work, or before the last replay of it; nothing
   * may have been computed in the scope since. Waits for the backend if masks have been drawn. What
   * can be put back is, whatever of it fails; then the first failure is thrown.
   */
  void undo();

  /**
   * Puts back what the last replay changed before it failed in its midst.
   *
   * @param completed how far it came, see {@link
   *     io.hypertape.autodiff.backend.Recording#completed}: what it did not come to still holds
   *     copies of earlier replays
   */
  void undo(int completed);
}
