package io.hypertape.run;

import io.hypertape.autodiff.DropoutCounter;
import java.util.List;

/**
 * Numbers of the dropout masks of shards: a shard has those that it would have if one worker drew
 * for all shards of every batch in turn, whether they have rows or not. So its rows are dropped
 * alike wherever it is computed.
 */
final class MaskNumbers {

  private static final long NUMBERS = 1L << 32;

  private final List<DropoutCounter> counters;
  private final int[] draws;
  private final int shards;
  // Of the batch's first masks; none before the first batch.
  private long[] first = new long[0];

  /**
   * Numbers of a run.
   *
   * @param draws how many masks each counter draws for a shard
   * @param shards how many there are, of all workers
   */
  MaskNumbers(List<DropoutCounter> counters, int[] draws, int shards) {
    this.counters = counters;
    this.draws = draws;
    this.shards = shards;
  }

  /** A shard comes next. */
  void begin(int shard) {
    set(shard);
  }

  /** The batch is done. */
  void end() {
    set(shards);
    for (int k = 0; k < first.length; k++) {
      first[k] = number(k, shards);
    }
  }

  private void set(int shard) {
    if (first.length != counters.size()) {
      first = counters.stream().mapToLong(DropoutCounter::count).toArray();
    }
    for (int k = 0; k < first.length; k++) {
      counters.get(k).set(number(k, shard));
    }
  }

  private long number(int counter, int shard) {
    return (first[counter] + (long) draws[counter] * shard) % NUMBERS;
  }
}
