// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.updates;

import io.hypertape.kernels.lanes.Fma;

/** Updates in plain loops. New values have the bits of vectors; sums are in double precision. */
final class ScalarUpdateLoops {

  private ScalarUpdateLoops() {}

  private static float sqrt(float x) {
    return (float) Math.sqrt(x);
  }

  private static float abs(float x) {
    return Math.abs(x);
  }

  /** Of a sum that is none of a vector's lanes; rounded twice, where vectors round once. */
  private static float fma(float a, float b, float c) {
    return a * b + c;
  }

  /** β·m + x, of a decay's parts at a place. */
  private static float keep(float m, float x, float[] factors, int at) {
    return Fma.fma(m, factors[at], Fma.fma(m, factors[at + 1], x));
  }

  /** β·m + (1 − β)·x. */
  private static float mean(float m, float x, float[] factors, int at) {
    return keep(m, x * factors[at + 2], factors, at);
  }

  static void run(
      UpdateOp update, float[] factors, int n, float[][] vectors, int[] offsets, double[] sums) {
    switch (update) {
      case SGD -> sgd(factors, n, vectors, offsets, sums);
      case SGD_HYPER -> sgdHyper(factors, n, vectors, offsets, sums);
      case SGD_MOMENTUM -> sgdMomentum(factors, n, vectors, offsets, sums);
      case SGD_MOMENTUM_HYPER -> sgdMomentumHyper(factors, n, vectors, offsets, sums);
      case ADAGRAD -> adagrad(factors, n, vectors, offsets, sums);
      case ADAGRAD_HYPER -> adagradHyper(factors, n, vectors, offsets, sums);
      case RMSPROP -> rmsprop(factors, n, vectors, offsets, sums);
      case RMSPROP_HYPER -> rmspropHyper(factors, n, vectors, offsets, sums);
      case ADAM -> adam(factors, n, vectors, offsets, sums);
      case ADAM_HYPER -> adamHyper(factors, n, vectors, offsets, sums);
      case TRACE -> trace(factors, n, vectors, offsets, sums);
      case PRODIGY_TERMS -> prodigyTerms(factors, n, vectors, offsets, sums);
      case DADAPT_ADAM_TERMS -> dadaptAdamTerms(factors, n, vectors, offsets, sums);
      case DADAPT_SGD_TERMS -> dadaptSgdTerms(factors, n, vectors, offsets, sums);
      case DISTANCE_TERMS -> distanceTerms(factors, n, vectors, offsets, sums);
      case MECHANIC_TERMS -> mechanicTerms(factors, n, vectors, offsets, sums);
      case MEANS_STEP -> meansStep(factors, n, vectors, offsets, sums);
      case SCHEDULE_FREE_SGD -> scheduleFreeSgd(factors, n, vectors, offsets, sums);
      case SCHEDULE_FREE_ADAM -> scheduleFreeAdam(factors, n, vectors, offsets, sums);
      case GRADIENT_TERMS -> gradientTerms(factors, n, vectors, offsets, sums);
      case SCALED_STEP -> scaledStep(factors, n, vectors, offsets, sums);
      case SCALED_MOMENTUM -> scaledMomentum(factors, n, vectors, offsets, sums);
    }
  }

  /** {@link UpdateOp#SGD}. */
  static void sgd(float[] factors, int n, float[][] vectors, int[] offsets, double[] sums) {
    float alpha = factors[0];
    for (int i = 0; i < n; i++) {
      float p = vectors[0][offsets[0] + i];
      float g = vectors[1][offsets[1] + i];
      float pOut = p - g * alpha;
      vectors[2][offsets[2] + i] = pOut;
    }
  }

  /** {@link UpdateOp#SGD_HYPER}. */
  static void sgdHyper(float[] factors, int n, float[][] vectors, int[] offsets, double[] sums) {
    double sum0 = 0;
    for (int i = 0; i < n; i++) {
      float c = vectors[0][offsets[0] + i];
      float g = vectors[1][offsets[1] + i];
      sum0 += c * g;
    }
    sums[0] = sum0;
  }

