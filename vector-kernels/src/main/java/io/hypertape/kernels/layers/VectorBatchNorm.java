package io.hypertape.kernels.layers;

import io.hypertape.kernels.lanes.LeafLoop;
import io.hypertape.kernels.lanes.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Batch normalization, a channel after the other: a pass over its planes for sums, one for the
 * result. Sums in single precision are of units of elements; those of all units are added in double
 * precision.
 */
final class VectorBatchNorm {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();

  /** Elements whose sums are in single precision: 64 in each lane of two accumulators. */
  private static final int UNIT = 128 * L;

  private VectorBatchNorm() {}

  static void forward(BatchNorm.Forward o, int from, int to) {
    int plane = o.s().plane();
    int apart = o.s().channels() * plane;
    float[] x = o.x().array();
    float[] sums = new float[2];
    double count = (double) o.s().batch() * plane;
    for (int c = from; c < to; c++) {
      int at = o.x().offset() + c * plane;
      Moments moments = new Moments();
      gather(moments, o.s().batch(), apart, plane, x, at, sums);
      double inverse = 1 / Math.sqrt(moments.squares() / count + o.eps());
      double scale = o.gamma().get(c) * inverse;
      float center = moments.center();
      o.statistics().mean().set(c, center);
      o.statistics().invStd().set(c, (float) inverse);
      // What rounding the mean to a float lost comes back with the shift.
      float shift = (float) (o.beta().get(c) - (moments.mean() - center) * scale);
      float[] y = o.y().array();
      int yOff = o.y().offset() + c * plane;
      normalize(o.s().batch(), apart, plane, x, at, center, (float) scale, shift, y, yOff);
    }
  }

  private static void gather(
      Moments moments, int batch, int apart, int plane, float[] x, int xOff, float[] sums) {
    for (int n = 0; n < batch; n += group(plane)) {
      int planes = Math.min(group(plane), batch - n);
      for (int i = 0; i < plane; i += UNIT) {
        int length = Math.min(UNIT, plane - i);
        int unit = xOff + n * apart + i;
        if (n == 0 && i == 0) {
          // The first unit tells about where the mean is.
          moments(planes, apart, length, x, unit, x[unit], sums);
          moments.begin((long) planes * length, x[unit], sums);
        }
        float center = moments.center();
        moments(planes, apart, length, x, unit, center, sums);
        moments.add((long) planes * length, center, sums);
      }
    }
  }

  /** How many planes make a unit: an incomplete vector counts as a whole one. */
  private static int group(int plane) {
    int vectors = (plane + L - 1) / L;
    return Math.max(1, UNIT / L / Math.max(1, vectors));
  }

