package io.hypertape.kernels.updates;

import io.hypertape.kernels.lanes.VectorRows;
import io.hypertape.kernels.lanes.Workers;
import java.util.Arrays;

/**
 * Optimizer updates and hypergradients of any length: whole vectors where they lie, shared among
 * the threads, and what is left through arrays of a vector's length. That is cheaper than masks,
 * which C2 leaves on the heap where a method has many.
 */
public final class Updates {

  private static final int L = VectorRows.S.length();

  /**
   * Longer sums are sums of blocks, added in double precision, as in {@link
   * io.hypertape.kernels.elementwise.VectorReduce}. So many vectors and not so many numbers, as
   * what is added in single precision is a lane.
   */
  private static final int BLOCK = 256 * L;

  private final Workers workers;
  // A vector of each operand's last elements, and of each result's.
  private final float[] rest = new float[7 * L];
  private final float[] sums = new float[3 * L];
  private final double[] totals = new double[3 * L];
  private int blocks;

  // The last factors and what they are of: all of a model's parameters have the same.
  private AdamFactors factors = AdamFactors.of(0, 0, 1);
  private double factorsBeta1;
  private double factorsBeta2;
  private float factorsT = 1;

  public Updates(Workers workers) {
    this.workers = workers;
  }

  public AdamFactors factors(double beta1, double beta2, float t) {
    if (beta1 != factorsBeta1 || beta2 != factorsBeta2 || t != factorsT) {
      factors = AdamFactors.of(beta1, beta2, t);
      factorsBeta1 = beta1;
      factorsBeta2 = beta2;
      factorsT = t;
    }
    return factors;
  }

  private void bring(int place, float[] from, int at, int n) {
    System.arraycopy(from, at, rest, place * L, n);
    // Not zero, for the roots below quotients; what is computed of it is dropped, or met by a zero.
    Arrays.fill(rest, place * L + n, (place + 1) * L, place == 0 ? 0 : 1);
  }

  private void take(int place, float[] to, int at, int n) {
    System.arraycopy(rest, place * L, to, at, n);
  }

