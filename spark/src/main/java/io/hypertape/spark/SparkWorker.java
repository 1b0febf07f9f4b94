package io.hypertape.spark;

import io.hypertape.checks.Nulls;
import io.hypertape.shards.Exchange;
import io.hypertape.spark.exchange.ExchangeReport;
import io.hypertape.spark.exchange.TcpExchange;

/** A worker at work. */
public final class SparkWorker {

  private final TcpExchange exchange;
  private final int attempt;

  SparkWorker(TcpExchange exchange, int attempt) {
    this.exchange = Nulls.check(exchange, "worker: exchange");
    this.attempt = attempt;
  }

  /**
   * Sums over all workers.
   *
   * @return the exchange, which is closed when the task ends
   */
  public Exchange exchange() {
    return exchange;
  }

  /**
   * How often the job was started before.
   *
   * @return 0 unless a worker was lost
   */
  public int attempt() {
    return attempt;
  }

  /**
   * What sums have cost so far.
   *
   * @return bytes and times
   */
  public ExchangeReport report() {
    return exchange.report();
  }
}
