package io.hypertape.kernels.layers;

import io.hypertape.kernels.elementwise.ScalarReduce;
import io.hypertape.kernels.elementwise.VectorReduce;
import io.hypertape.kernels.lanes.Floats;
import io.hypertape.kernels.lanes.Ints;
import io.hypertape.kernels.lanes.LeafLoop;
import java.util.Arrays;

/**
 * Pooling of single planes and windows in plain loops. A mean is a sum from 0 in row-major order,
 * or of large windows of rows' sums, over the number of elements.
 */
final class ScalarPooling {

  private ScalarPooling() {}

  /** A window that begins or ends beyond the plane, or any. */
  @LeafLoop
  static void maxWindow(
      PoolingShape s, int p, int q, float[] x, int plane, float[] y, int[] index, int at, int iAt) {
    int width = s.width();
    int best = s.firstRow(p) * width + s.firstColumn(q);
    float most = x[plane + best];
    for (int row = s.firstRow(p); row < s.endRow(p); row++) {
      for (int i = row * width + s.firstColumn(q); i < row * width + s.endColumn(q); i++) {
        float value = x[plane + i];
        // False for NaN on either side; the first NaN stays.
        if (!(value <= most) && most == most) {
          most = value;
          best = i;
        }
      }
    }
    y[at] = most;
    index[iAt] = best;
  }

  static void max(PoolingShape s, int from, int to, Floats x, Floats y, Ints index) {
    float[] in = x.array();
    float[] most = y.array();
    int[] places = index.array();
    for (int plane = from; plane < to; plane++) {
      int base = x.offset() + plane * s.plane();
      int at = plane * s.outPlane();
      for (int p = 0; p < s.outHeight(); p++) {
        for (int q = 0; q < s.outWidth(); q++) {
          maxWindow(s, p, q, in, base, most, places, y.offset() + at, index.offset() + at);
          at++;
        }
      }
    }
  }

  static void clear(PoolingShape s, int from, int to, Floats out) {
    int off = out.offset();
    Arrays.fill(out.array(), off + from * s.plane(), off + to * s.plane(), 0);
  }

  static void scatter(PoolingShape s, int from, int to, Floats in, Ints index, Floats out) {
    int n = s.outPlane();
    clear(s, from, to, out);
    for (int plane = from; plane < to; plane++) {
      int base = out.offset() + plane * s.plane();
      for (int i = plane * n; i < (plane + 1) * n; i++) {
        out.array()[base + index.get(i)] += in.get(i);
      }
    }
  }

  static void gather(PoolingShape s, int from, int to, Floats in, Ints index, Floats out) {
    int n = s.outPlane();
    for (int plane = from; plane < to; plane++) {
      int base = in.offset() + plane * s.plane();
      for (int i = plane * n; i < (plane + 1) * n; i++) {
        out.set(i, in.array()[base + index.get(i)]);
      }
    }
  }

  static float meanWindow(PoolingShape s, int p, int q, float[] in, int plane) {
    float sum = 0;
    float part = 0;
    for (int row = s.firstRow(p); row < s.endRow(p); row++) {
      int from = plane + row * s.width();
      for (int i = from + s.firstColumn(q); i < from + s.endColumn(q); i++) {
        part += in[i];
      }
      if (s.addsRows()) {
        sum += part;
        part = 0;
      }
    }
    return (sum + part) / s.window();
  }

  static void average(PoolingShape s, int from, int to, Floats in, Floats out) {
    for (int plane = from; plane < to; plane++) {
      int at = plane * s.outPlane();
      for (int p = 0; p < s.outHeight(); p++) {
        for (int q = 0; q < s.outWidth(); q++) {
          out.set(at++, meanWindow(s, p, q, in.array(), in.offset() + plane * s.plane()));
        }
      }
    }
  }

  /** Where the one window is the whole plane, whose sum is that of a row. */
  static void globalAverage(
      PoolingShape s, boolean vectors, int from, int to, Floats in, Floats out) {
    int n = s.plane();
    for (int plane = from; plane < to; plane++) {
      int at = in.offset() + plane * n;
      float sum =
          vectors ? VectorReduce.sum(n, in.array(), at) : ScalarReduce.sum(n, in.array(), at);
      out.set(plane, sum / n);
    }
  }

  /** The adjoint. */
  static void globalAverageAdjoint(PoolingShape s, int from, int to, Floats in, Floats out) {
    for (int plane = from; plane < to; plane++) {
      int at = out.offset() + plane * s.plane();
      Arrays.fill(out.array(), at, at + s.plane(), in.get(plane) / s.plane());
    }
  }

  /** With vectors for windows one column apart, if there are any. */
  static void averageAdjoint(
      PoolingShape s, boolean vectors, int from, int to, Floats in, Floats out) {
    clear(s, from, to, out);
    float[] x = in.array();
    float[] y = out.array();
    for (int plane = from; plane < to; plane++) {
      int at = in.offset() + plane * s.outPlane();
      int base = out.offset() + plane * s.plane();
      for (int p = 0; p < s.outHeight(); p++, at += s.outWidth()) {
        for (int row = s.firstRow(p); row < s.endRow(p); row++) {
          if (vectors) {
            VectorPooling.spreadRow(s, x, at, y, base + row * s.width());
          } else {
            spreadRow(s, x, at, y, base + row * s.width());
          }
        }
      }
    }
  }

  /**
   * Adds shares of a row of windows to a row of the plane, one of their columns after the other.
   */
  private static void spreadRow(PoolingShape s, float[] in, int inOff, float[] out, int outOff) {
    float share = s.share();
    int stride = s.strideWidth();
    for (int tap = 0; tap < s.windowWidth(); tap++) {
      int shift = tap - s.padWidth();
      int begin = shift >= 0 ? 0 : (stride - 1 - shift) / stride;
      int end = Math.min(s.outWidth(), Math.floorDiv(s.width() - 1 - shift, stride) + 1);
      for (int q = begin; q < end; q++) {
        out[outOff + q * stride + shift] += in[inOff + q] * share;
      }
    }
  }
}
