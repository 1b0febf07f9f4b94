package io.hypertape.io;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * Work on a file through an interruptible channel, which an interrupt would close: it is done
 * whole, from its beginning again if need be, and the thread's interrupt status is kept.
 */
final class Uninterrupted {

  /** Work that can be done again. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws IOException;
  }

  private Uninterrupted() {}

  static <T> T call(Work<T> work) throws IOException {
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
