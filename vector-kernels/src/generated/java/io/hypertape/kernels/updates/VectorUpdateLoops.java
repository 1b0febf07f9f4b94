// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.updates;

import io.hypertape.kernels.lanes.VectorRows;
import io.hypertape.kernels.lanes.VirtualVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Updates in one pass over memory, of whole vectors of 16 lanes, from one element to another. Each
 * sum goes on from such a vector, one sum's behind the other's. Where the processor's vectors are
 * shorter, loops with sums run for some of the lanes after the others.
 */
final class VectorUpdateLoops {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();
  private static final int LANES = VirtualVector.LANES;

  private VectorUpdateLoops() {}

  private static FloatVector load(float[] a, int at) {
    return FloatVector.fromArray(S, a, at);
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(S, value);
  }

  static void run(
      UpdateOp update,
      float[] factors,
      int from,
      int to,
      float[][] vectors,
      int[] offsets,
      float[] lanes,
      int at) {
    switch (update) {
      case SGD -> sgd(factors, from, to, vectors, offsets, lanes, at);
      case SGD_MOMENTUM -> sgdMomentum(factors, from, to, vectors, offsets, lanes, at);
      case SGD_MOMENTUM_HYPER -> sgdMomentumHyper(factors, from, to, vectors, offsets, lanes, at);
      case ADAGRAD -> adagrad(factors, from, to, vectors, offsets, lanes, at);
      case ADAGRAD_HYPER -> adagradHyper(factors, from, to, vectors, offsets, lanes, at);
      case RMSPROP -> rmsprop(factors, from, to, vectors, offsets, lanes, at);
      case RMSPROP_HYPER -> rmspropHyper(factors, from, to, vectors, offsets, lanes, at);
      case ADAM -> adam(factors, from, to, vectors, offsets, lanes, at);
      case ADAM_HYPER -> adamHyper(factors, from, to, vectors, offsets, lanes, at);
      case TRACE -> trace(factors, from, to, vectors, offsets, lanes, at);
      case PRODIGY_TERMS -> prodigyTerms(factors, from, to, vectors, offsets, lanes, at);
      case DADAPT_ADAM_TERMS -> dadaptAdamTerms(factors, from, to, vectors, offsets, lanes, at);
      case DADAPT_SGD_TERMS -> dadaptSgdTerms(factors, from, to, vectors, offsets, lanes, at);
      case DISTANCE_TERMS -> distanceTerms(factors, from, to, vectors, offsets, lanes, at);
      case MECHANIC_TERMS -> mechanicTerms(factors, from, to, vectors, offsets, lanes, at);
      case MEANS_STEP -> meansStep(factors, from, to, vectors, offsets, lanes, at);
      case SCHEDULE_FREE_SGD -> scheduleFreeSgd(factors, from, to, vectors, offsets, lanes, at);
      case SCHEDULE_FREE_ADAM -> scheduleFreeAdam(factors, from, to, vectors, offsets, lanes, at);
      case GRADIENT_TERMS -> gradientTerms(factors, from, to, vectors, offsets, lanes, at);
      case SCALED_STEP -> scaledStep(factors, from, to, vectors, offsets, lanes, at);
      case SCALED_MOMENTUM -> scaledMomentum(factors, from, to, vectors, offsets, lanes, at);
      default -> throw new IllegalArgumentException("no loop of vectors: " + update);
    }
  }

  /** {@link UpdateOp#SGD}. */
  static void sgd(
      float[] factors, int from, int to, float[][] vectors, int[] offsets, float[] lanes, int at) {
    float[] pArray = vectors[0];
    int pOff = offsets[0];
    float[] gArray = vectors[1];
    int gOff = offsets[1];
    float[] pOutArray = vectors[2];
    int pOutOff = offsets[2];
    float alpha = factors[0];
    for (int i = from; i < to; i += L) {
      FloatVector p = load(pArray, pOff + i);
      FloatVector g = load(gArray, gOff + i);
      FloatVector pOut = p.sub(g.mul(alpha));
      pOut.intoArray(pOutArray, pOutOff + i);
    }
  }

