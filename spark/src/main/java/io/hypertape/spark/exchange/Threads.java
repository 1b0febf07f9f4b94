package io.hypertape.spark.exchange;

import java.util.List;

/** Ends of threads. */
final class Threads {

  private Threads() {}

  /** Waits for their ends, interrupted or not; the caller's status is kept. */
  static void joinAll(List<Thread> threads, long millis) {
    boolean interrupted = Thread.interrupted();
    try {
      for (Thread thread : threads) {
        long end = System.nanoTime() + millis * 1_000_000;
        while (thread.isAlive() && System.nanoTime() < end) {
          try {
            thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
