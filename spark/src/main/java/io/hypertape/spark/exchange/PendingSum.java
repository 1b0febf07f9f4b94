package io.hypertape.spark.exchange;

import io.hypertape.shards.Exchange;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A sum that was asked for. */
final class PendingSum implements Exchange.Sum {

  private final long number;
  private final float[] values;
  private final Range range;
  private final Consumer<String> leave;
  private final Tally tally;
  private final CountDownLatch ended = new CountDownLatch(1);
  // Written before the latch opens.
  private @Nullable ExchangeException failure;

  /**
   * A sum.
   *
   * @param leave ends the exchange, for a reason
   */
  PendingSum(long number, float[] values, Range range, Consumer<String> leave, Tally tally) {
    this.number = number;
    this.values = values;
    this.range = range;
    this.leave = leave;
    this.tally = tally;
  }

  float[] values() {
    return values;
  }

  Range range() {
    return range;
  }

  /** What stands before the numbers of a phase. */
  Frame frame(int phase, Range sent) {
    return new Frame(Frame.NUMBERS, phase, number, range.length(), sent.length());
  }

  void end(@Nullable ExchangeException why) {
    failure = why;
    ended.countDown();
  }

  /**
   * {@inheritDoc}
   *
   * @throws ExchangeException if a worker was lost
   * @throws CancellationException if the thread is interrupted, whose status is kept; the exchange
   *     is closed then
   */
  @Override
  public void await() {
    if (ended.getCount() > 0) {
      long start = System.nanoTime();
      try {
        ended.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        leave.accept("interrupted");
        throw new CancellationException("exchange: interrupted while waiting for sum " + number);
      } finally {
        tally.lost(System.nanoTime() - start);
      }
    }
    if (failure != null) {
      throw new ExchangeException(failure.getMessage(), failure);
    }
  }
}
