package io.hypertape.kernels.updates;

import io.hypertape.kernels.lanes.VectorRows;
import io.hypertape.kernels.lanes.Workers;
import java.util.Arrays;

/**
 * Adaptive updates of any length: whole vectors in blocks, shared among the threads, and what is
 * left by the scalar twin. Each block leaves its sums, which are added in double precision in the
 * blocks' order, whichever thread has done them.
 */
public final class AdaptiveRows implements AdaptiveKernels {

  /** More than any update has. */
  public static final int MOST_SUMS = 4;

  private static final int L = VectorRows.S.length();

  /** As in {@link Updates}: what is added in single precision is a lane. */
  private static final int BLOCK = 256 * L;

  private final Workers workers;
  private final float[] factors = new float[AdaptiveFactors.MOST];
  private final double[] totals = new double[MOST_SUMS];
  // The lanes' sums of the block that each thread is at, apart by a cache line and more.
  private final float[] lanes;
  private double[] partial = new double[0];

  public AdaptiveRows(Workers workers) {
    this.workers = workers;
    this.lanes = new float[workers.count() * 2 * MOST_SUMS * L];
  }

  @Override
  public void adaptive(
      AdaptiveUpdate update,
      int n,
      float[][] vectors,
      int[] offsets,
      double[] scalars,
      float[] sums) {
    AdaptiveFactors.fill(update, scalars, factors);
    int whole = n / L * L;
    int blocks = (whole + BLOCK - 1) / BLOCK;
    if (partial.length < blocks * update.sums()) {
      partial = new double[blocks * update.sums()];
    }
    if (workers.shares(whole)) {
      workers.run(
          (part, parts) ->
              blocks(
                  update,
                  whole,
                  share(blocks, part, parts),
                  share(blocks, part + 1, parts),
                  part,
                  vectors,
                  offsets));
    } else {
      blocks(update, whole, 0, blocks, 0, vectors, offsets);
    }
    Arrays.fill(totals, 0);
    for (int b = 0; b < blocks; b++) {
      for (int k = 0; k < update.sums(); k++) {
        totals[k] += partial[b * update.sums() + k];
      }
    }
    if (whole < n) {
      ScalarAdaptive.run(update, factors, whole, n, vectors, offsets, totals);
    }
    for (int k = 0; k < update.sums(); k++) {
      sums[k] = (float) totals[k];
    }
  }

  private static int share(int blocks, int part, int parts) {
    return (int) ((long) blocks * part / parts);
  }

  private void blocks(
      AdaptiveUpdate update, int whole, int first, int end, int part, float[][] v, int[] off) {
    int at = part * 2 * MOST_SUMS * L;
    for (int b = first; b < end; b++) {
      int from = b * BLOCK;
      int to = Math.min(whole, from + BLOCK);
      VectorAdaptive.run(update, factors, from, to, v, off, lanes, at);
      for (int k = 0; k < update.sums(); k++) {
        double sum = 0;
        for (int i = 0; i < L; i++) {
          sum += lanes[at + k * L + i];
        }
        partial[b * update.sums() + k] = sum;
      }
    }
  }
}