  /** {@link UpdateOp#SGD_MOMENTUM}. */
  static void sgdMomentum(
      float[] factors, int from, int to, float[][] vectors, int[] offsets, float[] lanes, int at) {
    float[] pArray = vectors[0];
    int pOff = offsets[0];
    float[] gArray = vectors[1];
    int gOff = offsets[1];
    float[] bArray = vectors[2];
    int bOff = offsets[2];
    float[] pOutArray = vectors[3];
    int pOutOff = offsets[3];
    float[] bOutArray = vectors[4];
    int bOutOff = offsets[4];
    float alpha = factors[0];
    float mu = factors[1];
    for (int i = from; i < to; i += L) {
      FloatVector p = load(pArray, pOff + i);
      FloatVector g = load(gArray, gOff + i);
      FloatVector b = load(bArray, bOff + i);
      FloatVector bOut = b.mul(mu).add(g);
      FloatVector pOut = p.sub(bOut.mul(alpha));
      pOut.intoArray(pOutArray, pOutOff + i);
      bOut.intoArray(bOutArray, bOutOff + i);
    }
  }

  /** {@link UpdateOp#SGD_MOMENTUM_HYPER}. */
  static void sgdMomentumHyper(
      float[] factors, int from, int to, float[][] vectors, int[] offsets, float[] lanes, int at) {
    float[] cArray = vectors[0];
    int cOff = offsets[0];
    float[] gArray = vectors[1];
    int gOff = offsets[1];
    float[] bArray = vectors[2];
    int bOff = offsets[2];
    float mu = factors[1];
    for (int first = 0; first < LANES; first += L) {
      int lane = at + first;
      FloatVector sum0 = load(lanes, lane);
      FloatVector sum1 = load(lanes, lane + LANES);
      for (int i = from + first; i < to; i += LANES) {
        FloatVector c = load(cArray, cOff + i);
        FloatVector g = load(gArray, gOff + i);
        FloatVector b = load(bArray, bOff + i);
        sum0 = sum0.add(c.mul(b.mul(mu).add(g)));
        sum1 = sum1.add(c.mul(b));
      }
      sum0.intoArray(lanes, lane);
      sum1.intoArray(lanes, lane + LANES);
    }
  }

  /** {@link UpdateOp#ADAGRAD}. */
  static void adagrad(
      float[] factors, int from, int to, float[][] vectors, int[] offsets, float[] lanes, int at) {
    float[] pArray = vectors[0];
    int pOff = offsets[0];
    float[] gArray = vectors[1];
    int gOff = offsets[1];
    float[] sArray = vectors[2];
    int sOff = offsets[2];
    float[] pOutArray = vectors[3];
    int pOutOff = offsets[3];
    float[] sOutArray = vectors[4];
    int sOutOff = offsets[4];
    float alpha = factors[0];
    float eps = factors[1];
    for (int i = from; i < to; i += L) {
      FloatVector p = load(pArray, pOff + i);
      FloatVector g = load(gArray, gOff + i);
      FloatVector s = load(sArray, sOff + i);
      FloatVector sOut = g.mul(g).add(s);
      FloatVector pOut = p.sub(g.mul(alpha).div(sOut.add(eps).sqrt()));
      pOut.intoArray(pOutArray, pOutOff + i);
      sOut.intoArray(sOutArray, sOutOff + i);
    }
  }

  /** {@link UpdateOp#ADAGRAD_HYPER}. */
  static void adagradHyper(
      float[] factors, int from, int to, float[][] vectors, int[] offsets, float[] lanes, int at) {
    float[] cArray = vectors[0];
    int cOff = offsets[0];
    float[] gArray = vectors[1];
    int gOff = offsets[1];
    float[] sArray = vectors[2];
    int sOff = offsets[2];
    float eps = factors[1];
    for (int first = 0; first < LANES; first += L) {
      int lane = at + first;
      FloatVector sum0 = load(lanes, lane);
      for (int i = from + first; i < to; i += LANES) {
        FloatVector c = load(cArray, cOff + i);
        FloatVector g = load(gArray, gOff + i);
        FloatVector s = load(sArray, sOff + i);
        sum0 = sum0.add(c.mul(g).div(g.fma(g, s).add(eps).sqrt()));
      }
      sum0.intoArray(lanes, lane);
    }
  }

  /** {@link UpdateOp#RMSPROP}. */
  static void rmsprop(
      float[] factors, int from, int to, float[][] vectors, int[] offsets, float[] lanes, int at) {
    float[] pArray = vectors[0];
    int pOff = offsets[0];
    float[] gArray = vectors[1];
    int gOff = offsets[1];
    float[] sArray = vectors[2];
    int sOff = offsets[2];
    float[] pOutArray = vectors[3];
    int pOutOff = offsets[3];
    float[] sOutArray = vectors[4];
    int sOutOff = offsets[4];
    float alpha = factors[0];
    FloatVector gammaHigh = all(factors[1]);
    FloatVector gammaLow = all(factors[2]);
    float gammaRest = factors[3];
    float eps = factors[4];
    for (int i = from; i < to; i += L) {
      FloatVector p = load(pArray, pOff + i);
      FloatVector g = load(gArray, gOff + i);
      FloatVector s = load(sArray, sOff + i);
      FloatVector sOut = s.fma(gammaHigh, s.fma(gammaLow, g.mul(g).mul(gammaRest)));
      FloatVector pOut = p.sub(g.mul(alpha).div(sOut.add(eps).sqrt()));
      pOut.intoArray(pOutArray, pOutOff + i);
      sOut.intoArray(sOutArray, sOutOff + i);
    }
  }

