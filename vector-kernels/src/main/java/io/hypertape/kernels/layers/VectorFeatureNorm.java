package io.hypertape.kernels.layers;

import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.VectorRows;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Batch normalization of features, [batch, channels] without planes: a lane for each of
 * neighbouring channels. Sums of a block of rows are in single precision; those of all blocks are
 * added in double precision.
 */
final class VectorFeatureNorm {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();

  /** Rows of a block, which share two or four accumulators. */
  private static final int ROWS = 256;

  // Of L channels: sums and, of a block, sums; then what elements are combined with.
  private final double[] sums = new double[2 * L];
  private final float[] block = new float[2 * L];
  private final float[] centers = new float[L];
  private final float[] scales = new float[L];
  private final float[] slopes = new float[L];
  private final float[] shifts = new float[L];

  void forward(BatchNorm.Forward o, int from, int to) {
    int batch = o.s().batch();
    int channels = o.s().channels();
    float[] x = o.x().array();
    for (int c = from; c < to; c += L) {
      int lanes = Math.min(L, to - c);
      int at = o.x().offset() + c;
      System.arraycopy(x, at, centers, 0, batch == 0 ? 0 : lanes);
      moments(batch, channels, lanes, x, at);
      for (int lane = 0; lane < lanes; lane++) {
        centers[lane] = (float) (centers[lane] + sums[lane] / batch);
      }
      moments(batch, channels, lanes, x, at);
      for (int lane = 0; lane < lanes; lane++) {
        double shift = sums[lane] / batch;
        double variance = Math.max(0, (sums[L + lane] - sums[lane] * shift) / batch);
        double inverse = 1 / Math.sqrt(variance + o.eps());
        double scale = o.gamma().get(c + lane) * inverse;
        o.statistics().mean().set(c + lane, (float) (centers[lane] + shift));
        o.statistics().invStd().set(c + lane, (float) inverse);
        scales[lane] = (float) scale;
        shifts[lane] = (float) (o.beta().get(c + lane) - shift * scale);
      }
      normalize(batch, channels, lanes, x, at, o.y().array(), o.y().offset() + c);
    }
  }

  /** sums = Σ (x − center), Σ (x − center)², a lane for each channel. */
  private void moments(int batch, int channels, int lanes, float[] x, int xOff) {
    Arrays.fill(sums, 0);
    for (int n = 0; n < batch; n += ROWS) {
      int rows = Math.min(ROWS, batch - n);
      moments(rows, channels, lanes, x, xOff + n * channels, centers, block);
      addBlock();
    }
  }

  private void addBlock() {
    for (int i = 0; i < 2 * L; i++) {
      sums[i] += block[i];
    }
  }

  private static void moments(
      int rows, int channels, int lanes, float[] x, int xOff, float[] centers, float[] block) {
    VectorMask<Float> rest = S.indexInRange(0, lanes);
    FloatVector center = FloatVector.fromArray(S, centers, 0);
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector q0 = s0;
    FloatVector q1 = s0;
    FloatVector q2 = s0;
    FloatVector q3 = s0;
    int row = 0;
    for (; row <= rows - 4; row += 4) {
      int at = xOff + row * channels;
      FloatVector d0 = FloatVector.fromArray(S, x, at, rest).sub(center);
      FloatVector d1 = FloatVector.fromArray(S, x, at + channels, rest).sub(center);
      FloatVector d2 = FloatVector.fromArray(S, x, at + 2 * channels, rest).sub(center);
      FloatVector d3 = FloatVector.fromArray(S, x, at + 3 * channels, rest).sub(center);
      s0 = s0.add(d0);
      s1 = s1.add(d1);
      s2 = s2.add(d2);
      s3 = s3.add(d3);
      q0 = d0.fma(d0, q0);
      q1 = d1.fma(d1, q1);
      q2 = d2.fma(d2, q2);
      q3 = d3.fma(d3, q3);
    }
    for (; row < rows; row++) {
      FloatVector d = FloatVector.fromArray(S, x, xOff + row * channels, rest).sub(center);
      s0 = s0.add(d);
      q0 = d.fma(d, q0);
    }
    s0.add(s1).add(s2.add(s3)).intoArray(block, 0);
    q0.add(q1).add(q2.add(q3)).intoArray(block, L);
  }

