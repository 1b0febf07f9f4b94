package io.hypertape.kernels.updates;

import io.hypertape.kernels.lanes.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The adaptive updates of {@link VectorAdaptive} that learn from a gradient and the one before. */
final class VectorScaled {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();

  private VectorScaled() {}

  private static FloatVector load(float[] a, int at) {
    return FloatVector.fromArray(S, a, at);
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(S, value);
  }

  static void gradientTerms(int from, int to, float[][] v, int[] off, float[] lanes, int at) {
    float[] g = v[0];
    float[] a = v[1];
    float[] b = v[2];
    int gOff = off[0];
    int aOff = off[1];
    int bOff = off[2];
    FloatVector squares = all(0);
    FloatVector first = all(0);
    FloatVector second = all(0);
    FloatVector size = all(0);
    for (int i = from; i < to; i += L) {
      FloatVector gradient = load(g, gOff + i);
      FloatVector other = load(b, bOff + i);
      squares = squares.add(gradient.mul(gradient));
      first = first.add(load(a, aOff + i).mul(gradient));
      second = second.add(other.mul(gradient));
      size = size.add(other.mul(other));
    }
    squares.intoArray(lanes, at);
    first.intoArray(lanes, at + L);
    second.intoArray(lanes, at + 2 * L);
    size.intoArray(lanes, at + 3 * L);
  }

  static void step(float[] f, int from, int to, float[][] v, int[] off) {
    float[] p = v[0];
    float[] g = v[1];
    float[] before = v[2];
    float[] scale = v[3];
    float[] sum = v[4];
    float[] pOut = v[5];
    float[] scaleOut = v[6];
    float[] sumOut = v[7];
    int pOff = off[0];
    int gOff = off[1];
    int beforeOff = off[2];
    int scaleOff = off[3];
    int sumOff = off[4];
    int pOutOff = off[5];
    int scaleOutOff = off[6];
    int sumOutOff = off[7];
    float alpha = f[0];
    FloatVector squares = all(f[1]);
    float eps = f[2];
    for (int i = from; i < to; i += L) {
      FloatVector pOld = load(p, pOff + i);
      FloatVector gradient = load(g, gOff + i);
      FloatVector h = gradient.mul(load(before, beforeOff + i)).neg().div(squares);
      FloatVector sumNew = load(sum, sumOff + i).add(h.mul(h));
      FloatVector by = h.mul(alpha).div(sumNew.sqrt().add(eps));
      FloatVector scaleNew = load(scale, scaleOff + i).sub(by);
      pOld.sub(gradient.mul(scaleNew)).intoArray(pOut, pOutOff + i);
      scaleNew.intoArray(scaleOut, scaleOutOff + i);
      sumNew.intoArray(sumOut, sumOutOff + i);
    }
  }

  static void momentum(float[] f, int from, int to, float[][] v, int[] off) {
    float[] p = v[0];
    float[] g = v[1];
    float[] before = v[2];
    float[] scale = v[3];
    float[] sum = v[4];
    float[] last = v[5];
    float[] pOut = v[6];
    float[] scaleOut = v[7];
    float[] sumOut = v[8];
    float[] movedOut = v[9];
    int pOff = off[0];
    int gOff = off[1];
    int beforeOff = off[2];
    int scaleOff = off[3];
    int sumOff = off[4];
    int lastOff = off[5];
    int pOutOff = off[6];
    int scaleOutOff = off[7];
    int sumOutOff = off[8];
    int movedOutOff = off[9];
    float alpha = f[0];
    FloatVector squares = all(f[1]);
    float eps = f[2];
    float mu = f[3];
    for (int i = from; i < to; i += L) {
      FloatVector pOld = load(p, pOff + i);
      FloatVector gradient = load(g, gOff + i);
      FloatVector h = gradient.mul(load(before, beforeOff + i)).neg().div(squares);
      FloatVector sumNew = load(sum, sumOff + i).add(h.mul(h));
      FloatVector by = h.mul(alpha).div(sumNew.sqrt().add(eps));
      FloatVector scaleNew = load(scale, scaleOff + i).sub(by);
      FloatVector moved = pOld.sub(load(last, lastOff + i));
      FloatVector pNew = pOld.sub(gradient.mul(scaleNew)).add(moved.mul(mu));
      pNew.intoArray(pOut, pOutOff + i);
      scaleNew.intoArray(scaleOut, scaleOutOff + i);
      sumNew.intoArray(sumOut, sumOutOff + i);
      moved.intoArray(movedOut, movedOutOff + i);
    }
  }
}
