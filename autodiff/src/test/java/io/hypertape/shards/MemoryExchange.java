package io.hypertape.shards;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Workers that are threads of one process: for tests. */
public final class MemoryExchange implements Exchange {

  private final Table table;
  private final int worker;

  /** Where the workers meet. */
  private static final class Table {
    private final float[][] values;
    private final CyclicBarrier barrier;

    Table(int workers) {
      values = new float[workers][];
      barrier = new CyclicBarrier(workers);
    }

    void meet() {
      try {
        barrier.await(60, TimeUnit.SECONDS);
      } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
        throw new IllegalStateException("a worker is missing", e);
      }
    }
  }

  private MemoryExchange(Table table, int worker) {
    this.table = table;
    this.worker = worker;
  }

  /** One for each worker. */
  public static List<Exchange> of(int workers) {
    Table table = new Table(workers);
    List<Exchange> exchanges = new ArrayList<>();
    for (int k = 0; k < workers; k++) {
      exchanges.add(new MemoryExchange(table, k));
    }
    return exchanges;
  }

  @Override
  public int workers() {
    return table.values.length;
  }

  @Override
  public int worker() {
    return worker;
  }

  @Override
  public Sum sum(float[] values, int offset, int length) {
    return () -> {
      float[] own = new float[length];
      System.arraycopy(values, offset, own, 0, length);
      table.values[worker] = own;
      table.meet();
      System.arraycopy(sum(0, workers(), length), 0, values, offset, length);
      table.meet();
    };
  }

  private float[] sum(int from, int to, int length) {
    if (to - from == 1) {
      return table.values[from];
    }
    float[] left = sum(from, (from + to) / 2, length);
    float[] right = sum((from + to) / 2, to, length);
    float[] sum = new float[length];
    for (int i = 0; i < length; i++) {
      sum[i] = left[i] + right[i];
    }
    return sum;
  }

  @Override
  public void close() {
    table.barrier.reset();
  }
}