  /** {@link UpdateOp#SGD_MOMENTUM}. */
  static void sgdMomentum(float[] factors, int n, float[][] vectors, int[] offsets, double[] sums) {
    float alpha = factors[0];
    float mu = factors[1];
    for (int i = 0; i < n; i++) {
      float p = vectors[0][offsets[0] + i];
      float g = vectors[1][offsets[1] + i];
      float b = vectors[2][offsets[2] + i];
      float bOut = b * mu + g;
      float pOut = p - bOut * alpha;
      vectors[3][offsets[3] + i] = pOut;
      vectors[4][offsets[4] + i] = bOut;
    }
  }

  /** {@link UpdateOp#SGD_MOMENTUM_HYPER}. */
  static void sgdMomentumHyper(
      float[] factors, int n, float[][] vectors, int[] offsets, double[] sums) {
    float mu = factors[1];
    double sum0 = 0;
    double sum1 = 0;
    for (int i = 0; i < n; i++) {
      float c = vectors[0][offsets[0] + i];
      float g = vectors[1][offsets[1] + i];
      float b = vectors[2][offsets[2] + i];
      sum0 += c * (b * mu + g);
      sum1 += c * b;
    }
    sums[0] = sum0;
    sums[1] = sum1;
  }

  /** {@link UpdateOp#ADAGRAD}. */
  static void adagrad(float[] factors, int n, float[][] vectors, int[] offsets, double[] sums) {
    float alpha = factors[0];
    float eps = factors[1];
    for (int i = 0; i < n; i++) {
      float p = vectors[0][offsets[0] + i];
      float g = vectors[1][offsets[1] + i];
      float s = vectors[2][offsets[2] + i];
      float sOut = g * g + s;
      float pOut = p - g * alpha / sqrt(sOut + eps);
      vectors[3][offsets[3] + i] = pOut;
      vectors[4][offsets[4] + i] = sOut;
    }
  }

  /** {@link UpdateOp#ADAGRAD_HYPER}. */
  static void adagradHyper(
      float[] factors, int n, float[][] vectors, int[] offsets, double[] sums) {
    float eps = factors[1];
    double sum0 = 0;
    for (int i = 0; i < n; i++) {
      float c = vectors[0][offsets[0] + i];
      float g = vectors[1][offsets[1] + i];
      float s = vectors[2][offsets[2] + i];
      sum0 += c * g / sqrt(fma(g, g, s) + eps);
    }
    sums[0] = sum0;
  }

  /** {@link UpdateOp#RMSPROP}. */
  static void rmsprop(float[] factors, int n, float[][] vectors, int[] offsets, double[] sums) {
    float alpha = factors[0];
    float eps = factors[4];
    for (int i = 0; i < n; i++) {
      float p = vectors[0][offsets[0] + i];
      float g = vectors[1][offsets[1] + i];
      float s = vectors[2][offsets[2] + i];
      float sOut = mean(s, g * g, factors, 1);
      float pOut = p - g * alpha / sqrt(sOut + eps);
      vectors[3][offsets[3] + i] = pOut;
      vectors[4][offsets[4] + i] = sOut;
    }
  }

  /** {@link UpdateOp#RMSPROP_HYPER}. */
  static void rmspropHyper(
      float[] factors, int n, float[][] vectors, int[] offsets, double[] sums) {
    float eps = factors[4];
    double sum0 = 0;
    double sum1 = 0;
    for (int i = 0; i < n; i++) {
      float c = vectors[0][offsets[0] + i];
      float g = vectors[1][offsets[1] + i];
      float s = vectors[2][offsets[2] + i];
      float square = g * g;
      float inner = mean(s, square, factors, 1) + eps;
      float share = c * g / sqrt(inner);
      sum0 += share;
      sum1 += share * (s - square) / inner;
    }
    sums[0] = sum0;
    sums[1] = sum1;
  }

