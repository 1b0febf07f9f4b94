package io.hypertape.spark;

import io.hypertape.shards.Shards;
import org.apache.spark.Partitioner;
import org.jspecify.annotations.Nullable;

/** Brings rows to the worker that has their shard, by their ids. */
final class ShardPartitioner extends Partitioner {

  private static final long serialVersionUID = 1;

  private final int shards;
  private final int workers;
  private transient @Nullable Shards division;

  ShardPartitioner(int shards, int workers) {
    this.shards = shards;
    this.workers = workers;
  }

  @Override
  public int numPartitions() {
    return workers;
  }

  @Override
  public int getPartition(Object id) {
    if (division == null) {
      division = Shards.of(shards);
    }
    // Each worker has a contiguous part of the tree.
    return division.shardOf((Long) id) / (shards / workers);
  }
}
