package io.hypertape.kernels.layers;

import io.hypertape.kernels.lanes.DenseActivation;
import io.hypertape.kernels.lanes.VirtualVector;

/**
 * Batch normalization, a channel after the other: a pass over its planes for sums, one for the
 * result. Sums in single precision are of units of elements, over two {@link VirtualVector}s that
 * take a plane's elements in turn; those of all units are added in double precision.
 */
final class PlaneNorm {

  private static final int LANES = VirtualVector.LANES;

  /** Elements whose sums are in single precision: 64 in each lane of two accumulators. */
  private static final int UNIT = 128 * LANES;

  /** Of the processor's vectors; 1 if there are none. */
  private final int lanes;

  PlaneNorm(int lanes) {
    this.lanes = lanes;
  }

  /** Two sums, and behind them those of lanes. */
  private static float[] sums() {
    return new float[2 + 2 * LANES];
  }

  void forward(BatchNorm.Forward o, int from, int to) {
    float[] sums = sums();
    double count = (double) o.s().batch() * o.s().plane();
    for (int c = from; c < to; c++) {
      Moments moments = new Moments();
      gather(moments, o, c, sums);
      double inverse = 1 / Math.sqrt(moments.squares() / count + o.eps());
      double scale = o.gamma().get(c) * inverse;
      float center = moments.center();
      o.statistics().mean().set(c, center);
      o.statistics().invStd().set(c, (float) inverse);
      // What rounding the mean to a float lost comes back with the shift.
      float shift = (float) (o.beta().get(c) - (moments.mean() - center) * scale);
      AnyPlaneNormLoops.normalize(lanes, o, c, center, (float) scale, shift);
    }
  }

  private void gather(Moments moments, BatchNorm.Forward o, int c, float[] sums) {
    int batch = o.s().batch();
    int plane = o.s().plane();
    int apart = o.s().channels() * plane;
    float[] x = o.x().array();
    int xOff = o.x().offset() + c * plane;
    for (int n = 0; n < batch; n += group(plane)) {
      int planes = Math.min(group(plane), batch - n);
      for (int i = 0; i < plane; i += UNIT) {
        int length = Math.min(UNIT, plane - i);
        int unit = xOff + n * apart + i;
        if (n == 0 && i == 0) {
          // The first unit tells about where the mean is.
          AnyPlaneNormLoops.moments(lanes, planes, apart, length, x, unit, x[unit], sums);
          moments.begin((long) planes * length, x[unit], sums);
        }
        float center = moments.center();
        AnyPlaneNormLoops.moments(lanes, planes, apart, length, x, unit, center, sums);
        moments.add((long) planes * length, center, sums);
      }
    }
  }

  /** How many planes make a unit: an incomplete vector counts as a whole one. */
  private static int group(int plane) {
    int lines = (plane + LANES - 1) / LANES;
    return Math.max(1, UNIT / LANES / Math.max(1, lines));
  }

  /** Some elements of all planes. */
  void scaledPiece(BatchNorm.Scaled o, int from, int n) {
    scaled(o, 0, o.s().channels(), from, n);
  }

  void scaled(BatchNorm.Scaled o, int from, int to) {
    scaled(o, from, to, 0, o.s().plane());
  }

  private void scaled(BatchNorm.Scaled o, int fromChannel, int toChannel, int from, int n) {
    for (int c = fromChannel; c < toChannel; c++) {
      float scale = o.scale().get(c);
      float shift = o.shift().get(c);
      if (o.z().length() > 0) {
        AnyPlaneNormLoops.addedRelu(lanes, o, c, from, n, scale, shift);
      } else if (o.activation() == DenseActivation.RELU) {
        AnyPlaneNormLoops.scaledRelu(lanes, o, c, from, n, scale, shift);
      } else {
        AnyPlaneNormLoops.scaled(lanes, o, c, from, n, scale, shift);
      }
    }
  }

  void backward(BatchNorm.Backward o, int from, int to) {
    int batch = o.s().batch();
    int plane = o.s().plane();
    int apart = o.s().channels() * plane;
    float[] x = o.x().array();
    float[] dy = o.dy().array();
    float[] sums = sums();
    double count = (double) batch * plane;
    for (int c = from; c < to; c++) {
      int at = o.x().offset() + c * plane;
      int d = o.dy().offset() + c * plane;
      float center = o.statistics().mean().get(c);
      double sum = 0;
      double products = 0;
      for (int n = 0; n < batch; n += group(plane)) {
        int planes = Math.min(group(plane), batch - n);
        for (int i = 0; i < plane; i += UNIT) {
          int unit = n * apart + i;
          int length = Math.min(UNIT, plane - i);
          AnyPlaneNormLoops.products(
              lanes, planes, apart, length, dy, d + unit, x, at + unit, center, sums);
          sum += sums[0];
          products += sums[1];
        }
      }
      double inverse = o.statistics().invStd().get(c);
      o.dBeta().set(c, (float) sum);
      o.dGamma().set(c, (float) (products * inverse));
      double scale = o.gamma().get(c) * inverse;
      float slope = (float) (-scale * inverse * inverse * products / count);
      float shift = (float) (-scale * sum / count);
      AnyPlaneNormLoops.combine(lanes, o, c, center, (float) scale, slope, shift);
    }
  }
}