  /** sums = Σ (x − center), Σ (x − center)². */
  private static void moments(
      int planes, int apart, int n, float[] x, int xOff, float center, float[] sums) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = s0;
    FloatVector q0 = s0;
    FloatVector q1 = s0;
    for (int plane = 0; plane < planes; plane++) {
      int at = xOff + plane * apart;
      int i = 0;
      for (; i <= n - 2 * L; i += 2 * L) {
        FloatVector d0 = FloatVector.fromArray(S, x, at + i).sub(center);
        FloatVector d1 = FloatVector.fromArray(S, x, at + i + L).sub(center);
        s0 = s0.add(d0);
        s1 = s1.add(d1);
        q0 = d0.fma(d0, q0);
        q1 = d1.fma(d1, q1);
      }
      for (; i < n; i += L) {
        VectorMask<Float> rest = S.indexInRange(i, n);
        FloatVector d = FloatVector.fromArray(S, x, at + i, rest).sub(center, rest);
        s0 = s0.add(d);
        q0 = d.fma(d, q0);
      }
    }
    sums[0] = VectorRows.sum(s0.add(s1));
    sums[1] = VectorRows.sum(q0.add(q1));
  }

  /** y = (x − center)·scale + shift. */
  @LeafLoop
  private static void normalize(
      int planes,
      int apart,
      int n,
      float[] x,
      int xOff,
      float center,
      float scale,
      float shift,
      float[] y,
      int yOff) {
    FloatVector a = FloatVector.broadcast(S, scale);
    FloatVector b = FloatVector.broadcast(S, shift);
    for (int plane = 0; plane < planes; plane++) {
      int from = xOff + plane * apart;
      int to = yOff + plane * apart;
      int i = 0;
      for (; i < S.loopBound(n); i += L) {
        FloatVector.fromArray(S, x, from + i).sub(center).fma(a, b).intoArray(y, to + i);
      }
      if (i < n) {
        VectorMask<Float> rest = S.indexInRange(i, n);
        FloatVector.fromArray(S, x, from + i, rest)
            .sub(center)
            .fma(a, b)
            .intoArray(y, to + i, rest);
      }
    }
  }

  static void backward(BatchNorm.Backward o, int from, int to) {
    int batch = o.s().batch();
    int plane = o.s().plane();
    int apart = o.s().channels() * plane;
    float[] x = o.x().array();
    float[] dy = o.dy().array();
    float[] sums = new float[2];
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
          products(planes, apart, length, dy, d + unit, x, at + unit, center, sums);
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
      combine(o, c, (float) scale, slope, shift);
    }
  }

  /** sums = Σ dy, Σ dy·(x − center). */
  @LeafLoop
  private static void products(
      int planes,
      int apart,
      int n,
      float[] dy,
      int dyOff,
      float[] x,
      int xOff,
      float center,
      float[] sums) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = s0;
    FloatVector p0 = s0;
    FloatVector p1 = s0;
    for (int plane = 0; plane < planes; plane++) {
      int d = dyOff + plane * apart;
      int at = xOff + plane * apart;
      int i = 0;
      for (; i <= n - 2 * L; i += 2 * L) {
        FloatVector d0 = FloatVector.fromArray(S, dy, d + i);
        FloatVector d1 = FloatVector.fromArray(S, dy, d + i + L);
        s0 = s0.add(d0);
        s1 = s1.add(d1);
        p0 = FloatVector.fromArray(S, x, at + i).sub(center).fma(d0, p0);
        p1 = FloatVector.fromArray(S, x, at + i + L).sub(center).fma(d1, p1);
      }
      for (; i < n; i += L) {
        VectorMask<Float> rest = S.indexInRange(i, n);
        FloatVector d0 = FloatVector.fromArray(S, dy, d + i, rest);
        s0 = s0.add(d0);
        p0 = FloatVector.fromArray(S, x, at + i, rest).sub(center).fma(d0, p0);
      }
    }
    sums[0] = VectorRows.sum(s0.add(s1));
    sums[1] = VectorRows.sum(p0.add(p1));
  }

  /** dx = dy·scale + (x − center)·slope + shift. */
  private static void combine(
      BatchNorm.Backward o, int channel, float scale, float slope, float shift) {
    int n = o.s().plane();
    int apart = o.s().channels() * n;
    float[] dy = o.dy().array();
    int dyOff = o.dy().offset() + channel * n;
    float[] x = o.x().array();
    int xOff = o.x().offset() + channel * n;
    float[] dx = o.dx().array();
    int dxOff = o.dx().offset() + channel * n;
    float center = o.statistics().mean().get(channel);
    FloatVector a = FloatVector.broadcast(S, scale);
    FloatVector b = FloatVector.broadcast(S, slope);
    FloatVector c = FloatVector.broadcast(S, shift);
    for (int plane = 0; plane < o.s().batch(); plane++) {
      int d = dyOff + plane * apart;
      int from = xOff + plane * apart;
      int to = dxOff + plane * apart;
      int i = 0;
      for (; i < S.loopBound(n); i += L) {
        FloatVector normal = FloatVector.fromArray(S, x, from + i).sub(center).fma(b, c);
        FloatVector.fromArray(S, dy, d + i).fma(a, normal).intoArray(dx, to + i);
      }
      if (i < n) {
        VectorMask<Float> rest = S.indexInRange(i, n);
        FloatVector normal = FloatVector.fromArray(S, x, from + i, rest).sub(center).fma(b, c);
        FloatVector.fromArray(S, dy, d + i, rest).fma(a, normal).intoArray(dx, to + i, rest);
      }
    }
  }
}
