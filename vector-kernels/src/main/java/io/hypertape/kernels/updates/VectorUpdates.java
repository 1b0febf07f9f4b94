package io.hypertape.kernels.updates;

import io.hypertape.kernels.lanes.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Optimizer updates and hypergradients in one pass over memory, of whole vectors: n is a multiple
 * of their length. Hypergradients add to a vector of sums each, one after the other.
 */
final class VectorUpdates {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();

  private VectorUpdates() {}

  private static FloatVector load(float[] a, int at) {
    return FloatVector.fromArray(S, a, at);
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(S, value);
  }

  static void sgd(
      int n, float[] p, int pOff, float[] g, int gOff, float alpha, float[] pOut, int pOutOff) {
    for (int i = 0; i < n; i += L) {
      FloatVector pOld = load(p, pOff + i);
      FloatVector gOld = load(g, gOff + i);
      FloatVector pNew = gOld.mul(-alpha).add(pOld);
      pNew.intoArray(pOut, pOutOff + i);
    }
  }

  static void sgdMomentum(
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
    for (int i = 0; i < n; i += L) {
      FloatVector pOld = load(p, pOff + i);
      FloatVector gOld = load(g, gOff + i);
      FloatVector bOld = load(b, bOff + i);
      FloatVector bNew = bOld.mul(mu).add(gOld);
      FloatVector pNew = bNew.mul(-alpha).add(pOld);
      pNew.intoArray(pOut, pOutOff + i);
      bNew.intoArray(bOut, bOutOff + i);
    }
  }

  static void adagrad(
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
    for (int i = 0; i < n; i += L) {
      FloatVector pOld = load(p, pOff + i);
      FloatVector gOld = load(g, gOff + i);
      FloatVector sOld = load(s, sOff + i);
      FloatVector sNew = gOld.mul(gOld).add(sOld);
      FloatVector pNew = pOld.sub(gOld.mul(alpha).div(sNew.add(eps).sqrt()));
      pNew.intoArray(pOut, pOutOff + i);
      sNew.intoArray(sOut, sOutOff + i);
    }
  }

  static void rmsprop(
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
    FloatVector high = all(gamma.high());
    FloatVector low = all(gamma.low());
    float rest = gamma.rest();
    for (int i = 0; i < n; i += L) {
      FloatVector pOld = load(p, pOff + i);
      FloatVector gOld = load(g, gOff + i);
      FloatVector sOld = load(s, sOff + i);
      FloatVector sNew = sOld.fma(high, sOld.fma(low, gOld.mul(gOld).mul(rest)));
      FloatVector pNew = pOld.sub(gOld.mul(alpha).div(sNew.add(eps).sqrt()));
      pNew.intoArray(pOut, pOutOff + i);
      sNew.intoArray(sOut, sOutOff + i);
    }
  }

  static void adam(
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
      AdamFactors k,
      float[] pOut,
      int pOutOff,
      float[] mOut,
      int mOutOff,
      float[] vOut,
      int vOutOff) {
    FloatVector high1 = all(k.first().high());
    FloatVector low1 = all(k.first().low());
    FloatVector high2 = all(k.second().high());
    FloatVector low2 = all(k.second().low());
    float rest1 = k.first().rest();
    float rest2 = k.second().rest();
    for (int i = 0; i < n; i += L) {
      FloatVector pOld = load(p, pOff + i);
      FloatVector gOld = load(g, gOff + i);
      FloatVector mOld = load(m, mOff + i);
      FloatVector vOld = load(v, vOff + i);
      FloatVector mNew = mOld.fma(high1, mOld.fma(low1, gOld.mul(rest1)));
      FloatVector vNew = vOld.fma(high2, vOld.fma(low2, gOld.mul(gOld).mul(rest2)));
      FloatVector pNew =
          pOld.sub(mNew.mul(alpha * k.mean()).div(vNew.mul(k.square()).sqrt().add(eps)));
      pNew.intoArray(pOut, pOutOff + i);
      mNew.intoArray(mOut, mOutOff + i);
      vNew.intoArray(vOut, vOutOff + i);
    }
  }

  static void sgdMomentumHyper(
      int n,
      float[] c,
      int cOff,
      float[] g,
      int gOff,
      float[] b,
      int bOff,
      float alpha,
      float mu,
      float[] sums) {
    FloatVector s0 = load(sums, 0);
    FloatVector s1 = load(sums, 1 * L);
    for (int i = 0; i < n; i += L) {
      FloatVector cOld = load(c, cOff + i);
      FloatVector gOld = load(g, gOff + i);
      FloatVector bOld = load(b, bOff + i);
      FloatVector direction = bOld.mul(mu).add(gOld);
      s0 = s0.add(cOld.mul(direction));
      s1 = s1.add(cOld.mul(bOld));
    }
    s0.intoArray(sums, 0);
    s1.intoArray(sums, L);
  }

