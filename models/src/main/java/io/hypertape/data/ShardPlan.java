package io.hypertape.data;

import io.hypertape.checks.Nulls;
import io.hypertape.checks.Places;
import io.hypertape.shards.Shards;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Which examples each shard of every batch has. An example goes to the shard that a hash of its
 * {@linkplain Dataset#id id} names. In an epoch each shard goes through its own examples, sorted by
 * id and drawn anew by seed, epoch and shard, and spreads them evenly over as many batches as there
 * would be without shards: so all batches have about as many examples, one a shard more or less,
 * and none is small because it is the last. A shard with fewer examples than there are batches has
 * none in the last ones.
 *
 * <p>A worker needs its own shards' examples alone; others in its set are left out.
 */
public final class ShardPlan {

  private static final long ORDER_STREAM = 0x7368617264L;
  // Counts travel as floats, which hold whole numbers below 2^24.
  private static final int LOW_BITS = 20;

  private final Shards shards;
  private final long[] sizes;
  private final int batches;
  // This worker's, by shard, each in the order of their ids.
  private final int[][] rows;

  private ShardPlan(Shards shards, long[] sizes, int batches, int[][] rows) {
    this.shards = shards;
    this.sizes = sizes;
    this.batches = batches;
    this.rows = rows;
  }

  /**
   * A plan for a set. Where several workers share the shards, all of them ask for it at the same
   * time, each with its examples.
   *
   * @param data the examples, this worker's at least
   * @param shards into how many each batch is divided, and who has them
   * @param batch examples a batch
   * @return the plan
   * @throws IllegalArgumentException if a batch has fewer examples than there are shards, or two
   *     examples have the same id
   */
  public static ShardPlan of(Dataset data, Shards shards, int batch) {
    Nulls.check(data, "shard plan: data");
    Nulls.check(shards, "shard plan: shards");
    Dataset.checked(data, "data");
    check(shards, batch, "examples");
    int[][] rows = rows(data, shards);
    long[] sizes = new long[shards.count()];
    for (int k = 0; k < rows.length; k++) {
      sizes[shards.first() + k] = rows[k].length;
    }
    join(sizes, shards);
    long batches = (Arrays.stream(sizes).sum() + batch - 1) / batch;
    return new ShardPlan(shards, sizes, Math.toIntExact(batches), rows);
  }

  /**
   * Refuses more shards than a batch has rows.
   *
   * @param shards the shards
   * @param batch how many rows a batch has
   * @param rows what they are called
   * @throws IllegalArgumentException if there are fewer rows than shards
   */
  public static void check(Shards shards, int batch, String rows) {
    Nulls.check(shards, "shard plan: shards");
    Nulls.check(rows, "shard plan: rows");
    if (batch < shards.count()) {
      throw new IllegalArgumentException(
          "batches of "
              + batch
              + " "
              + rows
              + " cannot be divided into "
              + shards.count()
              + " shards; at least one for each shard is needed");
    }
  }

  private static int[][] rows(Dataset data, Shards shards) {
    int[] counts = new int[shards.own()];
    int[] order = order(data);
    for (int row : order) {
      int shard = shards.shardOf(data.id(row));
      if (shards.isOwn(shard)) {
        counts[shard - shards.first()]++;
      }
    }
    int[][] rows = new int[shards.own()][];
    Arrays.setAll(rows, k -> new int[counts[k]]);
    int[] filled = new int[rows.length];
    for (int row : order) {
      int shard = shards.shardOf(data.id(row));
      if (shards.isOwn(shard)) {
        int k = shard - shards.first();
        rows[k][filled[k]++] = row;
      }
    }
    return rows;
  }

  /** All rows in the order of their ids. */
  private static int[] order(Dataset data) {
    int size = data.size();
    boolean ascending = true;
    for (int row = 1; ascending && row < size; row++) {
      ascending = data.id(row - 1) < data.id(row);
    }
    if (ascending) {
      return IntStream.range(0, size).toArray();
    }
    int[] order =
        IntStream.range(0, size)
            .boxed()
            .sorted(Comparator.comparingLong(data::id))
            .mapToInt(row -> row)
            .toArray();
    for (int k = 1; k < size; k++) {
      if (data.id(order[k - 1]) == data.id(order[k])) {
        throw new IllegalArgumentException(
            data.name()
                + ": examples "
                + order[k - 1]
                + " and "
                + order[k]
                + " have the same id, "
                + data.id(order[k])
                + "; shards need ids that tell examples apart");
      }
    }
    return order;
  }

  /** Gives each worker the sizes of the others' shards. */
  private static void join(long[] sizes, Shards shards) {
    if (shards.exchange().workers() == 1) {
      return;
    }
    float[] parts = new float[2 * sizes.length];
    for (int s = 0; s < sizes.length; s++) {
      parts[2 * s] = sizes[s] & ((1 << LOW_BITS) - 1);
      parts[2 * s + 1] = sizes[s] >> LOW_BITS;
    }
    shards.exchange().sum(parts, 0, parts.length).await();
    for (int s = 0; s < sizes.length; s++) {
      sizes[s] = ((long) parts[2 * s + 1] << LOW_BITS) + (long) parts[2 * s];
    }
  }

  /**
   * Into how many shards batches are divided, and who has them.
   *
   * @return the shards
   */
  public Shards shards() {
    return shards;
  }

  /**
   * Number of batches in an epoch.
   *
   * @return as many as without shards
   */
  public int batches() {
    return batches;
  }

  /**
   * How many examples a shard has in a batch.
   *
   * @param batch number of the batch in its epoch, from 0
   * @param shard number of the shard, this worker's or another's
   * @return 0 or more
   */
  public int rows(int batch, int shard) {
    Places.check("shard plan: batch", batch, batches);
    Places.check("shard plan: shard", shard, sizes.length);
    return (int) (before(batch + 1, sizes[shard]) - before(batch, sizes[shard]));
  }

  /**
   * Examples that a shard of some size has in the batches before one. Those of one more come first:
   * so that shapes change but once in an epoch.
   */
  private long before(long batch, long size) {
    return batch * (size / batches) + Math.min(batch, size % batches);
  }

  /** This worker's examples in the batches before one. */
  int before(int batch) {
    int sum = 0;
    for (int[] shard : rows) {
      sum += (int) before(batch, shard.length);
    }
    return sum;
  }

  /** Most examples that this worker has in a batch. */
  int most() {
    return batches == 0 ? 0 : before(1);
  }

  /** This worker's examples. */
  int size() {
    return Arrays.stream(rows).mapToInt(shard -> shard.length).sum();
  }

  /** An epoch in the order of ids: batch by batch, and in each shard by shard. */
  void inOrder(int[] order) {
    fill(order, rows);
  }

  /** An epoch in an order of its own for each shard. */
  void shuffle(long seed, int epoch, int[] order) {
    int[][] drawn = new int[rows.length][];
    for (int k = 0; k < drawn.length; k++) {
      drawn[k] = rows[k].clone();
      long stream = ORDER_STREAM + ((long) (shards.first() + k) << 40);
      new Generator(seed, stream, epoch).shuffle(drawn[k]);
    }
    fill(order, drawn);
  }

  private void fill(int[] order, int[][] from) {
    int at = 0;
    for (int b = 0; b < batches; b++) {
      for (int[] shard : from) {
        int first = (int) before(b, shard.length);
        int some = (int) before(b + 1, shard.length) - first;
        System.arraycopy(shard, first, order, at, some);
        at += some;
      }
    }
  }
}
