// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.updates;

import io.hypertape.kernels.lanes.Fma;
import io.hypertape.kernels.lanes.VirtualVector;

/** The scalar twins of {@link VectorUpdateLoops}: the same bits. */
final class ScalarUpdateLoops {

  private static final int LANES = VirtualVector.LANES;

  private ScalarUpdateLoops() {}

  private static float sqrt(float x) {
    return (float) Math.sqrt(x);
  }

  private static float abs(float x) {
    return Math.abs(x);
  }

  private static float fma(float a, float b, float c) {
    return Fma.fma(a, b, c);
  }

  /** β·m + x, of a decay's parts. */
  private static float keep(float m, float x, float high, float low) {
    return Fma.fma(m, high, Fma.fma(m, low, x));
  }

  /** β·m + (1 − β)·x. */
  private static float mean(float m, float x, float high, float low, float rest) {
    return keep(m, x * rest, high, low);
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
      case SGD_HYPER -> sgdHyper(factors, from, to, vectors, offsets, lanes, at);
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
    for (int i = from; i < to; i++) {
      float p = pArray[pOff + i];
      float g = gArray[gOff + i];
      float pOut = p - g * alpha;
      pOutArray[pOutOff + i] = pOut;
    }
  }

  /** {@link UpdateOp#SGD_HYPER}. */
  static void sgdHyper(
      float[] factors, int from, int to, float[][] vectors, int[] offsets, float[] lanes, int at) {
    float[] cArray = vectors[0];
    int cOff = offsets[0];
    float[] gArray = vectors[1];
    int gOff = offsets[1];
    for (int i = from; i < to; i++) {
      int lane = at + (i - from) % LANES;
      float c = cArray[cOff + i];
      float g = gArray[gOff + i];
      lanes[lane] += c * g;
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
    for (int i = from; i < to; i++) {
      float p = pArray[pOff + i];
      float g = gArray[gOff + i];
      float b = bArray[bOff + i];
      float bOut = b * mu + g;
      float pOut = p - bOut * alpha;
      pOutArray[pOutOff + i] = pOut;
      bOutArray[bOutOff + i] = bOut;
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
    for (int i = from; i < to; i++) {
      int lane = at + (i - from) % LANES;
      float c = cArray[cOff + i];
      float g = gArray[gOff + i];
      float b = bArray[bOff + i];
      lanes[lane] += c * (b * mu + g);
      lanes[lane + LANES] += c * b;
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
    for (int i = from; i < to; i++) {
      float p = pArray[pOff + i];
      float g = gArray[gOff + i];
      float s = sArray[sOff + i];
      float sOut = g * g + s;
      float pOut = p - g * alpha / sqrt(sOut + eps);
      pOutArray[pOutOff + i] = pOut;
      sOutArray[sOutOff + i] = sOut;
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
    for (int i = from; i < to; i++) {
      int lane = at + (i - from) % LANES;
      float c = cArray[cOff + i];
      float g = gArray[gOff + i];
      float s = sArray[sOff + i];
      lanes[lane] += c * g / sqrt(fma(g, g, s) + eps);
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
    float gammaHigh = factors[1];
    float gammaLow = factors[2];
    float gammaRest = factors[3];
    float eps = factors[4];
    for (int i = from; i < to; i++) {
      float p = pArray[pOff + i];
      float g = gArray[gOff + i];
      float s = sArray[sOff + i];
      float sOut = mean(s, g * g, gammaHigh, gammaLow, gammaRest);
      float pOut = p - g * alpha / sqrt(sOut + eps);
      pOutArray[pOutOff + i] = pOut;
      sOutArray[sOutOff + i] = sOut;
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
    float gammaHigh = factors[1];
    float gammaLow = factors[2];
    float gammaRest = factors[3];
    float eps = factors[4];
    for (int i = from; i < to; i++) {
      int lane = at + (i - from) % LANES;
      float c = cArray[cOff + i];
      float g = gArray[gOff + i];
      float s = sArray[sOff + i];
      float square = g * g;
      float inner = mean(s, square, gammaHigh, gammaLow, gammaRest) + eps;
      float share = c * g / sqrt(inner);
      lanes[lane] += share;
      lanes[lane + LANES] += share * (s - square) / inner;
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
    float beta1High = factors[1];
    float beta1Low = factors[2];
    float beta1Rest = factors[3];
    float beta2High = factors[4];
    float beta2Low = factors[5];
    float beta2Rest = factors[6];
    float eps = factors[7];
    float step = factors[9];
    float hat = factors[10];
    for (int i = from; i < to; i++) {
      float p = pArray[pOff + i];
      float g = gArray[gOff + i];
      float m = mArray[mOff + i];
      float v = vArray[vOff + i];
      float mOut = mean(m, g, beta1High, beta1Low, beta1Rest);
      float vOut = mean(v, g * g, beta2High, beta2Low, beta2Rest);
      float pOut = p - mOut * step / (sqrt(vOut * hat) + eps);
      pOutArray[pOutOff + i] = pOut;
      mOutArray[mOutOff + i] = mOut;
      vOutArray[vOutOff + i] = vOut;
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
    float beta1High = factors[1];
    float beta1Low = factors[2];
    float beta1Rest = factors[3];
    float beta2High = factors[4];
    float beta2Low = factors[5];
    float beta2Rest = factors[6];
    float eps = factors[7];
    float mHat = factors[9];
    float vHat = factors[10];
    float mSlope = factors[11];
    float vSlope = factors[12];
    for (int i = from; i < to; i++) {
      int lane = at + (i - from) % LANES;
      float c = cArray[cOff + i];
      float g = gArray[gOff + i];
      float m = mArray[mOff + i];
      float v = vArray[vOff + i];
      float square = g * g;
      float mNew = mean(m, g, beta1High, beta1Low, beta1Rest);
      float vNew = mean(v, square, beta2High, beta2Low, beta2Rest);
      float mean = mNew * mHat;
      float root = sqrt(vNew * vHat);
      float below = root + eps;
      float share = c / below;
      float meanRate = (m - g) * mHat + mNew * mSlope;
      float squareRate = (v - square) * vHat + vNew * vSlope;
      lanes[lane] += share * mean;
      lanes[lane + LANES] += share * meanRate;
      // The quotient first: squareRate alone is beyond what floats reach where beta2 is next to 1.
      float slope = share * mean * (squareRate / (below * root));
      if (root != 0) {
        lanes[lane + 2 * LANES] += slope;
      }
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
    for (int i = from; i < to; i++) {
      int lane = at + (i - from) % LANES;
      float g = gArray[gOff + i];
      float w = wArray[wOff + i];
      float mean = meanArray[meanOff + i];
      float e = w - mean;
      float meanOut = e * rate + mean;
      lanes[lane] += g * e;
      lanes[lane + LANES] += g * g;
      lanes[lane + 2 * LANES] += e * e;
      meanOutArray[meanOutOff + i] = meanOut;
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
    float beta1High = factors[2];
    float beta1Low = factors[3];
    float beta1Rest = factors[4];
    float beta2High = factors[5];
    float beta2Low = factors[6];
    float beta2Rest = factors[7];
    float keptHigh = factors[9];
    float keptLow = factors[10];
    for (int i = from; i < to; i++) {
      int lane = at + (i - from) % LANES;
      float p = pArray[pOff + i];
      float g = gArray[gOff + i];
      float m = mArray[mOff + i];
      float v = vArray[vOff + i];
      float s = sArray[sOff + i];
      float x0 = x0Array[x0Off + i];
      float scaled = g * d;
      float mOut = mean(m, scaled, beta1High, beta1Low, beta1Rest);
      float vOut = mean(v, scaled * scaled, beta2High, beta2Low, beta2Rest);
      float sOut = keep(s, g * weight, keptHigh, keptLow);
      lanes[lane] += (x0 - p) * g;
      lanes[lane + LANES] += abs(sOut);
      mOutArray[mOutOff + i] = mOut;
      vOutArray[vOutOff + i] = vOut;
      sOutArray[sOutOff + i] = sOut;
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
    float beta1High = factors[1];
    float beta1Low = factors[2];
    float beta1Rest = factors[3];
    float beta2High = factors[4];
    float beta2Low = factors[5];
    float beta2Rest = factors[6];
    float eps = factors[7];
    float root2High = factors[8];
    float root2Low = factors[9];
    float root2Rest = factors[10];
    for (int i = from; i < to; i++) {
      int lane = at + (i - from) % LANES;
      float g = gArray[gOff + i];
      float m = mArray[mOff + i];
      float v = vArray[vOff + i];
      float s = sArray[sOff + i];
      float scaled = g * step;
      float mOut = mean(m, scaled, beta1High, beta1Low, beta1Rest);
      float vOut = mean(v, g * g, beta2High, beta2Low, beta2Rest);
      float sOut = mean(s, scaled, root2High, root2Low, root2Rest);
      lanes[lane] += s / (sqrt(v) + eps) * scaled;
      lanes[lane + LANES] += abs(sOut);
      mOutArray[mOutOff + i] = mOut;
      vOutArray[vOutOff + i] = vOut;
      sOutArray[sOutOff + i] = sOut;
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
    for (int i = from; i < to; i++) {
      int lane = at + (i - from) % LANES;
      float g = gArray[gOff + i];
      float raw = rawArray[rawOff + i];
      float s = sArray[sOff + i];
      float scaled = g * step;
      float sOut = s + scaled;
      lanes[lane] += scaled * s;
      lanes[lane + LANES] += sOut * sOut;
      lanes[lane + 2 * LANES] += raw * raw;
      sOutArray[sOutOff + i] = sOut;
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
    for (int i = from; i < to; i++) {
      int lane = at + (i - from) % LANES;
      float p = pArray[pOff + i];
      float g = gArray[gOff + i];
      float x0 = x0Array[x0Off + i];
      float away = p - x0;
      lanes[lane] += g * g;
      lanes[lane + LANES] += away * away;
      lanes[lane + 2 * LANES] += x0 * x0;
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
    for (int i = from; i < to; i++) {
      int lane = at + (i - from) % LANES;
      float p = pArray[pOff + i];
      float g = gArray[gOff + i];
      float q = qArray[qOff + i];
      float o = oArray[oOff + i];
      float oOut = o + (q - p);
      lanes[lane] += g * g;
      lanes[lane + LANES] += q * q;
      lanes[lane + 2 * LANES] += o * g;
      lanes[lane + 3 * LANES] += o * q;
      oOutArray[oOutOff + i] = oOut;
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
    for (int i = from; i < to; i++) {
      float p = pArray[pOff + i];
      float m = mArray[mOff + i];
      float v = vArray[vOff + i];
      float pOut = p - m / (sqrt(v) + eps) * step;
      pOutArray[pOutOff + i] = pOut;
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
    for (int i = from; i < to; i++) {
      float y = yArray[yOff + i];
      float g = gArray[gOff + i];
      float z = zArray[zOff + i];
      float down = g * step + y * shrink;
      float zOut = z - down;
      float yOut = zOut + (down + (y - z) / beta) * share;
      yOutArray[yOutOff + i] = yOut;
      zOutArray[zOutOff + i] = zOut;
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
    float beta2High = factors[5];
    float beta2Low = factors[6];
    float beta2Rest = factors[7];
    float eps = factors[8];
    float share = factors[10];
    float hat = factors[11];
    for (int i = from; i < to; i++) {
      float y = yArray[yOff + i];
      float g = gArray[gOff + i];
      float z = zArray[zOff + i];
      float v = vArray[vOff + i];
      float vOut = mean(v, g * g, beta2High, beta2Low, beta2Rest);
      float down = g / (sqrt(vOut * hat) + eps) * step + y * shrink;
      float zOut = z - down;
      float yOut = zOut + (down + (y - z) / beta) * share;
      yOutArray[yOutOff + i] = yOut;
      zOutArray[zOutOff + i] = zOut;
      vOutArray[vOutOff + i] = vOut;
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
    for (int i = from; i < to; i++) {
      int lane = at + (i - from) % LANES;
      float g = gArray[gOff + i];
      float a = aArray[aOff + i];
      float b = bArray[bOff + i];
      lanes[lane] += g * g;
      lanes[lane + LANES] += a * g;
      lanes[lane + 2 * LANES] += b * g;
      lanes[lane + 3 * LANES] += b * b;
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
    for (int i = from; i < to; i++) {
      float p = pArray[pOff + i];
      float g = gArray[gOff + i];
      float before = beforeArray[beforeOff + i];
      float P = PArray[POff + i];
      float G = GArray[GOff + i];
      float h = -(g * before) / squares;
      float GOut = G + h * h;
      float POut = P - h * alpha / (sqrt(GOut) + eps);
      float pOut = p - g * POut;
      pOutArray[pOutOff + i] = pOut;
      POutArray[POutOff + i] = POut;
      GOutArray[GOutOff + i] = GOut;
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
    for (int i = from; i < to; i++) {
      float p = pArray[pOff + i];
      float g = gArray[gOff + i];
      float before = beforeArray[beforeOff + i];
      float P = PArray[POff + i];
      float G = GArray[GOff + i];
      float last = lastArray[lastOff + i];
      float h = -(g * before) / squares;
      float GOut = G + h * h;
      float POut = P - h * alpha / (sqrt(GOut) + eps);
      float movedOut = p - last;
      float pOut = p - g * POut + movedOut * mu;
      pOutArray[pOutOff + i] = pOut;
      POutArray[POutOff + i] = POut;
      GOutArray[GOutOff + i] = GOut;
      movedOutArray[movedOutOff + i] = movedOut;
    }
  }
}