  /** {@link UpdateOp#ADAM}. */
  static void adam(float[] factors, int n, float[][] vectors, int[] offsets, double[] sums) {
    float eps = factors[7];
    float step = factors[9];
    float hat = factors[10];
    for (int i = 0; i < n; i++) {
      float p = vectors[0][offsets[0] + i];
      float g = vectors[1][offsets[1] + i];
      float m = vectors[2][offsets[2] + i];
      float v = vectors[3][offsets[3] + i];
      float mOut = mean(m, g, factors, 1);
      float vOut = mean(v, g * g, factors, 4);
      float pOut = p - mOut * step / (sqrt(vOut * hat) + eps);
      vectors[4][offsets[4] + i] = pOut;
      vectors[5][offsets[5] + i] = mOut;
      vectors[6][offsets[6] + i] = vOut;
    }
  }

  /** {@link UpdateOp#ADAM_HYPER}. */
  static void adamHyper(float[] factors, int n, float[][] vectors, int[] offsets, double[] sums) {
    float eps = factors[7];
    float mHat = factors[9];
    float vHat = factors[10];
    float mSlope = factors[11];
    float vSlope = factors[12];
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    for (int i = 0; i < n; i++) {
      float c = vectors[0][offsets[0] + i];
      float g = vectors[1][offsets[1] + i];
      float m = vectors[2][offsets[2] + i];
      float v = vectors[3][offsets[3] + i];
      float square = g * g;
      float mNew = mean(m, g, factors, 1);
      float vNew = mean(v, square, factors, 4);
      float mean = mNew * mHat;
      float root = sqrt(vNew * vHat);
      float below = root + eps;
      float share = c / below;
      float meanRate = (m - g) * mHat + mNew * mSlope;
      float squareRate = (v - square) * vHat + vNew * vSlope;
      sum0 += share * mean;
      sum1 += share * meanRate;
      // The quotient first: squareRate alone is beyond what floats reach where beta2 is next to 1.
      float slope = share * mean * (squareRate / (below * root));
      if (root != 0) {
        sum2 += slope;
      }
    }
    sums[0] = sum0;
    sums[1] = sum1;
    sums[2] = sum2;
  }

  /** {@link UpdateOp#TRACE}. */
  static void trace(float[] factors, int n, float[][] vectors, int[] offsets, double[] sums) {
    float rate = factors[0];
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    for (int i = 0; i < n; i++) {
      float g = vectors[0][offsets[0] + i];
      float w = vectors[1][offsets[1] + i];
      float mean = vectors[2][offsets[2] + i];
      float e = w - mean;
      float meanOut = e * rate + mean;
      sum0 += g * e;
      sum1 += g * g;
      sum2 += e * e;
      vectors[3][offsets[3] + i] = meanOut;
    }
    sums[0] = sum0;
    sums[1] = sum1;
    sums[2] = sum2;
  }

  /** {@link UpdateOp#PRODIGY_TERMS}. */
  static void prodigyTerms(
      float[] factors, int n, float[][] vectors, int[] offsets, double[] sums) {
    float d = factors[0];
    float weight = factors[1];
    double sum0 = 0;
    double sum1 = 0;
    for (int i = 0; i < n; i++) {
      float p = vectors[0][offsets[0] + i];
      float g = vectors[1][offsets[1] + i];
      float m = vectors[2][offsets[2] + i];
      float v = vectors[3][offsets[3] + i];
      float s = vectors[4][offsets[4] + i];
      float x0 = vectors[5][offsets[5] + i];
      float scaled = g * d;
      float mOut = mean(m, scaled, factors, 2);
      float vOut = mean(v, scaled * scaled, factors, 5);
      float sOut = keep(s, g * weight, factors, 9);
      sum0 += (x0 - p) * g;
      sum1 += abs(sOut);
      vectors[6][offsets[6] + i] = mOut;
      vectors[7][offsets[7] + i] = vOut;
      vectors[8][offsets[8] + i] = sOut;
    }
    sums[0] = sum0;
    sums[1] = sum1;
  }