  /** {@link UpdateOp#RMSPROP_HYPER}. */
  static void rmspropHyper(
      float[] factors, int from, int to, float[][] vectors, int[] offsets, float[] lanes, int at) {
    float[] cArray = vectors[0];
    int cOff = offsets[0];
    float[] gArray = vectors[1];
    int gOff = offsets[1];
    float[] sArray = vectors[2];
    int sOff = offsets[2];
    FloatVector gammaHigh = all(factors[1]);
    FloatVector gammaLow = all(factors[2]);
    float gammaRest = factors[3];
    float eps = factors[4];
    for (int first = 0; first < LANES; first += L) {
      int lane = at + first;
      FloatVector sum0 = load(lanes, lane);
      FloatVector sum1 = load(lanes, lane + LANES);
      for (int i = from + first; i < to; i += LANES) {
        FloatVector c = load(cArray, cOff + i);
        FloatVector g = load(gArray, gOff + i);
        FloatVector s = load(sArray, sOff + i);
        FloatVector square = g.mul(g);
        FloatVector inner = s.fma(gammaHigh, s.fma(gammaLow, square.mul(gammaRest))).add(eps);
        FloatVector share = c.mul(g).div(inner.sqrt());
        sum0 = sum0.add(share);
        sum1 = sum1.add(share.mul(s.sub(square)).div(inner));
      }
      sum0.intoArray(lanes, lane);
      sum1.intoArray(lanes, lane + LANES);
    }
  }

  /** {@link UpdateOp#ADAM}. */
  static void adam(
      float[] factors, int from, int to, float[][] vectors, int[] offsets, float[] lanes, int at) {
    float[] pArray = vectors[0];
    int pOff = offsets[0];
    float[] gArray = vectors[1];
    int gOff = offsets[1];
    float[] mArray = vectors[2];
    int mOff = offsets[2];
    float[] vArray = vectors[3];
    int vOff = offsets[3];
    float[] pOutArray = vectors[4];
    int pOutOff = offsets[4];
    float[] mOutArray = vectors[5];
    int mOutOff = offsets[5];
    float[] vOutArray = vectors[6];
    int vOutOff = offsets[6];
    FloatVector beta1High = all(factors[1]);
    FloatVector beta1Low = all(factors[2]);
    float beta1Rest = factors[3];
    FloatVector beta2High = all(factors[4]);
    FloatVector beta2Low = all(factors[5]);
    float beta2Rest = factors[6];
    float eps = factors[7];
    float step = factors[9];
    float hat = factors[10];
    for (int i = from; i < to; i += L) {
      FloatVector p = load(pArray, pOff + i);
      FloatVector g = load(gArray, gOff + i);
      FloatVector m = load(mArray, mOff + i);
      FloatVector v = load(vArray, vOff + i);
      FloatVector mOut = m.fma(beta1High, m.fma(beta1Low, g.mul(beta1Rest)));
      FloatVector vOut = v.fma(beta2High, v.fma(beta2Low, g.mul(g).mul(beta2Rest)));
      FloatVector pOut = p.sub(mOut.mul(step).div(vOut.mul(hat).sqrt().add(eps)));
      pOut.intoArray(pOutArray, pOutOff + i);
      mOut.intoArray(mOutArray, mOutOff + i);
      vOut.intoArray(vOutArray, vOutOff + i);
    }
  }

