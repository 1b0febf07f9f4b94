package io.hypertape.shards;

import io.hypertape.checks.Nulls;

/**
 * Into how many logical shards every batch is divided, and who has them. Each shard has a gradient
 * of its own; they are joined in the order of a perfect binary tree over the shards' numbers. A
 * worker has a contiguous part of that tree, so that a run has the same bits whether one worker has
 * all shards or several share them.
 *
 * @param count number of shards, a power of two; a run keeps it
 * @param statistics over what batch norm takes its means
 * @param exchange joins what the workers have; closed by whoever opened it
 */
public record Shards(int count, Statistics statistics, Exchange exchange) {

  /** The most shards that a batch can be divided into. */
  private static final int MOST = 1 << 16;

  /** Over what batch norm takes means and variances in training. */
  public enum Statistics {
    /** Over the whole batch, as without shards: sums of the shards' sums. */
    JOINED("joined"),
    /** Over each shard by itself; running statistics follow the mean of all shards' ones. */
    PER_SHARD("per-shard");

    private final String text;

    Statistics(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** Checks that the numbers are powers of two and that the workers can share the shards. */
  public Shards {
    Nulls.check(statistics, "shards: statistics");
    Nulls.check(exchange, "shards: exchange");
    if (count > MOST || !isPowerOfTwo(count)) {
      throw new IllegalArgumentException(
          "shards is " + count + "; a power of two, from 1 to " + MOST + ", is needed");
    }
    int workers = exchange.workers();
    if (!isPowerOfTwo(workers) || workers > count) {
      throw new IllegalArgumentException(
          count
              + " shards cannot be shared by "
              + workers
              + " workers; a power of two, at most "
              + count
              + ", is needed");
    }
    if (exchange.worker() < 0 || exchange.worker() >= workers) {
      throw new IllegalArgumentException(
          "worker "
              + exchange.worker()
              + " of "
              + workers
              + "; a number from 0 to "
              + (workers - 1)
              + " is needed");
    }
  }

  private static boolean isPowerOfTwo(int number) {
    return Integer.bitCount(number) == 1 && number > 0;
  }

  /**
   * Shards of one worker, with batch norm over whole batches.
   *
   * @param count number of shards, a power of two
   * @return the shards
   */
  public static Shards of(int count) {
    return new Shards(count, Statistics.JOINED, SingleWorker.INSTANCE);
  }

  /**
   * The same with batch norm over something else.
   *
   * @param newStatistics over what
   * @return the changed shards
   */
  public Shards withStatistics(Statistics newStatistics) {
    Nulls.check(newStatistics, "shards: newStatistics");
    return new Shards(count, newStatistics, exchange);
  }

  /**
   * The same, shared by several workers.
   *
   * @param newExchange joins what they have, and says which of them this is
   * @return the changed shards
   */
  public Shards over(Exchange newExchange) {
    Nulls.check(newExchange, "shards: newExchange");
    return new Shards(count, statistics, newExchange);
  }

  /**
   * How many shards this worker has.
   *
   * @return a power of two
   */
  public int own() {
    return count / exchange.workers();
  }

  /**
   * The first shard of this worker.
   *
   * @return its number, from 0
   */
  public int first() {
    return exchange.worker() * own();
  }

  /**
   * Whether a shard is one of this worker's.
   *
   * @param shard its number, from 0
   * @return true if this worker has it
   */
  public boolean isOwn(int shard) {
    return shard >= first() && shard < first() + own();
  }

  /**
   * The shard of a row: by the first bits of a hash, so that half as many shards are pairs of
   * these.
   *
   * @param id what tells the row from all others
   * @return the shard's number, from 0
   */
  public int shardOf(long id) {
    // SplitMix64's finalizer.
    long z = id + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z = z ^ (z >>> 31);
    // Shifted by 64 it would stay as it is.
    return (int) (z >>> 1 >>> (63 - Integer.numberOfTrailingZeros(count)));
  }

  /**
   * What decides the bits of a run, the number of workers not.
   *
   * @return such as {@code 8} or {@code 8 per-shard}
   */
  public String text() {
    return statistics == Statistics.JOINED ? Integer.toString(count) : count + " " + statistics;
  }
}
