package io.hypertape.kernels.updates;

import io.hypertape.kernels.elementwise.VectorReduce;
import io.hypertape.kernels.lanes.Workers;

/** Updates on vectors. */
public final class VectorUpdates extends BlockedUpdates {

  /**
   * Updates that share large calls among threads.
   *
   * @param workers the threads
   */
  public VectorUpdates(Workers workers) {
    super(workers);
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
    VectorUpdateLoops.run(update, factors, from, to, vectors, offsets, lanes, at);
  }

  @Override
  float dot(int n, float[] c, int cOff, float[] g, int gOff) {
    return VectorReduce.dot(n, c, cOff, g, gOff);
  }
}