  /** The sum of a vector of sums, in the order of {@link VectorRows#sum}. */
  private float sum(int place) {
    for (int half = L / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        sums[place * L + i] += sums[place * L + i + half];
      }
    }
    return sums[place * L];
  }

  private void beginSums() {
    Arrays.fill(sums, 0);
    blocks = 0;
  }

  /** Before the first block there is nothing to close. */
  private void nextBlock(int count) {
    if (blocks == 1) {
      Arrays.fill(totals, 0);
    }
    if (blocks > 0) {
      for (int i = 0; i < count * L; i++) {
        totals[i] += sums[i];
      }
      Arrays.fill(sums, 0, count * L, 0);
    }
    blocks++;
  }

  private float total(int place) {
    if (blocks < 2) {
      return sum(place);
    }
    double total = 0;
    for (int i = place * L; i < (place + 1) * L; i++) {
      total += totals[i] + sums[i];
    }
    return (float) total;
  }

  public void sgd(
      int n, float[] p, int pOff, float[] g, int gOff, float alpha, float[] pOut, int pOutOff) {
    int whole = n / L * L;
    if (workers.shares(whole)) {
      workers.split(
          whole,
          (i, length) ->
              VectorUpdates.sgd(length, p, pOff + i, g, gOff + i, alpha, pOut, pOutOff + i));
    } else {
      VectorUpdates.sgd(whole, p, pOff, g, gOff, alpha, pOut, pOutOff);
    }
    int left = n - whole;
    if (left > 0) {
      bring(0, p, pOff + whole, left);
      bring(1, g, gOff + whole, left);
      VectorUpdates.sgd(L, rest, 0, rest, L, alpha, rest, 2 * L);
      take(2, pOut, pOutOff + whole, left);
    }
  }

  public void sgdMomentum(
      int n,
      float[] p,
      int pOff,
      float[] g,
      int gOff,
      float[] b,
      int bOff,
      float alpha,
      float mu,
      float[] pOut,
      int pOutOff,
      float[] bOut,
      int bOutOff) {
    int whole = n / L * L;
    if (workers.shares(whole)) {
      workers.split(
          whole,
          (i, length) ->
              VectorUpdates.sgdMomentum(
                  length,
                  p,
                  pOff + i,
                  g,
                  gOff + i,
                  b,
                  bOff + i,
                  alpha,
                  mu,
                  pOut,
                  pOutOff + i,
                  bOut,
                  bOutOff + i));
    } else {
      VectorUpdates.sgdMomentum(
          whole, p, pOff, g, gOff, b, bOff, alpha, mu, pOut, pOutOff, bOut, bOutOff);
    }
    int left = n - whole;
    if (left > 0) {
      bring(0, p, pOff + whole, left);
      bring(1, g, gOff + whole, left);
      bring(2, b, bOff + whole, left);
      VectorUpdates.sgdMomentum(
          L, rest, 0, rest, L, rest, 2 * L, alpha, mu, rest, 3 * L, rest, 4 * L);
      take(3, pOut, pOutOff + whole, left);
      take(4, bOut, bOutOff + whole, left);
    }
  }

  public void adagrad(
      int n,
      float[] p,
      int pOff,
      float[] g,
      int gOff,
      float[] s,
      int sOff,
      float alpha,
      float eps,
      float[] pOut,
      int pOutOff,
      float[] sOut,
      int sOutOff) {
    int whole = n / L * L;
    if (workers.shares(whole)) {
      workers.split(
          whole,
          (i, length) ->
              VectorUpdates.adagrad(
                  length,
                  p,
                  pOff + i,
                  g,
                  gOff + i,
                  s,
                  sOff + i,
                  alpha,
                  eps,
                  pOut,
                  pOutOff + i,
                  sOut,
                  sOutOff + i));
    } else {
      VectorUpdates.adagrad(
          whole, p, pOff, g, gOff, s, sOff, alpha, eps, pOut, pOutOff, sOut, sOutOff);
    }
    int left = n - whole;
    if (left > 0) {
      bring(0, p, pOff + whole, left);
      bring(1, g, gOff + whole, left);
      bring(2, s, sOff + whole, left);
      VectorUpdates.adagrad(L, rest, 0, rest, L, rest, 2 * L, alpha, eps, rest, 3 * L, rest, 4 * L);
      take(3, pOut, pOutOff + whole, left);
      take(4, sOut, sOutOff + whole, left);
    }
  }

  public void rmsprop(
      int n,
      float[] p,
      int pOff,
      float[] g,
      int gOff,
      float[] s,
      int sOff,
      float alpha,
      SplitDecay gamma,
      float eps,
      float[] pOut,
      int pOutOff,
      float[] sOut,
      int sOutOff) {
    int whole = n / L * L;
    if (workers.shares(whole)) {
      workers.split(
          whole,
          (i, length) ->
              VectorUpdates.rmsprop(
                  length,
                  p,
                  pOff + i,
                  g,
                  gOff + i,
                  s,
                  sOff + i,
                  alpha,
                  gamma,
                  eps,
                  pOut,
                  pOutOff + i,
                  sOut,
                  sOutOff + i));
    } else {
      VectorUpdates.rmsprop(
          whole, p, pOff, g, gOff, s, sOff, alpha, gamma, eps, pOut, pOutOff, sOut, sOutOff);
    }
    int left = n - whole;
    if (left > 0) {
      bring(0, p, pOff + whole, left);
      bring(1, g, gOff + whole, left);
      bring(2, s, sOff + whole, left);
      VectorUpdates.rmsprop(
          L, rest, 0, rest, L, rest, 2 * L, alpha, gamma, eps, rest, 3 * L, rest, 4 * L);
      take(3, pOut, pOutOff + whole, left);
      take(4, sOut, sOutOff + whole, left);
    }
  }

  public void adam(
      int n,
      float[] p,
      int pOff,
      float[] g,
      int gOff,
      float[] m,
      int mOff,
      float[] v,
      int vOff,
      float alpha,
      float eps,
      AdamFactors factors,
      float[] pOut,
      int pOutOff,
      float[] mOut,
      int mOutOff,
      float[] vOut,
      int vOutOff) {
    int whole = n / L * L;
    if (workers.shares(whole)) {
      workers.split(
          whole,
          (i, length) ->
              VectorUpdates.adam(
                  length,
                  p,
                  pOff + i,
                  g,
                  gOff + i,
                  m,
                  mOff + i,
                  v,
                  vOff + i,
                  alpha,
                  eps,
                  factors,
                  pOut,
                  pOutOff + i,
                  mOut,
                  mOutOff + i,
                  vOut,
                  vOutOff + i));
    } else {
      VectorUpdates.adam(
          whole, p, pOff, g, gOff, m, mOff, v, vOff, alpha, eps, factors, pOut, pOutOff, mOut,
          mOutOff, vOut, vOutOff);
    }
    int left = n - whole;
    if (left > 0) {
      bring(0, p, pOff + whole, left);
      bring(1, g, gOff + whole, left);
      bring(2, m, mOff + whole, left);
      bring(3, v, vOff + whole, left);
      VectorUpdates.adam(
          L, rest, 0, rest, L, rest, 2 * L, rest, 3 * L, alpha, eps, factors, rest, 4 * L, rest,
          5 * L, rest, 6 * L);
      take(4, pOut, pOutOff + whole, left);
      take(5, mOut, mOutOff + whole, left);
      take(6, vOut, vOutOff + whole, left);
    }
  }

  public void sgdMomentumHyper(
      int n,
      float[] c,
      int cOff,
      float[] g,
      int gOff,
      float[] b,
      int bOff,
      float alpha,
      float mu,
      float[] out) {
    int whole = n / L * L;
    beginSums();
    for (int i = 0; i < whole; i += BLOCK) {
      nextBlock(2);
      VectorUpdates.sgdMomentumHyper(
          Math.min(BLOCK, whole - i), c, cOff + i, g, gOff + i, b, bOff + i, alpha, mu, sums);
    }
    int left = n - whole;
    if (left > 0) {
      bring(0, c, cOff + whole, left);
      bring(1, g, gOff + whole, left);
      bring(2, b, bOff + whole, left);
      VectorUpdates.sgdMomentumHyper(L, rest, 0, rest, L, rest, 2 * L, alpha, mu, sums);
    }
    out[0] = -total(0);
    out[1] = -alpha * total(1);
  }

  public void adagradHyper(
      int n,
      float[] c,
      int cOff,
      float[] g,
      int gOff,
      float[] s,
      int sOff,
      float eps,
      float[] out) {
    int whole = n / L * L;
    beginSums();
    for (int i = 0; i < whole; i += BLOCK) {
      nextBlock(1);
      VectorUpdates.adagradHyper(
          Math.min(BLOCK, whole - i), c, cOff + i, g, gOff + i, s, sOff + i, eps, sums);
    }
    int left = n - whole;
    if (left > 0) {
      bring(0, c, cOff + whole, left);
      bring(1, g, gOff + whole, left);
      bring(2, s, sOff + whole, left);
      VectorUpdates.adagradHyper(L, rest, 0, rest, L, rest, 2 * L, eps, sums);
    }
    out[0] = -total(0);
  }

  public void rmspropHyper(
      int n,
      float[] c,
      int cOff,
      float[] g,
      int gOff,
      float[] s,
      int sOff,
      float alpha,
      SplitDecay gamma,
      float eps,
      float[] out) {
    int whole = n / L * L;
    beginSums();
    for (int i = 0; i < whole; i += BLOCK) {
      nextBlock(2);
      VectorUpdates.rmspropHyper(
          Math.min(BLOCK, whole - i),
          c,
          cOff + i,
          g,
          gOff + i,
          s,
          sOff + i,
          alpha,
          gamma,
          eps,
          sums);
    }
    int left = n - whole;
    if (left > 0) {
      bring(0, c, cOff + whole, left);
      bring(1, g, gOff + whole, left);
      bring(2, s, sOff + whole, left);
      VectorUpdates.rmspropHyper(L, rest, 0, rest, L, rest, 2 * L, alpha, gamma, eps, sums);
    }
    out[0] = -total(0);
    out[1] = 0.5f * alpha * total(1);
  }

  public void adamHyper(
      int n,
      float[] c,
      int cOff,
      float[] g,
      int gOff,
      float[] m,
      int mOff,
      float[] v,
      int vOff,
      float alpha,
      float eps,
      AdamFactors factors,
      float[] out) {
    int whole = n / L * L;
    beginSums();
    for (int i = 0; i < whole; i += BLOCK) {
      nextBlock(3);
      VectorUpdates.adamHyper(
          Math.min(BLOCK, whole - i),
          c,
          cOff + i,
          g,
          gOff + i,
          m,
          mOff + i,
          v,
          vOff + i,
          alpha,
          eps,
          factors,
          sums);
    }
    int left = n - whole;
    if (left > 0) {
      bring(0, c, cOff + whole, left);
      bring(1, g, gOff + whole, left);
      bring(2, m, mOff + whole, left);
      bring(3, v, vOff + whole, left);
      VectorUpdates.adamHyper(
          L, rest, 0, rest, L, rest, 2 * L, rest, 3 * L, alpha, eps, factors, sums);
    }
    out[0] = -total(0);
    out[1] = -alpha * total(1);
    out[2] = 0.5f * alpha * total(2);
  }
}
