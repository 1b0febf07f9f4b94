package io.hypertape.kernels.updates;

/** Kernels of optimizers that find their step size, or need no schedule. */
public interface AdaptiveKernels {

  /**
   * Runs one. An output may be an input in its place, else it shares no element with another
   * vector. Sums come out the same for any number of threads.
   *
   * @param update which
   * @param n number of elements
   * @param vectors its inputs, then its outputs, in the order in which it names them
   * @param offsets where each vector begins in its array
   * @param scalars in the order in which it names them; decays in double precision, since 1 − β
   *     counts
   * @param sums where its sums go
   */
  void adaptive(
      AdaptiveUpdate update,
      int n,
      float[][] vectors,
      int[] offsets,
      double[] scalars,
      float[] sums);
}