  /** {@link UpdateOp#DADAPT_ADAM_TERMS}. */
  static void dadaptAdamTerms(
      float[] factors, int n, float[][] vectors, int[] offsets, double[] sums) {
    float step = factors[0];
    float eps = factors[7];
    double sum0 = 0;
    double sum1 = 0;
    for (int i = 0; i < n; i++) {
      float g = vectors[0][offsets[0] + i];
      float m = vectors[1][offsets[1] + i];
      float v = vectors[2][offsets[2] + i];
      float s = vectors[3][offsets[3] + i];
      float scaled = g * step;
      float mOut = mean(m, scaled, factors, 1);
      float vOut = mean(v, g * g, factors, 4);
      float sOut = mean(s, scaled, factors, 8);
      sum0 += s / (sqrt(v) + eps) * scaled;
      sum1 += abs(sOut);
      vectors[4][offsets[4] + i] = mOut;
      vectors[5][offsets[5] + i] = vOut;
      vectors[6][offsets[6] + i] = sOut;
    }
    sums[0] = sum0;
    sums[1] = sum1;
  }

  /** {@link UpdateOp#DADAPT_SGD_TERMS}. */
  static void dadaptSgdTerms(
      float[] factors, int n, float[][] vectors, int[] offsets, double[] sums) {
    float step = factors[0];
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    for (int i = 0; i < n; i++) {
      float g = vectors[0][offsets[0] + i];
      float raw = vectors[1][offsets[1] + i];
      float s = vectors[2][offsets[2] + i];
      float scaled = g * step;
      float sOut = s + scaled;
      sum0 += scaled * s;
      sum1 += sOut * sOut;
      sum2 += raw * raw;
      vectors[3][offsets[3] + i] = sOut;
    }
    sums[0] = sum0;
    sums[1] = sum1;
    sums[2] = sum2;
  }

