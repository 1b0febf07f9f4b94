package io.hypertape.kernels.updates;

import io.hypertape.kernels.lanes.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Adaptive updates in one pass over memory, of whole vectors, from one element to another. Sums are
 * left as a vector each, one after the other.
 */
final class VectorAdaptive {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();

  private VectorAdaptive() {}

  static void run(
      AdaptiveUpdate update,
      float[] f,
      int from,
      int to,
      float[][] v,
      int[] off,
      float[] lanes,
      int at) {
    switch (update) {
      case PRODIGY_TERMS -> prodigyTerms(f, from, to, v, off, lanes, at);
      case DADAPT_ADAM_TERMS -> dadaptAdamTerms(f, from, to, v, off, lanes, at);
      case DADAPT_SGD_TERMS -> dadaptSgdTerms(f, from, to, v, off, lanes, at);
      case DISTANCE_TERMS -> distanceTerms(from, to, v, off, lanes, at);
      case MECHANIC_TERMS -> mechanicTerms(from, to, v, off, lanes, at);
      case MEANS_STEP -> meansStep(f, from, to, v, off);
      case SCHEDULE_FREE_SGD -> scheduleFreeSgd(f, from, to, v, off);
      case SCHEDULE_FREE_ADAM -> scheduleFreeAdam(f, from, to, v, off);
      case GRADIENT_TERMS -> VectorScaled.gradientTerms(from, to, v, off, lanes, at);
      case SCALED_STEP -> VectorScaled.step(f, from, to, v, off);
      case SCALED_MOMENTUM -> VectorScaled.momentum(f, from, to, v, off);
    }
  }

  private static FloatVector load(float[] a, int at) {
    return FloatVector.fromArray(S, a, at);
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(S, value);
  }

  private static void prodigyTerms(
      float[] f, int from, int to, float[][] v, int[] off, float[] lanes, int at) {
    float[] p = v[0];
    float[] g = v[1];
    float[] m = v[2];
    float[] q = v[3];
    float[] s = v[4];
    float[] x = v[5];
    float[] mOut = v[6];
    float[] qOut = v[7];
    float[] sOut = v[8];
    int pOff = off[0];
    int gOff = off[1];
    int mOff = off[2];
    int qOff = off[3];
    int sOff = off[4];
    int xOff = off[5];
    int mOutOff = off[6];
    int qOutOff = off[7];
    int sOutOff = off[8];
    float d = f[0];
    float weight = f[1];
    FloatVector high1 = all(f[2]);
    FloatVector low1 = all(f[3]);
    float rest1 = f[4];
    FloatVector high2 = all(f[5]);
    FloatVector low2 = all(f[6]);
    float rest2 = f[7];
    FloatVector high3 = all(f[8]);
    FloatVector low3 = all(f[9]);
    FloatVector inner = all(0);
    FloatVector size = all(0);
    for (int i = from; i < to; i += L) {
      FloatVector gOld = load(g, gOff + i);
      FloatVector mOld = load(m, mOff + i);
      FloatVector qOld = load(q, qOff + i);
      FloatVector sOld = load(s, sOff + i);
      FloatVector scaled = gOld.mul(d);
      FloatVector mNew = mOld.fma(high1, mOld.fma(low1, scaled.mul(rest1)));
      FloatVector qNew = qOld.fma(high2, qOld.fma(low2, scaled.mul(scaled).mul(rest2)));
      FloatVector sNew = sOld.fma(high3, sOld.fma(low3, gOld.mul(weight)));
      inner = inner.add(load(x, xOff + i).sub(load(p, pOff + i)).mul(gOld));
      size = size.add(sNew.abs());
      mNew.intoArray(mOut, mOutOff + i);
      qNew.intoArray(qOut, qOutOff + i);
      sNew.intoArray(sOut, sOutOff + i);
    }
    inner.intoArray(lanes, at);
    size.intoArray(lanes, at + L);
  }

