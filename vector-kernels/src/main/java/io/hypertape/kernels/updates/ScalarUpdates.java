package io.hypertape.kernels.updates;

import io.hypertape.kernels.elementwise.ScalarReduce;
import io.hypertape.kernels.lanes.Workers;

/** Updates in plain loops: the scalar twin of {@link VectorUpdates}, with the same bits. */
public final class ScalarUpdates extends BlockedUpdates {

  /** Updates on the caller's thread. */
  public ScalarUpdates() {
    super(new Workers(1));
  }

  @Override
  void loop(
      UpdateOp update,
      float[] factors,
      int from,
      int to,
      float[][] vectors,
      int[] offsets,
      float[] lanes,
      int at) {
    ScalarUpdateLoops.run(update, factors, from, to, vectors, offsets, lanes, at);
  }

  @Override
  float dot(int n, float[] c, int cOff, float[] g, int gOff) {
    return ScalarReduce.dot(n, c, cOff, g, gOff);
  }
}
