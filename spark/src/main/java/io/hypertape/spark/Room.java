package io.hypertape.spark;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.apache.spark.SparkContext;

/**
 * For how many tasks executors have room.
 *
 * @param context whose executors
 */
record Room(SparkContext context) {

  private static final long LOOK_MILLIS = 100;

  /**
   * How many of the workers can start: all if there is room for them within a time, else half as
   * many, and so on.
   *
   * @return at least 1
   */
  int workers(int wanted, Duration wait) {
    long end = System.nanoTime() + wait.toNanos();
    int room = tasks();
    while (room < wanted && System.nanoTime() < end) {
      try {
        Thread.sleep(LOOK_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancellationException("spark workers: interrupted while waiting for executors");
      }
      room = tasks();
    }
    int fit = fitting(wanted, room);
    if (fit < wanted) {
      System.getLogger(Room.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "executors have room for {0} of {1} workers after {2} s: {3} will do it all",
              room,
              wanted,
              wait.toSeconds(),
              fit);
    }
    return fit;
  }

  /** A power of two, as the number wanted is. */
  static int fitting(int wanted, int room) {
    return Math.min(wanted, Integer.highestOneBit(Math.max(1, room)));
  }

  /** What Spark's own check of a barrier stage asks for. */
  private int tasks() {
    return context.maxNumConcurrentTasks(context.resourceProfileManager().defaultResourceProfile());
  }
}
