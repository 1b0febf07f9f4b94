package io.hypertape.kernels.layers;

import io.hypertape.kernels.elementwise.ColumnSums;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.VirtualVector;
import java.util.Arrays;

/**
 * Batch normalization of features, [batch, channels] without planes: a lane for each of
 * neighbouring channels. Sums of a block of rows are in single precision, over accumulators that
 * take a channel's elements in turn; those of all blocks are added in double precision.
 */
final class FeatureNorm {

  /** Rows of a block, which share two or four accumulators. */
  private static final int ROWS = 256;

  /** Of the processor's vectors; 1 if there are none. */
  private final int lanes;

  /** Channels at a time. */
  private final int width;

  // Of so many channels: sums and, of a block, sums; then what elements are combined with.
  private final double[] sums;
  private final float[] block;
  private final float[] centers;
  private final float[] scales;
  private final float[] slopes;
  private final float[] shifts;

  FeatureNorm(int lanes) {
    this.lanes = lanes;
    this.width = lanes > 1 ? lanes : VirtualVector.LANES;
    this.sums = new double[2 * width];
    this.block = new float[2 * width];
    this.centers = new float[width];
    this.scales = new float[width];
    this.slopes = new float[width];
    this.shifts = new float[width];
  }

  void forward(BatchNorm.Forward o, int from, int to) {
    int batch = o.s().batch();
    for (int c = from; c < to; c += width) {
      int some = Math.min(width, to - c);
      // The first example tells about where the mean is.
      System.arraycopy(o.x().array(), o.x().offset() + c, centers, 0, batch == 0 ? 0 : some);
      moments(o, c, some);
      for (int lane = 0; lane < some; lane++) {
        centers[lane] = (float) (centers[lane] + sums[lane] / batch);
      }
      moments(o, c, some);
      for (int lane = 0; lane < some; lane++) {
        double shift = sums[lane] / batch;
        double variance = Math.max(0, (sums[width + lane] - sums[lane] * shift) / batch);
        double inverse = 1 / Math.sqrt(variance + o.eps());
        double scale = o.gamma().get(c + lane) * inverse;
        o.statistics().mean().set(c + lane, (float) (centers[lane] + shift));
        o.statistics().invStd().set(c + lane, (float) inverse);
        scales[lane] = (float) scale;
        shifts[lane] = (float) (o.beta().get(c + lane) - shift * scale);
      }
      AnyFeatureNormLoops.normalize(lanes, o, c, some, centers, 0, scales, shifts);
    }
  }

  /** sums = Σ (x − center), Σ (x − center)², a lane for each channel. */
  private void moments(BatchNorm.Forward o, int c, int some) {
    Arrays.fill(sums, 0);
    for (int n = 0; n < o.s().batch(); n += ROWS) {
      int rows = Math.min(ROWS, o.s().batch() - n);
      AnyFeatureNormLoops.moments(lanes, o, c, some, n, rows, centers, 0, block);
      ColumnSums.addTo(2 * width, block, 0, sums, 0);
    }
  }

  void backward(BatchNorm.Backward o, int from, int to) {
    int batch = o.s().batch();
    Floats mean = o.statistics().mean();
    for (int c = from; c < to; c += width) {
      int some = Math.min(width, to - c);
      products(o, c, some);
      for (int lane = 0; lane < some; lane++) {
        double inverse = o.statistics().invStd().get(c + lane);
        double scale = o.gamma().get(c + lane) * inverse;
        o.dBeta().set(c + lane, (float) sums[lane]);
        o.dGamma().set(c + lane, (float) (sums[width + lane] * inverse));
        scales[lane] = (float) scale;
        slopes[lane] = (float) (-scale * inverse * inverse * sums[width + lane] / batch);
        shifts[lane] = (float) (-scale * sums[lane] / batch);
      }
      int at = mean.offset() + c;
      AnyFeatureNormLoops.combine(lanes, o, c, some, mean.array(), at, scales, slopes, shifts);
    }
  }

  /** sums = Σ dy, Σ dy·(x − center), a lane for each channel. */
  private void products(BatchNorm.Backward o, int c, int some) {
    Floats mean = o.statistics().mean();
    Arrays.fill(sums, 0);
    for (int n = 0; n < o.s().batch(); n += ROWS) {
      int rows = Math.min(ROWS, o.s().batch() - n);
      int at = mean.offset() + c;
      AnyFeatureNormLoops.products(lanes, o, c, some, n, rows, mean.array(), at, block);
      ColumnSums.addTo(2 * width, block, 0, sums, 0);
    }
  }
}
