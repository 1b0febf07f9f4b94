package io.hypertape.predict;

import io.hypertape.checks.Nulls;
import java.time.Duration;

/**
 * Whether calls of one example each that come at the same time are computed together: more of them
 * a second, each of which takes longer.
 *
 * @param most examples that are computed together at most; 1 computes each by itself
 * @param delay how long a call waits for others before it is computed; with none, those are joined
 *     that come while every lane is busy
 */
public record Batching(int most, Duration delay) {

  // Before what is checked by it.
  private static final Duration LONGEST = Duration.ofMinutes(1);

  /** Each call by itself. */
  public static final Batching NONE = new Batching(1, Duration.ZERO);

  /** Checks both. */
  public Batching {
    Nulls.check(delay, "batching: delay");
    if (most < 1 || most > PredictorOptions.MOST) {
      throw new IllegalArgumentException(
          "batching: most is " + most + "; 1 to " + PredictorOptions.MOST + " fit");
    }
    if (delay.isNegative() || delay.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "batching: delay is " + delay + "; it must be 0 to " + LONGEST);
    }
  }
}
