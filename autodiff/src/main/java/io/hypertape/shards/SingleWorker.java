package io.hypertape.shards;

import io.hypertape.checks.Nulls;
import io.hypertape.checks.Places;

/** A worker that has all shards: its values are the sums. */
enum SingleWorker implements Exchange {
  INSTANCE;

  @Override
  public int workers() {
    return 1;
  }

  @Override
  public int worker() {
    return 0;
  }

  @Override
  public Sum sum(float[] values, int offset, int length) {
    Nulls.check(values, "sum: values");
    Places.range("sum", values.length, offset, length);
    return () -> {};
  }

  @Override
  public void close() {
    // There is nothing to end.
  }

  @Override
  public String toString() {
    return "one worker";
  }
}
