package io.hypertape.io.guard;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * Work on a file through an interruptible channel, which an interrupt would close: it is done
 * whole, from its beginning again if need be, and the thread's interrupt status is kept.
 */
public final class Uninterrupted {

  /**
   * Work that can be done again.
   *
   * @param <T> what it gives
   */
  @FunctionalInterface
  public interface Work<T> {
    /**
     * Does it, from its beginning.
     *
     * @return what it gives
     * @throws IOException if it fails
     */
    T run() throws IOException;
  }

  private Uninterrupted() {}

  /**
   * Does work.
   *
   * @param work the work
   * @param <T> what it gives
   * @return what it gave
   * @throws IOException if it fails otherwise than by an interrupt
   */
  public static <T> T call(Work<T> work) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return work.run();
        } catch (ClosedByInterruptException e) {
          interrupted = true;
          Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
