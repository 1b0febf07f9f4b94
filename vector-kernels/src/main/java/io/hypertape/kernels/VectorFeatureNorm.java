package io.hypertape.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Batch normalization of features, [batch, channels] without planes: a lane for each of
 * neighbouring channels. A block of rows is summed before it is added to the others, so that errors
 * grow with the root of their number.
 */
final class VectorFeatureNorm {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();
  private static final int ROWS = 64;

  private VectorFeatureNorm() {}

  /** Channels that are computed together. */
  static int lanes() {
    return L;
  }

  static void forward(
      int batch,
      int channels,
      int from,
      int to,
      double eps,
      float[] x,
      int xOff,
      float[] gamma,
      int gammaOff,
      float[] beta,
      int betaOff,
      float[] y,
      int yOff,
      float[] mean,
      int meanOff,
      float[] invStd,
      int invStdOff) {
    float[] sums = new float[2 * L];
    float[] centers = new float[L];
    float[] scales = new float[L];
    float[] shifts = new float[L];
    for (int c = from; c < to; c += L) {
      int lanes = Math.min(L, to - c);
      System.arraycopy(x, xOff + c, centers, 0, batch == 0 ? 0 : lanes);
      moments(batch, channels, lanes, x, xOff + c, centers, sums);
      for (int lane = 0; lane < lanes; lane++) {
        centers[lane] = (float) (centers[lane] + sums[lane] / (double) batch);
      }
      moments(batch, channels, lanes, x, xOff + c, centers, sums);
      for (int lane = 0; lane < lanes; lane++) {
        double shift = sums[lane] / (double) batch;
        double variance = Math.max(0, (sums[L + lane] - sums[lane] * shift) / batch);
        double inverse = 1 / Math.sqrt(variance + eps);
        double scale = gamma[gammaOff + c + lane] * inverse;
        mean[meanOff + c + lane] = (float) (centers[lane] + shift);
        invStd[invStdOff + c + lane] = (float) inverse;
        scales[lane] = (float) scale;
        shifts[lane] = (float) (beta[betaOff + c + lane] - shift * scale);
      }
      normalize(batch, channels, lanes, x, xOff + c, centers, scales, shifts, y, yOff + c);
    }
  }

  /** sums = Σ (x − center), Σ (x − center)², a lane for each channel. */
  private static void moments(
      int batch, int channels, int lanes, float[] x, int xOff, float[] centers, float[] sums) {
    VectorMask<Float> rest = S.indexInRange(0, lanes);
    FloatVector center = FloatVector.fromArray(S, centers, 0);
    FloatVector s = FloatVector.zero(S);
    FloatVector q = s;
    for (int n = 0; n < batch; n += ROWS) {
      FloatVector s0 = FloatVector.zero(S);
      FloatVector q0 = s0;
      for (int row = n; row < Math.min(batch, n + ROWS); row++) {
        FloatVector d = FloatVector.fromArray(S, x, xOff + row * channels, rest).sub(center);
        s0 = s0.add(d);
        q0 = d.fma(d, q0);
      }
      s = s.add(s0);
      q = q.add(q0);
    }
    s.intoArray(sums, 0);
    q.intoArray(sums, L);
  }

  private static void normalize(
      int batch,
      int channels,
      int lanes,
      float[] x,
      int xOff,
      float[] centers,
      float[] scales,
      float[] shifts,
      float[] y,
      int yOff) {
    VectorMask<Float> rest = S.indexInRange(0, lanes);
    FloatVector center = FloatVector.fromArray(S, centers, 0);
    FloatVector scale = FloatVector.fromArray(S, scales, 0);
    FloatVector shift = FloatVector.fromArray(S, shifts, 0);
    for (int n = 0; n < batch; n++) {
      FloatVector.fromArray(S, x, xOff + n * channels, rest)
          .sub(center)
          .fma(scale, shift)
          .intoArray(y, yOff + n * channels, rest);
    }
  }

  static void backward(
      int batch,
      int channels,
      int from,
      int to,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] gamma,
      int gammaOff,
      float[] mean,
      int meanOff,
      float[] invStd,
      int invStdOff,
      float[] dx,
      int dxOff,
      float[] dGamma,
      int dGammaOff,
      float[] dBeta,
      int dBetaOff) {
    float[] sums = new float[2 * L];
    float[] scales = new float[L];
    float[] slopes = new float[L];
    float[] shifts = new float[L];
    for (int c = from; c < to; c += L) {
      int lanes = Math.min(L, to - c);
      products(batch, channels, lanes, dy, dyOff + c, x, xOff + c, mean, meanOff + c, sums);
      for (int lane = 0; lane < lanes; lane++) {
        double inverse = invStd[invStdOff + c + lane];
        double scale = gamma[gammaOff + c + lane] * inverse;
        dBeta[dBetaOff + c + lane] = sums[lane];
        dGamma[dGammaOff + c + lane] = (float) (sums[L + lane] * inverse);
        scales[lane] = (float) scale;
        slopes[lane] = (float) (-scale * inverse * inverse * sums[L + lane] / batch);
        shifts[lane] = (float) (-scale * sums[lane] / batch);
      }
      VectorMask<Float> rest = S.indexInRange(0, lanes);
      FloatVector center = FloatVector.fromArray(S, mean, meanOff + c, rest);
      FloatVector scale = FloatVector.fromArray(S, scales, 0);
      FloatVector slope = FloatVector.fromArray(S, slopes, 0);
      FloatVector shift = FloatVector.fromArray(S, shifts, 0);
      for (int n = 0; n < batch; n++) {
        int at = n * channels + c;
        FloatVector normal =
            FloatVector.fromArray(S, x, xOff + at, rest).sub(center).fma(slope, shift);
        FloatVector.fromArray(S, dy, dyOff + at, rest)
            .fma(scale, normal)
            .intoArray(dx, dxOff + at, rest);
      }
    }
  }

  /** sums = Σ dy, Σ dy·(x − mean), a lane for each channel. */
  private static void products(
      int batch,
      int channels,
      int lanes,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float[] mean,
      int meanOff,
      float[] sums) {
    VectorMask<Float> rest = S.indexInRange(0, lanes);
    FloatVector center = FloatVector.fromArray(S, mean, meanOff, rest);
    FloatVector s = FloatVector.zero(S);
    FloatVector p = s;
    for (int n = 0; n < batch; n += ROWS) {
      FloatVector s0 = FloatVector.zero(S);
      FloatVector p0 = s0;
      for (int row = n; row < Math.min(batch, n + ROWS); row++) {
        FloatVector d = FloatVector.fromArray(S, dy, dyOff + row * channels, rest);
        s0 = s0.add(d);
        p0 = FloatVector.fromArray(S, x, xOff + row * channels, rest).sub(center).fma(d, p0);
      }
      s = s.add(s0);
      p = p.add(p0);
    }
    s.intoArray(sums, 0);
    p.intoArray(sums, L);
  }
}
