package io.hypertape.kernels.layers;

import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.VectorRows;
import java.util.Arrays;

/**
 * Batch normalization of features, [batch, channels] without planes: a lane for each of
 * neighbouring channels. Sums of a block of rows are in single precision; those of all blocks are
 * added in double precision.
 */
final class VectorFeatureNorm {

  private static final int L = VectorRows.S.length();

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
    for (int c = from; c < to; c += L) {
      int lanes = Math.min(L, to - c);
      // The first example tells about where the mean is.
      System.arraycopy(o.x().array(), o.x().offset() + c, centers, 0, batch == 0 ? 0 : lanes);
      moments(o, c, lanes);
      for (int lane = 0; lane < lanes; lane++) {
        centers[lane] = (float) (centers[lane] + sums[lane] / batch);
      }
      moments(o, c, lanes);
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
      FeatureNormLoops.normalize(o, c, lanes, centers, 0, scales, shifts);
    }
  }

  /** sums = Σ (x − center), Σ (x − center)², a lane for each channel. */
  private void moments(BatchNorm.Forward o, int c, int lanes) {
    Arrays.fill(sums, 0);
    for (int n = 0; n < o.s().batch(); n += ROWS) {
      int rows = Math.min(ROWS, o.s().batch() - n);
      FeatureNormLoops.moments(o, c, lanes, n, rows, centers, 0, block);
      VectorTotals.add(2 * L, block, 0, sums, 0);
    }
  }

  void backward(BatchNorm.Backward o, int from, int to) {
    int batch = o.s().batch();
    Floats mean = o.statistics().mean();
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
      int at = mean.offset() + c;
      FeatureNormLoops.combine(o, c, lanes, mean.array(), at, scales, slopes, shifts);
    }
  }

  /** sums = Σ dy, Σ dy·(x − center), a lane for each channel. */
  private void products(BatchNorm.Backward o, int c, int lanes) {
    Floats mean = o.statistics().mean();
    Arrays.fill(sums, 0);
    for (int n = 0; n < o.s().batch(); n += ROWS) {
      int rows = Math.min(ROWS, o.s().batch() - n);
      FeatureNormLoops.products(o, c, lanes, n, rows, mean.array(), mean.offset() + c, block);
      VectorTotals.add(2 * L, block, 0, sums, 0);
    }
  }
}
