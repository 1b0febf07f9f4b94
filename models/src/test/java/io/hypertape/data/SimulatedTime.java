package io.hypertape.data;

import java.time.Duration;

/** Time that passes when somebody waits. */
final class SimulatedTime {

  private long nanos;

  long nanos() {
    return nanos;
  }

  void pass(Duration time) {
    nanos += Math.max(0, time.toNanos());
  }
}