  /** {@link UpdateOp#ADAM_HYPER}. */
  static void adamHyper(
      float[] factors, int from, int to, float[][] vectors, int[] offsets, float[] lanes, int at) {
    float[] cArray = vectors[0];
    int cOff = offsets[0];
    float[] gArray = vectors[1];
    int gOff = offsets[1];
    float[] mArray = vectors[2];
    int mOff = offsets[2];
    float[] vArray = vectors[3];
    int vOff = offsets[3];
    FloatVector beta1High = all(factors[1]);
    FloatVector beta1Low = all(factors[2]);
    float beta1Rest = factors[3];
    FloatVector beta2High = all(factors[4]);
    FloatVector beta2Low = all(factors[5]);
    float beta2Rest = factors[6];
    float eps = factors[7];
    float mHat = factors[9];
    float vHat = factors[10];
    float mSlope = factors[11];
    float vSlope = factors[12];
    for (int first = 0; first < LANES; first += L) {
      int lane = at + first;
      FloatVector sum0 = load(lanes, lane);
      FloatVector sum1 = load(lanes, lane + LANES);
      FloatVector sum2 = load(lanes, lane + 2 * LANES);
      for (int i = from + first; i < to; i += LANES) {
        FloatVector c = load(cArray, cOff + i);
        FloatVector g = load(gArray, gOff + i);
        FloatVector m = load(mArray, mOff + i);
        FloatVector v = load(vArray, vOff + i);
        FloatVector square = g.mul(g);
        FloatVector mNew = m.fma(beta1High, m.fma(beta1Low, g.mul(beta1Rest)));
        FloatVector vNew = v.fma(beta2High, v.fma(beta2Low, square.mul(beta2Rest)));
        FloatVector mean = mNew.mul(mHat);
        FloatVector root = vNew.mul(vHat).sqrt();
        FloatVector below = root.add(eps);
        FloatVector share = c.div(below);
        FloatVector meanRate = m.sub(g).mul(mHat).add(mNew.mul(mSlope));
        FloatVector squareRate = v.sub(square).mul(vHat).add(vNew.mul(vSlope));
        sum0 = sum0.add(share.mul(mean));
        sum1 = sum1.add(share.mul(meanRate));
        // The quotient first: squareRate alone is beyond what floats reach where beta2 is next to 1.
        FloatVector slope = share.mul(mean).mul(squareRate.div(below.mul(root)));
        sum2 = sum2.add(slope, root.compare(VectorOperators.EQ, 0).not());
      }
      sum0.intoArray(lanes, lane);
      sum1.intoArray(lanes, lane + LANES);
      sum2.intoArray(lanes, lane + 2 * LANES);
    }
  }

  /** {@link UpdateOp#TRACE}. */
  static void trace(
      float[] factors, int from, int to, float[][] vectors, int[] offsets, float[] lanes, int at) {
    float[] gArray = vectors[0];
    int gOff = offsets[0];
    float[] wArray = vectors[1];
    int wOff = offsets[1];
    float[] meanArray = vectors[2];
    int meanOff = offsets[2];
    float[] meanOutArray = vectors[3];
    int meanOutOff = offsets[3];
    float rate = factors[0];
    for (int first = 0; first < LANES; first += L) {
      int lane = at + first;
      FloatVector sum0 = load(lanes, lane);
      FloatVector sum1 = load(lanes, lane + LANES);
      FloatVector sum2 = load(lanes, lane + 2 * LANES);
      for (int i = from + first; i < to; i += LANES) {
        FloatVector g = load(gArray, gOff + i);
        FloatVector w = load(wArray, wOff + i);
        FloatVector mean = load(meanArray, meanOff + i);
        FloatVector e = w.sub(mean);
        FloatVector meanOut = e.mul(rate).add(mean);
        sum0 = sum0.add(g.mul(e));
        sum1 = sum1.add(g.mul(g));
        sum2 = sum2.add(e.mul(e));
        meanOut.intoArray(meanOutArray, meanOutOff + i);
      }
      sum0.intoArray(lanes, lane);
      sum1.intoArray(lanes, lane + LANES);
      sum2.intoArray(lanes, lane + 2 * LANES);
    }
  }

