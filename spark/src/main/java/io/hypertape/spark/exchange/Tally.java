package io.hypertape.spark.exchange;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what an exchange costs. */
final class Tally {

  private final AtomicLong sums = new AtomicLong();
  private final AtomicLong sentBytes = new AtomicLong();
  private final AtomicLong receivedBytes = new AtomicLong();
  private final AtomicLong movingNanos = new AtomicLong();
  private final AtomicLong lostNanos = new AtomicLong();

  void sent(int bytes) {
    sentBytes.addAndGet(bytes);
  }

  void received(int bytes) {
    receivedBytes.addAndGet(bytes);
  }

  void moved(long nanos) {
    sums.incrementAndGet();
    movingNanos.addAndGet(nanos);
  }

  void lost(long nanos) {
    lostNanos.addAndGet(nanos);
  }

  ExchangeReport report() {
    return new ExchangeReport(
        sums.get(),
        sentBytes.get(),
        receivedBytes.get(),
        Duration.ofNanos(movingNanos.get()),
        Duration.ofNanos(lostNanos.get()));
  }
}
