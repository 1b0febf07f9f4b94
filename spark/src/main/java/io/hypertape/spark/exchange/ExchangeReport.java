package io.hypertape.spark.exchange;

import io.hypertape.checks.Nulls;
import java.io.Serializable;
import java.time.Duration;

/**
 * What an exchange has cost one worker so far.
 *
 * @param sums how many have ended
 * @param sentBytes bytes sent, headers included
 * @param receivedBytes bytes received, headers included
 * @param moving time from each sum's turn to its end, which others may have spent computing
 * @param lost time for which callers had to wait in {@code await}
 */
public record ExchangeReport(
    long sums, long sentBytes, long receivedBytes, Duration moving, Duration lost)
    implements Serializable {

  /** Checks that times are there. */
  public ExchangeReport {
    Nulls.check(moving, "exchange report: moving");
    Nulls.check(lost, "exchange report: lost");
  }
}