  /** {@link UpdateOp#PRODIGY_TERMS}. */
  static void prodigyTerms(
      float[] factors, int from, int to, float[][] vectors, int[] offsets, float[] lanes, int at) {
    float[] pArray = vectors[0];
    int pOff = offsets[0];
    float[] gArray = vectors[1];
    int gOff = offsets[1];
    float[] mArray = vectors[2];
    int mOff = offsets[2];
    float[] vArray = vectors[3];
    int vOff = offsets[3];
    float[] sArray = vectors[4];
    int sOff = offsets[4];
    float[] x0Array = vectors[5];
    int x0Off = offsets[5];
    float[] mOutArray = vectors[6];
    int mOutOff = offsets[6];
    float[] vOutArray = vectors[7];
    int vOutOff = offsets[7];
    float[] sOutArray = vectors[8];
    int sOutOff = offsets[8];
    float d = factors[0];
    float weight = factors[1];
    FloatVector beta1High = all(factors[2]);
    FloatVector beta1Low = all(factors[3]);
    float beta1Rest = factors[4];
    FloatVector beta2High = all(factors[5]);
    FloatVector beta2Low = all(factors[6]);
    float beta2Rest = factors[7];
    FloatVector keptHigh = all(factors[9]);
    FloatVector keptLow = all(factors[10]);
    for (int first = 0; first < LANES; first += L) {
      int lane = at + first;
      FloatVector sum0 = load(lanes, lane);
      FloatVector sum1 = load(lanes, lane + LANES);
      for (int i = from + first; i < to; i += LANES) {
        FloatVector p = load(pArray, pOff + i);
        FloatVector g = load(gArray, gOff + i);
        FloatVector m = load(mArray, mOff + i);
        FloatVector v = load(vArray, vOff + i);
        FloatVector s = load(sArray, sOff + i);
        FloatVector x0 = load(x0Array, x0Off + i);
        FloatVector scaled = g.mul(d);
        FloatVector mOut = m.fma(beta1High, m.fma(beta1Low, scaled.mul(beta1Rest)));
        FloatVector vOut = v.fma(beta2High, v.fma(beta2Low, scaled.mul(scaled).mul(beta2Rest)));
        FloatVector sOut = s.fma(keptHigh, s.fma(keptLow, g.mul(weight)));
        sum0 = sum0.add(x0.sub(p).mul(g));
        sum1 = sum1.add(sOut.abs());
        mOut.intoArray(mOutArray, mOutOff + i);
        vOut.intoArray(vOutArray, vOutOff + i);
        sOut.intoArray(sOutArray, sOutOff + i);
      }
      sum0.intoArray(lanes, lane);
      sum1.intoArray(lanes, lane + LANES);
    }
  }

  /** {@link UpdateOp#DADAPT_ADAM_TERMS}. */
  static void dadaptAdamTerms(
      float[] factors, int from, int to, float[][] vectors, int[] offsets, float[] lanes, int at) {
    float[] gArray = vectors[0];
    int gOff = offsets[0];
    float[] mArray = vectors[1];
    int mOff = offsets[1];
    float[] vArray = vectors[2];
    int vOff = offsets[2];
    float[] sArray = vectors[3];
    int sOff = offsets[3];
    float[] mOutArray = vectors[4];
    int mOutOff = offsets[4];
    float[] vOutArray = vectors[5];
    int vOutOff = offsets[5];
    float[] sOutArray = vectors[6];
    int sOutOff = offsets[6];
    float step = factors[0];
    FloatVector beta1High = all(factors[1]);
    FloatVector beta1Low = all(factors[2]);
    float beta1Rest = factors[3];
    FloatVector beta2High = all(factors[4]);
    FloatVector beta2Low = all(factors[5]);
    float beta2Rest = factors[6];
    float eps = factors[7];
    FloatVector root2High = all(factors[8]);
    FloatVector root2Low = all(factors[9]);
    float root2Rest = factors[10];
    for (int first = 0; first < LANES; first += L) {
      int lane = at + first;
      FloatVector sum0 = load(lanes, lane);
      FloatVector sum1 = load(lanes, lane + LANES);
      for (int i = from + first; i < to; i += LANES) {
        FloatVector g = load(gArray, gOff + i);
        FloatVector m = load(mArray, mOff + i);
        FloatVector v = load(vArray, vOff + i);
        FloatVector s = load(sArray, sOff + i);
        FloatVector scaled = g.mul(step);
        FloatVector mOut = m.fma(beta1High, m.fma(beta1Low, scaled.mul(beta1Rest)));
        FloatVector vOut = v.fma(beta2High, v.fma(beta2Low, g.mul(g).mul(beta2Rest)));
        FloatVector sOut = s.fma(root2High, s.fma(root2Low, scaled.mul(root2Rest)));
        sum0 = sum0.add(s.div(v.sqrt().add(eps)).mul(scaled));
        sum1 = sum1.add(sOut.abs());
        mOut.intoArray(mOutArray, mOutOff + i);
        vOut.intoArray(vOutArray, vOutOff + i);
        sOut.intoArray(sOutArray, sOutOff + i);
      }
      sum0.intoArray(lanes, lane);
      sum1.intoArray(lanes, lane + LANES);
    }
  }

