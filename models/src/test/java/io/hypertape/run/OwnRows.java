package io.hypertape.run;

import io.hypertape.data.Dataset;
import io.hypertape.data.Targets;
import io.hypertape.shards.Shards;
import java.util.List;
import java.util.stream.IntStream;

/** The examples that a worker has, last one first, with the ids that they have in the whole. */
record OwnRows(Dataset whole, int[] rows) implements Dataset {

  static OwnRows of(Dataset whole, Shards shards) {
    int last = whole.size() - 1;
    return new OwnRows(
        whole,
        IntStream.rangeClosed(0, last)
            .map(row -> last - row)
            .filter(row -> shards.isOwn(shards.shardOf(whole.id(row))))
            .toArray());
  }

  @Override
  public String name() {
    return whole.name();
  }

  @Override
  public int size() {
    return rows.length;
  }

  @Override
  public List<Integer> shape() {
    return whole.shape();
  }

  @Override
  public Targets targets() {
    return whole.targets();
  }

  @Override
  public void copyInput(int example, float[] into, int at) {
    whole.copyInput(rows[example], into, at);
  }

  @Override
  public int label(int example) {
    return whole.label(rows[example]);
  }

  @Override
  public long id(int example) {
    return whole.id(rows[example]);
  }
}
