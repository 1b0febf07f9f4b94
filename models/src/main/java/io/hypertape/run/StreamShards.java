package io.hypertape.run;

import io.hypertape.autodiff.Buffer;
import io.hypertape.data.TextBatches;
import io.hypertape.models.CharLstm;
import io.hypertape.models.Mode;
import io.hypertape.optim.Input;
import io.hypertape.shards.Shards;
import java.util.ArrayList;
import java.util.List;

/**
 * A text's streams in shards: about as many in each, side by side, with the state that the model
 * carries in them. Every worker has the state of all streams after a batch.
 */
final class StreamShards {

  private final CharLstm model;
  private final TextBatches batches;
  private final Shards shards;
  // Of hidden state and cell, [layers, streams, units]; zeros in other workers' streams.
  private List<double[]> next = List.of();
  private List<double[]> now = List.of();

  StreamShards(CharLstm model, TextBatches batches, Shards shards) {
    this.model = model;
    this.batches = batches;
    this.shards = shards;
  }

  private int first(int shard) {
    return (int) ((long) batches.streams() * shard / shards.count());
  }

  private int streams(int shard) {
    return first(shard + 1) - first(shard);
  }

  private List<Buffer> carried(int streams) {
    return model.state(Mode.TRAIN, streams).values();
  }

  /** This worker's shards of the current batch. */
  List<TrainingLoop.Part> parts() {
    now = carried(batches.streams()).stream().map(Buffer::toDoubles).toList();
    next = now.stream().map(values -> new double[values.length]).toList();
    List<TrainingLoop.Part> parts = new ArrayList<>();
    for (int shard = shards.first(); shards.isOwn(shard); shard++) {
      Input x = Input.indices(columns(batches.x(), shard));
      Input y = Input.indices(columns(batches.y(), shard));
      parts.add(new TrainingLoop.Part(shard, (double) batches.steps() * streams(shard), x, y));
    }
    return parts;
  }

  /** Of [steps, streams] those of a shard. */
  private int[] columns(int[] all, int shard) {
    int some = streams(shard);
    int[] columns = new int[batches.steps() * some];
    for (int t = 0; t < batches.steps(); t++) {
      System.arraycopy(all, t * batches.streams() + first(shard), columns, t * some, some);
    }
    return columns;
  }

  /** The model's state in a shard's streams becomes what it was after the batch before. */
  void begin(int shard) {
    List<Buffer> own = carried(streams(shard));
    for (int k = 0; k < own.size(); k++) {
      int units = own.get(k).shape()[2];
      double[] values = new double[own.get(k).shape()[0] * streams(shard) * units];
      copy(now.get(k), first(shard), values, 0, units, streams(shard));
      own.get(k).set(values);
    }
  }

  /** What the model's state has become is kept. */
  void end(int shard) {
    List<Buffer> own = carried(streams(shard));
    for (int k = 0; k < own.size(); k++) {
      int units = own.get(k).shape()[2];
      copy(own.get(k).toDoubles(), 0, next.get(k), first(shard), units, streams(shard));
    }
  }

  /** Copies some streams of each layer from one place to another. */
  private static void copy(
      double[] from, int first, double[] into, int place, int units, int streams) {
    int layers = Math.min(from.length, into.length) / (streams * units);
    int fromLayer = from.length / layers;
    int intoLayer = into.length / layers;
    for (int layer = 0; layer < layers; layer++) {
      for (int i = 0; i < streams * units; i++) {
        // Added to 0 as where workers' states are joined: −0 becomes 0.
        into[layer * intoLayer + place * units + i] =
            from[layer * fromLayer + first * units + i] + 0.0;
      }
    }
  }

  /** The batch is done: all streams' states are everywhere. */
  void finish() {
    List<Buffer> all = carried(batches.streams());
    for (int k = 0; k < all.size(); k++) {
      if (shards.exchange().workers() > 1) {
        join(next.get(k));
      }
      all.get(k).set(next.get(k));
    }
  }

  private void join(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < narrow.length; i++) {
      narrow[i] = (float) values[i];
    }
    shards.exchange().sum(narrow, 0, narrow.length).await();
    for (int i = 0; i < narrow.length; i++) {
      values[i] = narrow[i];
    }
  }
}
