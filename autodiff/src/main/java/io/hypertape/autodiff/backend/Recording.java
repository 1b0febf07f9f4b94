package io.hypertape.autodiff.backend;

import io.hypertape.checks.Nulls;

/**
 * Work that a {@link Backend} has recorded, on the storage that it was recorded with. Whoever
 * replays it must still hold that storage.
 */
public interface Recording extends AutoCloseable {

  /**
   * Records work without running it.
   *
   * @param backend one that {@linkplain Backend#canRecord records}
   * @param work gives it to the backend; if it throws, nothing is recorded
   * @return what was recorded, closed with the backend if not before
   * @throws RecordingException if something in it cannot be replayed
   */
  static Recording of(Backend backend, Runnable work) {
    Nulls.check(backend, "recording: backend");
    Nulls.check(work, "recording: work");
    backend.beginRecording();
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      try {
        backend.abortRecording();
      } catch (RuntimeException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
    return backend.endRecording();
  }

  /** Does the work once more, with what the storage holds now. Does not wait. */
  void replay();

  /**
   * How many operations it consists of.
   *
   * @return number of pieces of work given to the machine in one replay
   */
  int operations();

  /**
   * How far the last replay came, which matters if it threw.
   *
   * @return number of operations that it did, in order; {@link #operations} if it did not throw, or
   *     where it cannot throw in its midst
   */
  default int completed() {
    return operations();
  }

  /** Frees it. Closing twice does nothing. */
  @Override
  void close();
}
