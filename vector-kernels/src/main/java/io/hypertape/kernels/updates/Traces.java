package io.hypertape.kernels.updates;

import io.hypertape.kernels.lanes.VectorRows;
import io.hypertape.kernels.lanes.Workers;
import java.util.Arrays;

/**
 * The running mean of weights, and the sums of a trace, of any length. Each block's sums are kept
 * until all are there and then added in order, so that they have the same bits whatever the number
 * of threads.
 */
public final class Traces {

  private static final int L = VectorRows.S.length();

  /** As in {@link Updates}: longer sums are sums of blocks, added in double precision. */
  private static final int BLOCK = 256 * L;

  /** Sums: of g·e, g·g and e·e. */
  private static final int SUMS = 3;

  private final Workers workers;
  // A vector of each operand's last elements, and of the result's.
  private final float[] rest = new float[4 * L];
  // Vectors of each block's sums.
  private float[] sums = new float[SUMS * L];

  public Traces(Workers workers) {
    this.workers = workers;
  }

  public void trace(
      int n,
      float[] g,
      int gOff,
      float[] w,
      int wOff,
      float[] mean,
      int meanOff,
      float rate,
      float[] meanOut,
      int meanOutOff,
      float[] out) {
    int whole = n / L * L;
    int blocks = Math.max(1, (whole + BLOCK - 1) / BLOCK);
    if (sums.length < blocks * SUMS * L) {
      sums = new float[blocks * SUMS * L];
    }
    Arrays.fill(sums, 0, blocks * SUMS * L, 0);
    if (workers.shares(whole)) {
      workers.run(
          (part, parts) -> {
            int from = (int) ((long) blocks * part / parts) * BLOCK;
            int to = (int) ((long) blocks * (part + 1) / parts) * BLOCK;
            between(
                from,
                Math.min(whole, to),
                g,
                gOff,
                w,
                wOff,
                mean,
                meanOff,
                rate,
                meanOut,
                meanOutOff);
          });
    } else {
      between(0, whole, g, gOff, w, wOff, mean, meanOff, rate, meanOut, meanOutOff);
    }
    int left = n - whole;
    if (left > 0) {
      // Alike where there is nothing, so that their distance is 0.
      Arrays.fill(rest, 0);
      System.arraycopy(g, gOff + whole, rest, 0, left);
      System.arraycopy(w, wOff + whole, rest, L, left);
      System.arraycopy(mean, meanOff + whole, rest, 2 * L, left);
      int last = (blocks - 1) * SUMS * L;
      VectorUpdates.trace(L, rest, 0, rest, L, rest, 2 * L, rate, rest, 3 * L, sums, last);
      System.arraycopy(rest, 3 * L, meanOut, meanOutOff + whole, left);
    }
    for (int k = 0; k < SUMS; k++) {
      out[k] = total(blocks, k);
    }
  }

  /** Whole vectors from the first element of a block to the last one of another. */
  private void between(
      int from,
      int to,
      float[] g,
      int gOff,
      float[] w,
      int wOff,
      float[] mean,
      int meanOff,
      float rate,
      float[] meanOut,
      int meanOutOff) {
    for (int i = from; i < to; i += BLOCK) {
      VectorUpdates.trace(
          Math.min(BLOCK, to - i),
          g,
          gOff + i,
          w,
          wOff + i,
          mean,
          meanOff + i,
          rate,
          meanOut,
          meanOutOff + i,
          sums,
          i / BLOCK * SUMS * L);
    }
  }

  private float total(int blocks, int place) {
    if (blocks == 1) {
      return sum(place * L);
    }
    double total = 0;
    for (int lane = place * L; lane < (place + 1) * L; lane++) {
      double before = 0;
      for (int block = 0; block < blocks - 1; block++) {
        before += sums[block * SUMS * L + lane];
      }
      total += before + sums[(blocks - 1) * SUMS * L + lane];
    }
    return (float) total;
  }

  /** The sum of a vector of sums, in the order of {@link VectorRows#sum}. */
  private float sum(int at) {
    for (int half = L / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        sums[at + i] += sums[at + i + half];
      }
    }
    return sums[at];
  }
}