  static void trace(
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
      float[] sums,
      int sumsOff) {
    FloatVector s0 = load(sums, sumsOff);
    FloatVector s1 = load(sums, sumsOff + L);
    FloatVector s2 = load(sums, sumsOff + 2 * L);
    for (int i = 0; i < n; i += L) {
      FloatVector x = load(g, gOff + i);
      FloatVector old = load(mean, meanOff + i);
      FloatVector e = load(w, wOff + i).sub(old);
      e.mul(rate).add(old).intoArray(meanOut, meanOutOff + i);
      s0 = s0.add(x.mul(e));
      s1 = s1.add(x.mul(x));
      s2 = s2.add(e.mul(e));
    }
    s0.intoArray(sums, sumsOff);
    s1.intoArray(sums, sumsOff + L);
    s2.intoArray(sums, sumsOff + 2 * L);
  }

  static void adagradHyper(
      int n,
      float[] c,
      int cOff,
      float[] g,
      int gOff,
      float[] s,
      int sOff,
      float eps,
      float[] sums) {
    FloatVector s0 = load(sums, 0);
    for (int i = 0; i < n; i += L) {
      FloatVector cOld = load(c, cOff + i);
      FloatVector gOld = load(g, gOff + i);
      FloatVector sOld = load(s, sOff + i);
      FloatVector root = gOld.fma(gOld, sOld).add(eps).sqrt();
      s0 = s0.add(cOld.mul(gOld).div(root));
    }
    s0.intoArray(sums, 0);
  }

  static void rmspropHyper(
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
      float[] sums) {
    FloatVector s0 = load(sums, 0);
    FloatVector s1 = load(sums, 1 * L);
    FloatVector high = all(gamma.high());
    FloatVector low = all(gamma.low());
    float rest = gamma.rest();
    for (int i = 0; i < n; i += L) {
      FloatVector cOld = load(c, cOff + i);
      FloatVector gOld = load(g, gOff + i);
      FloatVector sOld = load(s, sOff + i);
      FloatVector square = gOld.mul(gOld);
      FloatVector inner = sOld.fma(high, sOld.fma(low, square.mul(rest))).add(eps);
      FloatVector share = cOld.mul(gOld).div(inner.sqrt());
      s0 = s0.add(share);
      s1 = s1.add(share.mul(sOld.sub(square)).div(inner));
    }
    s0.intoArray(sums, 0);
    s1.intoArray(sums, L);
  }

  static void adamHyper(
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
      AdamFactors k,
      float[] sums) {
    FloatVector s0 = load(sums, 0);
    FloatVector s1 = load(sums, 1 * L);
    FloatVector s2 = load(sums, 2 * L);
    FloatVector high1 = all(k.first().high());
    FloatVector low1 = all(k.first().low());
    FloatVector high2 = all(k.second().high());
    FloatVector low2 = all(k.second().low());
    float rest1 = k.first().rest();
    float rest2 = k.second().rest();
    for (int i = 0; i < n; i += L) {
      FloatVector cOld = load(c, cOff + i);
      FloatVector gOld = load(g, gOff + i);
      FloatVector mOld = load(m, mOff + i);
      FloatVector vOld = load(v, vOff + i);
      FloatVector square = gOld.mul(gOld);
      FloatVector mNew = mOld.fma(high1, mOld.fma(low1, gOld.mul(rest1)));
      FloatVector vNew = vOld.fma(high2, vOld.fma(low2, square.mul(rest2)));
      FloatVector meanHat = mNew.mul(k.mean());
      FloatVector rootHat = vNew.mul(k.square()).sqrt();
      FloatVector below = rootHat.add(eps);
      FloatVector share = cOld.div(below);
      FloatVector meanRate = mOld.sub(gOld).mul(k.mean()).add(mNew.mul(k.meanSlope()));
      FloatVector squareRate = vOld.sub(square).mul(k.square()).add(vNew.mul(k.squareSlope()));
      s0 = s0.add(share.mul(meanHat));
      s1 = s1.add(share.mul(meanRate));
      // The quotient first: squareRate alone is beyond what floats reach where beta2 is next to 1.
      FloatVector slope = share.mul(meanHat).mul(squareRate.div(below.mul(rootHat)));
      s2 = s2.add(slope, rootHat.compare(VectorOperators.EQ, 0).not());
    }
    s0.intoArray(sums, 0);
    s1.intoArray(sums, L);
    s2.intoArray(sums, 2 * L);
  }
}
