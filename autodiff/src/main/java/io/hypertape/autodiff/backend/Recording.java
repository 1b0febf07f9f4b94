package io.hypertape.autodiff.backend;

/**
 * Work that a {@link Backend} has recorded, on the storage that it was recorded with. Whoever
 * replays it must still hold that storage.
 */
public interface Recording extends AutoCloseable {

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