  private void normalize(
      int batch, int channels, int lanes, float[] x, int xOff, float[] y, int yOff) {
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

  void backward(BatchNorm.Backward o, int from, int to) {
    int batch = o.s().batch();
    for (int c = from; c < to; c += L) {
      int lanes = Math.min(L, to - c);
      products(o, c, lanes);
      for (int lane = 0; lane < lanes; lane++) {
        double inverse = o.statistics().invStd().get(c + lane);
        double scale = o.gamma().get(c + lane) * inverse;
        o.dBeta().set(c + lane, (float) sums[lane]);
        o.dGamma().set(c + lane, (float) (sums[L + lane] * inverse));
        scales[lane] = (float) scale;
        slopes[lane] = (float) (-scale * inverse * inverse * sums[L + lane] / batch);
        shifts[lane] = (float) (-scale * sums[lane] / batch);
      }
      combine(o, c, lanes);
    }
  }

  /** dx = dy·scale + (x − mean)·slope + shift. */
  private void combine(BatchNorm.Backward o, int c, int lanes) {
    float[] x = o.x().array();
    float[] dy = o.dy().array();
    float[] dx = o.dx().array();
    Floats mean = o.statistics().mean();
    VectorMask<Float> rest = S.indexInRange(0, lanes);
    FloatVector center = FloatVector.fromArray(S, mean.array(), mean.offset() + c, rest);
    FloatVector scale = FloatVector.fromArray(S, scales, 0);
    FloatVector slope = FloatVector.fromArray(S, slopes, 0);
    FloatVector shift = FloatVector.fromArray(S, shifts, 0);
    for (int n = 0; n < o.s().batch(); n++) {
      int at = n * o.s().channels() + c;
      FloatVector normal =
          FloatVector.fromArray(S, x, o.x().offset() + at, rest).sub(center).fma(slope, shift);
      FloatVector.fromArray(S, dy, o.dy().offset() + at, rest)
          .fma(scale, normal)
          .intoArray(dx, o.dx().offset() + at, rest);
    }
  }

  /** sums = Σ dy, Σ dy·(x − mean), a lane for each channel. */
  private void products(BatchNorm.Backward o, int c, int lanes) {
    Arrays.fill(sums, 0);
    for (int n = 0; n < o.s().batch(); n += ROWS) {
      products(o, n, Math.min(ROWS, o.s().batch() - n), c, lanes);
      addBlock();
    }
  }

  private void products(BatchNorm.Backward o, int first, int rows, int c, int lanes) {
    int channels = o.s().channels();
    float[] dy = o.dy().array();
    int dyOff = o.dy().offset() + first * channels + c;
    float[] x = o.x().array();
    int xOff = o.x().offset() + first * channels + c;
    Floats mean = o.statistics().mean();
    VectorMask<Float> rest = S.indexInRange(0, lanes);
    FloatVector center = FloatVector.fromArray(S, mean.array(), mean.offset() + c, rest);
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = s0;
    FloatVector p0 = s0;
    FloatVector p1 = s0;
    int row = 0;
    for (; row <= rows - 2; row += 2) {
      int from = dyOff + row * channels;
      int at = xOff + row * channels;
      FloatVector d0 = FloatVector.fromArray(S, dy, from, rest);
      FloatVector d1 = FloatVector.fromArray(S, dy, from + channels, rest);
      s0 = s0.add(d0);
      s1 = s1.add(d1);
      p0 = FloatVector.fromArray(S, x, at, rest).sub(center).fma(d0, p0);
      p1 = FloatVector.fromArray(S, x, at + channels, rest).sub(center).fma(d1, p1);
    }
    if (row < rows) {
      FloatVector d = FloatVector.fromArray(S, dy, dyOff + row * channels, rest);
      s0 = s0.add(d);
      p0 = FloatVector.fromArray(S, x, xOff + row * channels, rest).sub(center).fma(d, p0);
    }
    s0.add(s1).intoArray(block, 0);
    p0.add(p1).intoArray(block, L);
  }
}