  /** {@link UpdateOp#DISTANCE_TERMS}. */
  static void distanceTerms(
      float[] factors, int n, float[][] vectors, int[] offsets, double[] sums) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    for (int i = 0; i < n; i++) {
      float p = vectors[0][offsets[0] + i];
      float g = vectors[1][offsets[1] + i];
      float x0 = vectors[2][offsets[2] + i];
      float away = p - x0;
      sum0 += g * g;
      sum1 += away * away;
      sum2 += x0 * x0;
    }
    sums[0] = sum0;
    sums[1] = sum1;
    sums[2] = sum2;
  }

  /** {@link UpdateOp#MECHANIC_TERMS}. */
  static void mechanicTerms(
      float[] factors, int n, float[][] vectors, int[] offsets, double[] sums) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    for (int i = 0; i < n; i++) {
      float p = vectors[0][offsets[0] + i];
      float g = vectors[1][offsets[1] + i];
      float q = vectors[2][offsets[2] + i];
      float o = vectors[3][offsets[3] + i];
      float oOut = o + (q - p);
      sum0 += g * g;
      sum1 += q * q;
      sum2 += o * g;
      sum3 += o * q;
      vectors[4][offsets[4] + i] = oOut;
    }
    sums[0] = sum0;
    sums[1] = sum1;
    sums[2] = sum2;
    sums[3] = sum3;
  }

  /** {@link UpdateOp#MEANS_STEP}. */
  static void meansStep(float[] factors, int n, float[][] vectors, int[] offsets, double[] sums) {
    float step = factors[0];
    float eps = factors[1];
    for (int i = 0; i < n; i++) {
      float p = vectors[0][offsets[0] + i];
      float m = vectors[1][offsets[1] + i];
      float v = vectors[2][offsets[2] + i];
      float pOut = p - m / (sqrt(v) + eps) * step;
      vectors[3][offsets[3] + i] = pOut;
    }
  }

  /** {@link UpdateOp#SCHEDULE_FREE_SGD}. */
  static void scheduleFreeSgd(
      float[] factors, int n, float[][] vectors, int[] offsets, double[] sums) {
    float step = factors[0];
    float shrink = factors[1];
    float beta = factors[2];
    float share = factors[5];
    for (int i = 0; i < n; i++) {
      float y = vectors[0][offsets[0] + i];
      float g = vectors[1][offsets[1] + i];
      float z = vectors[2][offsets[2] + i];
      float down = g * step + y * shrink;
      float zOut = z - down;
      float yOut = zOut + (down + (y - z) / beta) * share;
      vectors[3][offsets[3] + i] = yOut;
      vectors[4][offsets[4] + i] = zOut;
    }
  }

  /** {@link UpdateOp#SCHEDULE_FREE_ADAM}. */
  static void scheduleFreeAdam(
      float[] factors, int n, float[][] vectors, int[] offsets, double[] sums) {
    float step = factors[0];
    float shrink = factors[1];
    float beta = factors[2];
    float eps = factors[8];
    float share = factors[10];
    float hat = factors[11];
    for (int i = 0; i < n; i++) {
      float y = vectors[0][offsets[0] + i];
      float g = vectors[1][offsets[1] + i];
      float z = vectors[2][offsets[2] + i];
      float v = vectors[3][offsets[3] + i];
      float vOut = mean(v, g * g, factors, 5);
      float down = g / (sqrt(vOut * hat) + eps) * step + y * shrink;
      float zOut = z - down;
      float yOut = zOut + (down + (y - z) / beta) * share;
      vectors[4][offsets[4] + i] = yOut;
      vectors[5][offsets[5] + i] = zOut;
      vectors[6][offsets[6] + i] = vOut;
    }
  }

  /** {@link UpdateOp#GRADIENT_TERMS}. */
  static void gradientTerms(
      float[] factors, int n, float[][] vectors, int[] offsets, double[] sums) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    for (int i = 0; i < n; i++) {
      float g = vectors[0][offsets[0] + i];
      float a = vectors[1][offsets[1] + i];
      float b = vectors[2][offsets[2] + i];
      sum0 += g * g;
      sum1 += a * g;
      sum2 += b * g;
      sum3 += b * b;
    }
    sums[0] = sum0;
    sums[1] = sum1;
    sums[2] = sum2;
    sums[3] = sum3;
  }

  /** {@link UpdateOp#SCALED_STEP}. */
  static void scaledStep(float[] factors, int n, float[][] vectors, int[] offsets, double[] sums) {
    float alpha = factors[0];
    float squares = factors[1];
    float eps = factors[2];
    for (int i = 0; i < n; i++) {
      float p = vectors[0][offsets[0] + i];
      float g = vectors[1][offsets[1] + i];
      float before = vectors[2][offsets[2] + i];
      float P = vectors[3][offsets[3] + i];
      float G = vectors[4][offsets[4] + i];
      float h = -(g * before) / squares;
      float GOut = G + h * h;
      float POut = P - h * alpha / (sqrt(GOut) + eps);
      float pOut = p - g * POut;
      vectors[5][offsets[5] + i] = pOut;
      vectors[6][offsets[6] + i] = POut;
      vectors[7][offsets[7] + i] = GOut;
    }
  }

  /** {@link UpdateOp#SCALED_MOMENTUM}. */
  static void scaledMomentum(
      float[] factors, int n, float[][] vectors, int[] offsets, double[] sums) {
    float alpha = factors[0];
    float squares = factors[1];
    float eps = factors[2];
    float mu = factors[3];
    for (int i = 0; i < n; i++) {
      float p = vectors[0][offsets[0] + i];
      float g = vectors[1][offsets[1] + i];
      float before = vectors[2][offsets[2] + i];
      float P = vectors[3][offsets[3] + i];
      float G = vectors[4][offsets[4] + i];
      float last = vectors[5][offsets[5] + i];
      float h = -(g * before) / squares;
      float GOut = G + h * h;
      float POut = P - h * alpha / (sqrt(GOut) + eps);
      float movedOut = p - last;
      float pOut = p - g * POut + movedOut * mu;
      vectors[6][offsets[6] + i] = pOut;
      vectors[7][offsets[7] + i] = POut;
      vectors[8][offsets[8] + i] = GOut;
      vectors[9][offsets[9] + i] = movedOut;
    }
  }
}
