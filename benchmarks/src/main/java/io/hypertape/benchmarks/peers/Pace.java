package io.hypertape.benchmarks.peers;

import java.time.Duration;

/**
 * How steps are timed.
 *
 * @param warmSteps steps of a request while a side warms up
 * @param warmSeconds how long it does at least; longer while steps become faster
 * @param turnSeconds length of a turn, of one step at least
 * @param share of the usual rounds that is played: long turns are steadier, and there is an end to
 *     patience
 * @param limit for a side to be ready, or to answer
 */
record Pace(int warmSteps, double warmSeconds, double turnSeconds, double share, Duration limit) {

  /** Of milliseconds. torch.compile runs a C++ compiler before its first step. */
  static final Pace SHORT = new Pace(100, 3, 0.2, 1, Duration.ofMinutes(4));

  /** Of tens of milliseconds. */
  static final Pace MEDIUM = new Pace(10, 5, 0.4, 0.5, Duration.ofMinutes(4));

  /** Of hundreds of milliseconds; what torch.compile makes of a deep network takes a minute. */
  static final Pace LONG = new Pace(4, 8, 1, 0.35, Duration.ofMinutes(5));

  /** Of predictions, which take 10 microseconds to 100 milliseconds. */
  static final Pace PREDICTION = new Pace(20, 1.5, 0.05, 0.7, Duration.ofMinutes(4));

  /** Of predictions that are looked at one by one: of fewer the slowest tell little. */
  static final Pace EACH = new Pace(20, 1.5, 0.4, 0.35, Duration.ofMinutes(4));

  /** Of layers, which take milliseconds; a process does many. */
  static final Pace LAYER = new Pace(5, 0.8, 0.05, 0.5, Duration.ofMinutes(2));

  /**
   * Of tens of microseconds to a few milliseconds on a GPU: minutes there are dear, and clocks
   * settle within a second.
   */
  static final Pace GPU_SHORT = new Pace(200, 1, 0.1, 1, Duration.ofMinutes(3));

  /** Of milliseconds to tens of them on a GPU. */
  static final Pace GPU_LONG = new Pace(20, 2, 0.3, 0.6, Duration.ofMinutes(4));

  /** The same with a part of the time to warm up and of a turn's length. */
  Pace shortened(double part) {
    return new Pace(warmSteps, part * warmSeconds, part * turnSeconds, share, limit);
  }

  /** Rounds to play where {@code usual} are of steps of milliseconds; 3 at least. */
  int rounds(int usual) {
    return Math.max(Math.min(usual, 3), (int) Math.round(share * usual));
  }
}
