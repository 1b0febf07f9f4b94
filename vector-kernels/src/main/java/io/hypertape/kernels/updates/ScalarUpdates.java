package io.hypertape.kernels.updates;

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
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += (double) c[cOff + i] * g[gOff + i];
    }
    return (float) sum;
  }
}
