package io.hypertape.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Optimizer updates and hypergradients in one pass over memory. The last, incomplete vector goes
 * through the same code under a mask.
 */
final class VectorUpdates {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();

  private VectorUpdates() {}

  private static FloatVector load(float[] a, int at) {
    return FloatVector.fromArray(S, a, at);
  }

  private static FloatVector load(float[] a, int at, VectorMask<Float> rest) {
    return FloatVector.fromArray(S, a, at, rest);
  }

  private static float sum(FloatVector v) {
    return VectorRows.sum(v);
  }

  static void sgd(
      int n, float[] p, int pOff, float[] g, int gOff, float alpha, float[] pOut, int pOutOff) {
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      FloatVector pOld = load(p, pOff + i);
      FloatVector gOld = load(g, gOff + i);
      FloatVector pNew = gOld.mul(-alpha).add(pOld);
      pNew.intoArray(pOut, pOutOff + i);
    }
    if (i < n) {
      VectorMask<Float> rest = S.indexInRange(i, n);
      FloatVector pOld = load(p, pOff + i, rest);
      FloatVector gOld = load(g, gOff + i, rest);
      FloatVector pNew = gOld.mul(-alpha).add(pOld);
      pNew.intoArray(pOut, pOutOff + i, rest);
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
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      FloatVector pOld = load(p, pOff + i);
      FloatVector gOld = load(g, gOff + i);
      FloatVector bOld = load(b, bOff + i);
      FloatVector bNew = bOld.mul(mu).add(gOld);
      FloatVector pNew = bNew.mul(-alpha).add(pOld);
      pNew.intoArray(pOut, pOutOff + i);
      bNew.intoArray(bOut, bOutOff + i);
    }
    if (i < n) {
      VectorMask<Float> rest = S.indexInRange(i, n);
      FloatVector pOld = load(p, pOff + i, rest);
      FloatVector gOld = load(g, gOff + i, rest);
      FloatVector bOld = load(b, bOff + i, rest);
      FloatVector bNew = bOld.mul(mu).add(gOld);
      FloatVector pNew = bNew.mul(-alpha).add(pOld);
      pNew.intoArray(pOut, pOutOff + i, rest);
      bNew.intoArray(bOut, bOutOff + i, rest);
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
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      FloatVector pOld = load(p, pOff + i);
      FloatVector gOld = load(g, gOff + i);
      FloatVector sOld = load(s, sOff + i);
      FloatVector sNew = gOld.mul(gOld).add(sOld);
      FloatVector pNew = pOld.sub(gOld.mul(alpha).div(sNew.add(eps).sqrt()));
      pNew.intoArray(pOut, pOutOff + i);
      sNew.intoArray(sOut, sOutOff + i);
    }
    if (i < n) {
      VectorMask<Float> rest = S.indexInRange(i, n);
      FloatVector pOld = load(p, pOff + i, rest);
      FloatVector gOld = load(g, gOff + i, rest);
      FloatVector sOld = load(s, sOff + i, rest);
      FloatVector sNew = gOld.mul(gOld).add(sOld);
      FloatVector pNew = pOld.sub(gOld.mul(alpha).div(sNew.add(eps).sqrt()));
      pNew.intoArray(pOut, pOutOff + i, rest);
      sNew.intoArray(sOut, sOutOff + i, rest);
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
      float gamma,
      float eps,
      float[] pOut,
      int pOutOff,
      float[] sOut,
      int sOutOff) {
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      FloatVector pOld = load(p, pOff + i);
      FloatVector gOld = load(g, gOff + i);
      FloatVector sOld = load(s, sOff + i);
      FloatVector sNew = sOld.mul(gamma).add(gOld.mul(gOld).mul(1 - gamma));
      FloatVector pNew = pOld.sub(gOld.mul(alpha).div(sNew.add(eps).sqrt()));
      pNew.intoArray(pOut, pOutOff + i);
      sNew.intoArray(sOut, sOutOff + i);
    }
    if (i < n) {
      VectorMask<Float> rest = S.indexInRange(i, n);
      FloatVector pOld = load(p, pOff + i, rest);
      FloatVector gOld = load(g, gOff + i, rest);
      FloatVector sOld = load(s, sOff + i, rest);
      FloatVector sNew = sOld.mul(gamma).add(gOld.mul(gOld).mul(1 - gamma));
      FloatVector pNew = pOld.sub(gOld.mul(alpha).div(sNew.add(eps).sqrt()));
      pNew.intoArray(pOut, pOutOff + i, rest);
      sNew.intoArray(sOut, sOutOff + i, rest);
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
      float beta1,
      float beta2,
      float eps,
      AdamFactors k,
      float[] pOut,
      int pOutOff,
      float[] mOut,
      int mOutOff,
      float[] vOut,
      int vOutOff) {
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      FloatVector pOld = load(p, pOff + i);
      FloatVector gOld = load(g, gOff + i);
      FloatVector mOld = load(m, mOff + i);
      FloatVector vOld = load(v, vOff + i);
      FloatVector mNew = mOld.mul(beta1).add(gOld.mul(1 - beta1));
      FloatVector vNew = vOld.mul(beta2).add(gOld.mul(gOld).mul(1 - beta2));
      FloatVector pNew =
          pOld.sub(mNew.mul(alpha * k.mean()).div(vNew.mul(k.square()).sqrt().add(eps)));
      pNew.intoArray(pOut, pOutOff + i);
      mNew.intoArray(mOut, mOutOff + i);
      vNew.intoArray(vOut, vOutOff + i);
    }
    if (i < n) {
      VectorMask<Float> rest = S.indexInRange(i, n);
      FloatVector pOld = load(p, pOff + i, rest);
      FloatVector gOld = load(g, gOff + i, rest);
      FloatVector mOld = load(m, mOff + i, rest);
      FloatVector vOld = load(v, vOff + i, rest);
      FloatVector mNew = mOld.mul(beta1).add(gOld.mul(1 - beta1));
      FloatVector vNew = vOld.mul(beta2).add(gOld.mul(gOld).mul(1 - beta2));
      FloatVector pNew =
          pOld.sub(mNew.mul(alpha * k.mean()).div(vNew.mul(k.square()).sqrt().add(eps)));
      pNew.intoArray(pOut, pOutOff + i, rest);
      mNew.intoArray(mOut, mOutOff + i, rest);
      vNew.intoArray(vOut, vOutOff + i, rest);
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
      float[] out) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = FloatVector.zero(S);
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      FloatVector cOld = load(c, cOff + i);
      FloatVector gOld = load(g, gOff + i);
      FloatVector bOld = load(b, bOff + i);
      FloatVector direction = bOld.mul(mu).add(gOld);
      s0 = s0.add(cOld.mul(direction));
      s1 = s1.add(cOld.mul(bOld));
    }
    if (i < n) {
      VectorMask<Float> rest = S.indexInRange(i, n);
      FloatVector cOld = load(c, cOff + i, rest);
      FloatVector gOld = load(g, gOff + i, rest);
      FloatVector bOld = load(b, bOff + i, rest);
      FloatVector direction = bOld.mul(mu).add(gOld);
      s0 = s0.add(cOld.mul(direction), rest);
      s1 = s1.add(cOld.mul(bOld), rest);
    }
    out[0] = -sum(s0);
    out[1] = -alpha * sum(s1);
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
      float[] out) {
    FloatVector s0 = FloatVector.zero(S);
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      FloatVector cOld = load(c, cOff + i);
      FloatVector gOld = load(g, gOff + i);
      FloatVector sOld = load(s, sOff + i);
      FloatVector root = gOld.fma(gOld, sOld).add(eps).sqrt();
      s0 = s0.add(cOld.mul(gOld).div(root));
    }
    if (i < n) {
      VectorMask<Float> rest = S.indexInRange(i, n);
      FloatVector cOld = load(c, cOff + i, rest);
      FloatVector gOld = load(g, gOff + i, rest);
      FloatVector sOld = load(s, sOff + i, rest);
      FloatVector root = gOld.fma(gOld, sOld).add(eps).sqrt();
      s0 = s0.add(cOld.mul(gOld).div(root), rest);
    }
    out[0] = -sum(s0);
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
      float gamma,
      float eps,
      float[] out) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = FloatVector.zero(S);
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      FloatVector cOld = load(c, cOff + i);
      FloatVector gOld = load(g, gOff + i);
      FloatVector sOld = load(s, sOff + i);
      FloatVector square = gOld.mul(gOld);
      FloatVector inner = sOld.mul(gamma).add(square.mul(1 - gamma)).add(eps);
      FloatVector share = cOld.mul(gOld).div(inner.sqrt());
      s0 = s0.add(share);
      s1 = s1.add(share.mul(sOld.sub(square)).div(inner));
    }
    if (i < n) {
      VectorMask<Float> rest = S.indexInRange(i, n);
      FloatVector cOld = load(c, cOff + i, rest);
      FloatVector gOld = load(g, gOff + i, rest);
      FloatVector sOld = load(s, sOff + i, rest);
      FloatVector square = gOld.mul(gOld);
      FloatVector inner = sOld.mul(gamma).add(square.mul(1 - gamma)).add(eps);
      FloatVector share = cOld.mul(gOld).div(inner.sqrt());
      s0 = s0.add(share, rest);
      s1 = s1.add(share.mul(sOld.sub(square)).div(inner), rest);
    }
    out[0] = -sum(s0);
    out[1] = 0.5f * alpha * sum(s1);
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
      float beta1,
      float beta2,
      float eps,
      AdamFactors k,
      float[] out) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = FloatVector.zero(S);
    FloatVector s2 = FloatVector.zero(S);
    int i = 0;
    for (; i < S.loopBound(n); i += L) {
      FloatVector cOld = load(c, cOff + i);
      FloatVector gOld = load(g, gOff + i);
      FloatVector mOld = load(m, mOff + i);
      FloatVector vOld = load(v, vOff + i);
      FloatVector square = gOld.mul(gOld);
      FloatVector mNew = mOld.mul(beta1).add(gOld.mul(1 - beta1));
      FloatVector vNew = vOld.mul(beta2).add(square.mul(1 - beta2));
      FloatVector meanHat = mNew.mul(k.mean());
      FloatVector rootHat = vNew.mul(k.square()).sqrt();
      FloatVector below = rootHat.add(eps);
      FloatVector share = cOld.div(below);
      FloatVector meanRate = mOld.sub(gOld).mul(k.mean()).add(mNew.mul(k.meanSlope()));
      FloatVector squareRate = vOld.sub(square).mul(k.square()).add(vNew.mul(k.squareSlope()));
      s0 = s0.add(share.mul(meanHat));
      s1 = s1.add(share.mul(meanRate));
      FloatVector slope = share.mul(meanHat).mul(squareRate).div(below.mul(rootHat));
      s2 = s2.add(slope, rootHat.compare(VectorOperators.EQ, 0).not());
    }
    if (i < n) {
      VectorMask<Float> rest = S.indexInRange(i, n);
      FloatVector cOld = load(c, cOff + i, rest);
      FloatVector gOld = load(g, gOff + i, rest);
      FloatVector mOld = load(m, mOff + i, rest);
      FloatVector vOld = load(v, vOff + i, rest);
      FloatVector square = gOld.mul(gOld);
      FloatVector mNew = mOld.mul(beta1).add(gOld.mul(1 - beta1));
      FloatVector vNew = vOld.mul(beta2).add(square.mul(1 - beta2));
      FloatVector meanHat = mNew.mul(k.mean());
      FloatVector rootHat = vNew.mul(k.square()).sqrt();
      FloatVector below = rootHat.add(eps);
      FloatVector share = cOld.div(below);
      FloatVector meanRate = mOld.sub(gOld).mul(k.mean()).add(mNew.mul(k.meanSlope()));
      FloatVector squareRate = vOld.sub(square).mul(k.square()).add(vNew.mul(k.squareSlope()));
      s0 = s0.add(share.mul(meanHat), rest);
      s1 = s1.add(share.mul(meanRate), rest);
      FloatVector slope = share.mul(meanHat).mul(squareRate).div(below.mul(rootHat));
      s2 = s2.add(slope, rest.and(rootHat.compare(VectorOperators.EQ, 0).not()));
    }
    out[0] = -sum(s0);
    out[1] = -alpha * sum(s1);
    out[2] = 0.5f * alpha * sum(s2);
  }
}