  /** {@link UpdateOp#DADAPT_SGD_TERMS}. */
  static void dadaptSgdTerms(
      float[] factors, int from, int to, float[][] vectors, int[] offsets, float[] lanes, int at) {
    float[] gArray = vectors[0];
    int gOff = offsets[0];
    float[] rawArray = vectors[1];
    int rawOff = offsets[1];
    float[] sArray = vectors[2];
    int sOff = offsets[2];
    float[] sOutArray = vectors[3];
    int sOutOff = offsets[3];
    float step = factors[0];
    for (int first = 0; first < LANES; first += L) {
      int lane = at + first;
      FloatVector sum0 = load(lanes, lane);
      FloatVector sum1 = load(lanes, lane + LANES);
      FloatVector sum2 = load(lanes, lane + 2 * LANES);
      for (int i = from + first; i < to; i += LANES) {
        FloatVector g = load(gArray, gOff + i);
        FloatVector raw = load(rawArray, rawOff + i);
        FloatVector s = load(sArray, sOff + i);
        FloatVector scaled = g.mul(step);
        FloatVector sOut = s.add(scaled);
        sum0 = sum0.add(scaled.mul(s));
        sum1 = sum1.add(sOut.mul(sOut));
        sum2 = sum2.add(raw.mul(raw));
        sOut.intoArray(sOutArray, sOutOff + i);
      }
      sum0.intoArray(lanes, lane);
      sum1.intoArray(lanes, lane + LANES);
      sum2.intoArray(lanes, lane + 2 * LANES);
    }
  }

  /** {@link UpdateOp#DISTANCE_TERMS}. */
  static void distanceTerms(
      float[] factors, int from, int to, float[][] vectors, int[] offsets, float[] lanes, int at) {
    float[] pArray = vectors[0];
    int pOff = offsets[0];
    float[] gArray = vectors[1];
    int gOff = offsets[1];
    float[] x0Array = vectors[2];
    int x0Off = offsets[2];
    for (int first = 0; first < LANES; first += L) {
      int lane = at + first;
      FloatVector sum0 = load(lanes, lane);
      FloatVector sum1 = load(lanes, lane + LANES);
      FloatVector sum2 = load(lanes, lane + 2 * LANES);
      for (int i = from + first; i < to; i += LANES) {
        FloatVector p = load(pArray, pOff + i);
        FloatVector g = load(gArray, gOff + i);
        FloatVector x0 = load(x0Array, x0Off + i);
        FloatVector away = p.sub(x0);
        sum0 = sum0.add(g.mul(g));
        sum1 = sum1.add(away.mul(away));
        sum2 = sum2.add(x0.mul(x0));
      }
      sum0.intoArray(lanes, lane);
      sum1.intoArray(lanes, lane + LANES);
      sum2.intoArray(lanes, lane + 2 * LANES);
    }
  }

  /** {@link UpdateOp#MECHANIC_TERMS}. */
  static void mechanicTerms(
      float[] factors, int from, int to, float[][] vectors, int[] offsets, float[] lanes, int at) {
    float[] pArray = vectors[0];
    int pOff = offsets[0];
    float[] gArray = vectors[1];
    int gOff = offsets[1];
    float[] qArray = vectors[2];
    int qOff = offsets[2];
    float[] oArray = vectors[3];
    int oOff = offsets[3];
    float[] oOutArray = vectors[4];
    int oOutOff = offsets[4];
    for (int first = 0; first < LANES; first += L) {
      int lane = at + first;
      FloatVector sum0 = load(lanes, lane);
      FloatVector sum1 = load(lanes, lane + LANES);
      FloatVector sum2 = load(lanes, lane + 2 * LANES);
      FloatVector sum3 = load(lanes, lane + 3 * LANES);
      for (int i = from + first; i < to; i += LANES) {
        FloatVector p = load(pArray, pOff + i);
        FloatVector g = load(gArray, gOff + i);
        FloatVector q = load(qArray, qOff + i);
        FloatVector o = load(oArray, oOff + i);
        FloatVector oOut = o.add(q.sub(p));
        sum0 = sum0.add(g.mul(g));
        sum1 = sum1.add(q.mul(q));
        sum2 = sum2.add(o.mul(g));
        sum3 = sum3.add(o.mul(q));
        oOut.intoArray(oOutArray, oOutOff + i);
      }
      sum0.intoArray(lanes, lane);
      sum1.intoArray(lanes, lane + LANES);
      sum2.intoArray(lanes, lane + 2 * LANES);
      sum3.intoArray(lanes, lane + 3 * LANES);
    }
  }