  private static void dadaptAdamTerms(
      float[] f, int from, int to, float[][] v, int[] off, float[] lanes, int at) {
    float[] g = v[0];
    float[] m = v[1];
    float[] q = v[2];
    float[] s = v[3];
    float[] mOut = v[4];
    float[] qOut = v[5];
    float[] sOut = v[6];
    int gOff = off[0];
    int mOff = off[1];
    int qOff = off[2];
    int sOff = off[3];
    int mOutOff = off[4];
    int qOutOff = off[5];
    int sOutOff = off[6];
    float step = f[0];
    float eps = f[1];
    FloatVector high1 = all(f[2]);
    FloatVector low1 = all(f[3]);
    float rest1 = f[4];
    FloatVector high2 = all(f[5]);
    FloatVector low2 = all(f[6]);
    float rest2 = f[7];
    FloatVector high3 = all(f[8]);
    FloatVector low3 = all(f[9]);
    float rest3 = f[10];
    FloatVector inner = all(0);
    FloatVector size = all(0);
    for (int i = from; i < to; i += L) {
      FloatVector gOld = load(g, gOff + i);
      FloatVector mOld = load(m, mOff + i);
      FloatVector qOld = load(q, qOff + i);
      FloatVector sOld = load(s, sOff + i);
      FloatVector scaled = gOld.mul(step);
      FloatVector mNew = mOld.fma(high1, mOld.fma(low1, scaled.mul(rest1)));
      FloatVector qNew = qOld.fma(high2, qOld.fma(low2, gOld.mul(gOld).mul(rest2)));
      FloatVector sNew = sOld.fma(high3, sOld.fma(low3, scaled.mul(rest3)));
      inner = inner.add(sOld.div(qOld.sqrt().add(eps)).mul(scaled));
      size = size.add(sNew.abs());
      mNew.intoArray(mOut, mOutOff + i);
      qNew.intoArray(qOut, qOutOff + i);
      sNew.intoArray(sOut, sOutOff + i);
    }
    inner.intoArray(lanes, at);
    size.intoArray(lanes, at + L);
  }

  private static void dadaptSgdTerms(
      float[] f, int from, int to, float[][] v, int[] off, float[] lanes, int at) {
    float[] g = v[0];
    float[] raw = v[1];
    float[] s = v[2];
    float[] sOut = v[3];
    int gOff = off[0];
    int rawOff = off[1];
    int sOff = off[2];
    int sOutOff = off[3];
    float step = f[0];
    FloatVector inner = all(0);
    FloatVector size = all(0);
    FloatVector squares = all(0);
    for (int i = from; i < to; i += L) {
      FloatVector scaled = load(g, gOff + i).mul(step);
      FloatVector plain = load(raw, rawOff + i);
      FloatVector sOld = load(s, sOff + i);
      FloatVector sNew = sOld.add(scaled);
      inner = inner.add(scaled.mul(sOld));
      size = size.add(sNew.mul(sNew));
      squares = squares.add(plain.mul(plain));
      sNew.intoArray(sOut, sOutOff + i);
    }
    inner.intoArray(lanes, at);
    size.intoArray(lanes, at + L);
    squares.intoArray(lanes, at + 2 * L);
  }

  private static void distanceTerms(
      int from, int to, float[][] v, int[] off, float[] lanes, int at) {
    float[] p = v[0];
    float[] g = v[1];
    float[] x = v[2];
    int pOff = off[0];
    int gOff = off[1];
    int xOff = off[2];
    FloatVector squares = all(0);
    FloatVector moved = all(0);
    FloatVector began = all(0);
    for (int i = from; i < to; i += L) {
      FloatVector gradient = load(g, gOff + i);
      FloatVector first = load(x, xOff + i);
      FloatVector away = load(p, pOff + i).sub(first);
      squares = squares.add(gradient.mul(gradient));
      moved = moved.add(away.mul(away));
      began = began.add(first.mul(first));
    }
    squares.intoArray(lanes, at);
    moved.intoArray(lanes, at + L);
    began.intoArray(lanes, at + 2 * L);
  }