  /** {@link UpdateOp#MEANS_STEP}. */
  static void meansStep(
      float[] factors, int from, int to, float[][] vectors, int[] offsets, float[] lanes, int at) {
    float[] pArray = vectors[0];
    int pOff = offsets[0];
    float[] mArray = vectors[1];
    int mOff = offsets[1];
    float[] vArray = vectors[2];
    int vOff = offsets[2];
    float[] pOutArray = vectors[3];
    int pOutOff = offsets[3];
    float step = factors[0];
    float eps = factors[1];
    for (int i = from; i < to; i += L) {
      FloatVector p = load(pArray, pOff + i);
      FloatVector m = load(mArray, mOff + i);
      FloatVector v = load(vArray, vOff + i);
      FloatVector pOut = p.sub(m.div(v.sqrt().add(eps)).mul(step));
      pOut.intoArray(pOutArray, pOutOff + i);
    }
  }

  /** {@link UpdateOp#SCHEDULE_FREE_SGD}. */
  static void scheduleFreeSgd(
      float[] factors, int from, int to, float[][] vectors, int[] offsets, float[] lanes, int at) {
    float[] yArray = vectors[0];
    int yOff = offsets[0];
    float[] gArray = vectors[1];
    int gOff = offsets[1];
    float[] zArray = vectors[2];
    int zOff = offsets[2];
    float[] yOutArray = vectors[3];
    int yOutOff = offsets[3];
    float[] zOutArray = vectors[4];
    int zOutOff = offsets[4];
    float step = factors[0];
    float shrink = factors[1];
    float beta = factors[2];
    float share = factors[5];
    for (int i = from; i < to; i += L) {
      FloatVector y = load(yArray, yOff + i);
      FloatVector g = load(gArray, gOff + i);
      FloatVector z = load(zArray, zOff + i);
      FloatVector down = g.mul(step).add(y.mul(shrink));
      FloatVector zOut = z.sub(down);
      FloatVector yOut = zOut.add(down.add(y.sub(z).div(beta)).mul(share));
      yOut.intoArray(yOutArray, yOutOff + i);
      zOut.intoArray(zOutArray, zOutOff + i);
    }
  }

  /** {@link UpdateOp#SCHEDULE_FREE_ADAM}. */
  static void scheduleFreeAdam(
      float[] factors, int from, int to, float[][] vectors, int[] offsets, float[] lanes, int at) {
    float[] yArray = vectors[0];
    int yOff = offsets[0];
    float[] gArray = vectors[1];
    int gOff = offsets[1];
    float[] zArray = vectors[2];
    int zOff = offsets[2];
    float[] vArray = vectors[3];
    int vOff = offsets[3];
    float[] yOutArray = vectors[4];
    int yOutOff = offsets[4];
    float[] zOutArray = vectors[5];
    int zOutOff = offsets[5];
    float[] vOutArray = vectors[6];
    int vOutOff = offsets[6];
    float step = factors[0];
    float shrink = factors[1];
    float beta = factors[2];
    FloatVector beta2High = all(factors[5]);
    FloatVector beta2Low = all(factors[6]);
    float beta2Rest = factors[7];
    float eps = factors[8];
    float share = factors[10];
    float hat = factors[11];
    for (int i = from; i < to; i += L) {
      FloatVector y = load(yArray, yOff + i);
      FloatVector g = load(gArray, gOff + i);
      FloatVector z = load(zArray, zOff + i);
      FloatVector v = load(vArray, vOff + i);
      FloatVector vOut = v.fma(beta2High, v.fma(beta2Low, g.mul(g).mul(beta2Rest)));
      FloatVector down = g.div(vOut.mul(hat).sqrt().add(eps)).mul(step).add(y.mul(shrink));
      FloatVector zOut = z.sub(down);
      FloatVector yOut = zOut.add(down.add(y.sub(z).div(beta)).mul(share));
      yOut.intoArray(yOutArray, yOutOff + i);
      zOut.intoArray(zOutArray, zOutOff + i);
      vOut.intoArray(vOutArray, vOutOff + i);
    }
  }