  private static void mechanicTerms(
      int from, int to, float[][] v, int[] off, float[] lanes, int at) {
    float[] p = v[0];
    float[] g = v[1];
    float[] q = v[2];
    float[] o = v[3];
    float[] oOut = v[4];
    int pOff = off[0];
    int gOff = off[1];
    int qOff = off[2];
    int oOff = off[3];
    int oOutOff = off[4];
    FloatVector gradients = all(0);
    FloatVector weights = all(0);
    FloatVector along = all(0);
    FloatVector decay = all(0);
    for (int i = from; i < to; i += L) {
      FloatVector gradient = load(g, gOff + i);
      FloatVector moved = load(q, qOff + i);
      FloatVector offset = load(o, oOff + i);
      gradients = gradients.add(gradient.mul(gradient));
      weights = weights.add(moved.mul(moved));
      along = along.add(offset.mul(gradient));
      decay = decay.add(offset.mul(moved));
      offset.add(moved.sub(load(p, pOff + i))).intoArray(oOut, oOutOff + i);
    }
    gradients.intoArray(lanes, at);
    weights.intoArray(lanes, at + L);
    along.intoArray(lanes, at + 2 * L);
    decay.intoArray(lanes, at + 3 * L);
  }

  private static void meansStep(float[] f, int from, int to, float[][] v, int[] off) {
    float[] p = v[0];
    float[] m = v[1];
    float[] q = v[2];
    float[] pOut = v[3];
    int pOff = off[0];
    int mOff = off[1];
    int qOff = off[2];
    int pOutOff = off[3];
    float step = f[0];
    float eps = f[1];
    for (int i = from; i < to; i += L) {
      FloatVector direction = load(m, mOff + i).div(load(q, qOff + i).sqrt().add(eps));
      load(p, pOff + i).sub(direction.mul(step)).intoArray(pOut, pOutOff + i);
    }
  }

  private static void scheduleFreeSgd(float[] f, int from, int to, float[][] v, int[] off) {
    float[] y = v[0];
    float[] g = v[1];
    float[] z = v[2];
    float[] yOut = v[3];
    float[] zOut = v[4];
    int yOff = off[0];
    int gOff = off[1];
    int zOff = off[2];
    int yOutOff = off[3];
    int zOutOff = off[4];
    float step = f[0];
    float shrink = f[1];
    FloatVector beta = all(f[2]);
    float share = f[3];
    for (int i = from; i < to; i += L) {
      FloatVector yOld = load(y, yOff + i);
      FloatVector zOld = load(z, zOff + i);
      FloatVector down = load(g, gOff + i).mul(step).add(yOld.mul(shrink));
      FloatVector zNew = zOld.sub(down);
      FloatVector away = down.add(yOld.sub(zOld).div(beta));
      zNew.add(away.mul(share)).intoArray(yOut, yOutOff + i);
      zNew.intoArray(zOut, zOutOff + i);
    }
  }

  private static void scheduleFreeAdam(float[] f, int from, int to, float[][] v, int[] off) {
    float[] y = v[0];
    float[] g = v[1];
    float[] z = v[2];
    float[] q = v[3];
    float[] yOut = v[4];
    float[] zOut = v[5];
    float[] qOut = v[6];
    int yOff = off[0];
    int gOff = off[1];
    int zOff = off[2];
    int qOff = off[3];
    int yOutOff = off[4];
    int zOutOff = off[5];
    int qOutOff = off[6];
    float step = f[0];
    float shrink = f[1];
    FloatVector beta = all(f[2]);
    float share = f[3];
    float eps = f[4];
    float square = f[5];
    FloatVector high = all(f[6]);
    FloatVector low = all(f[7]);
    float rest = f[8];
    for (int i = from; i < to; i += L) {
      FloatVector yOld = load(y, yOff + i);
      FloatVector gOld = load(g, gOff + i);
      FloatVector zOld = load(z, zOff + i);
      FloatVector qOld = load(q, qOff + i);
      FloatVector qNew = qOld.fma(high, qOld.fma(low, gOld.mul(gOld).mul(rest)));
      FloatVector root = qNew.mul(square).sqrt().add(eps);
      FloatVector down = gOld.div(root).mul(step).add(yOld.mul(shrink));
      FloatVector zNew = zOld.sub(down);
      FloatVector away = down.add(yOld.sub(zOld).div(beta));
      zNew.add(away.mul(share)).intoArray(yOut, yOutOff + i);
      zNew.intoArray(zOut, zOutOff + i);
      qNew.intoArray(qOut, qOutOff + i);
    }
  }
}