  /** {@link UpdateOp#GRADIENT_TERMS}. */
  static void gradientTerms(
      float[] factors, int from, int to, float[][] vectors, int[] offsets, float[] lanes, int at) {
    float[] gArray = vectors[0];
    int gOff = offsets[0];
    float[] aArray = vectors[1];
    int aOff = offsets[1];
    float[] bArray = vectors[2];
    int bOff = offsets[2];
    for (int first = 0; first < LANES; first += L) {
      int lane = at + first;
      FloatVector sum0 = load(lanes, lane);
      FloatVector sum1 = load(lanes, lane + LANES);
      FloatVector sum2 = load(lanes, lane + 2 * LANES);
      FloatVector sum3 = load(lanes, lane + 3 * LANES);
      for (int i = from + first; i < to; i += LANES) {
        FloatVector g = load(gArray, gOff + i);
        FloatVector a = load(aArray, aOff + i);
        FloatVector b = load(bArray, bOff + i);
        sum0 = sum0.add(g.mul(g));
        sum1 = sum1.add(a.mul(g));
        sum2 = sum2.add(b.mul(g));
        sum3 = sum3.add(b.mul(b));
      }
      sum0.intoArray(lanes, lane);
      sum1.intoArray(lanes, lane + LANES);
      sum2.intoArray(lanes, lane + 2 * LANES);
      sum3.intoArray(lanes, lane + 3 * LANES);
    }
  }

  /** {@link UpdateOp#SCALED_STEP}. */
  static void scaledStep(
      float[] factors, int from, int to, float[][] vectors, int[] offsets, float[] lanes, int at) {
    float[] pArray = vectors[0];
    int pOff = offsets[0];
    float[] gArray = vectors[1];
    int gOff = offsets[1];
    float[] beforeArray = vectors[2];
    int beforeOff = offsets[2];
    float[] PArray = vectors[3];
    int POff = offsets[3];
    float[] GArray = vectors[4];
    int GOff = offsets[4];
    float[] pOutArray = vectors[5];
    int pOutOff = offsets[5];
    float[] POutArray = vectors[6];
    int POutOff = offsets[6];
    float[] GOutArray = vectors[7];
    int GOutOff = offsets[7];
    float alpha = factors[0];
    float squares = factors[1];
    float eps = factors[2];
    for (int i = from; i < to; i += L) {
      FloatVector p = load(pArray, pOff + i);
      FloatVector g = load(gArray, gOff + i);
      FloatVector before = load(beforeArray, beforeOff + i);
      FloatVector P = load(PArray, POff + i);
      FloatVector G = load(GArray, GOff + i);
      FloatVector h = g.mul(before).neg().div(squares);
      FloatVector GOut = G.add(h.mul(h));
      FloatVector POut = P.sub(h.mul(alpha).div(GOut.sqrt().add(eps)));
      FloatVector pOut = p.sub(g.mul(POut));
      pOut.intoArray(pOutArray, pOutOff + i);
      POut.intoArray(POutArray, POutOff + i);
      GOut.intoArray(GOutArray, GOutOff + i);
    }
  }

  /** {@link UpdateOp#SCALED_MOMENTUM}. */
  static void scaledMomentum(
      float[] factors, int from, int to, float[][] vectors, int[] offsets, float[] lanes, int at) {
    float[] pArray = vectors[0];
    int pOff = offsets[0];
    float[] gArray = vectors[1];
    int gOff = offsets[1];
    float[] beforeArray = vectors[2];
    int beforeOff = offsets[2];
    float[] PArray = vectors[3];
    int POff = offsets[3];
    float[] GArray = vectors[4];
    int GOff = offsets[4];
    float[] lastArray = vectors[5];
    int lastOff = offsets[5];
    float[] pOutArray = vectors[6];
    int pOutOff = offsets[6];
    float[] POutArray = vectors[7];
    int POutOff = offsets[7];
    float[] GOutArray = vectors[8];
    int GOutOff = offsets[8];
    float[] movedOutArray = vectors[9];
    int movedOutOff = offsets[9];
    float alpha = factors[0];
    float squares = factors[1];
    float eps = factors[2];
    float mu = factors[3];
    for (int i = from; i < to; i += L) {
      FloatVector p = load(pArray, pOff + i);
      FloatVector g = load(gArray, gOff + i);
      FloatVector before = load(beforeArray, beforeOff + i);
      FloatVector P = load(PArray, POff + i);
      FloatVector G = load(GArray, GOff + i);
      FloatVector last = load(lastArray, lastOff + i);
      FloatVector h = g.mul(before).neg().div(squares);
      FloatVector GOut = G.add(h.mul(h));
      FloatVector POut = P.sub(h.mul(alpha).div(GOut.sqrt().add(eps)));
      FloatVector movedOut = p.sub(last);
      FloatVector pOut = p.sub(g.mul(POut)).add(movedOut.mul(mu));
      pOut.intoArray(pOutArray, pOutOff + i);
      POut.intoArray(POutArray, POutOff + i);
      GOut.intoArray(GOutArray, GOutOff + i);
      movedOut.intoArray(movedOutArray, movedOutOff + i);
    }
  }
}
