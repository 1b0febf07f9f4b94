package io.hypertape.kernels.layers;

import java.util.Arrays;

/** Pooling of single planes and windows in plain loops. */
final class ScalarPooling {

  private ScalarPooling() {}

  /** A window that begins or ends beyond the plane, or any. */
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

  static void max(
      PoolingShape s,
      int from,
      int to,
      float[] x,
      int xOff,
      float[] y,
      int yOff,
      int[] index,
      int indexOff) {
    int out = s.outPlane();
    for (int plane = from; plane < to; plane++) {
      for (int p = 0; p < s.outHeight(); p++) {
        for (int q = 0; q < s.outWidth(); q++) {
          int at = plane * out + p * s.outWidth() + q;
          maxWindow(s, p, q, x, xOff + plane * s.plane(), y, index, yOff + at, indexOff + at);
        }
      }
    }
  }

  static void scatter(
      PoolingShape s,
      int from,
      int to,
      float[] in,
      int inOff,
      int[] index,
      int indexOff,
      float[] out,
      int outOff) {
    int n = s.outPlane();
    Arrays.fill(out, outOff + from * s.plane(), outOff + to * s.plane(), 0);
    for (int plane = from; plane < to; plane++) {
      int base = outOff + plane * s.plane();
      for (int i = plane * n; i < (plane + 1) * n; i++) {
        out[base + index[indexOff + i]] += in[inOff + i];
      }
    }
  }

  static void gather(
      PoolingShape s,
      int from,
      int to,
      float[] in,
      int inOff,
      int[] index,
      int indexOff,
      float[] out,
      int outOff) {
    int n = s.outPlane();
    for (int plane = from; plane < to; plane++) {
      int base = inOff + plane * s.plane();
      for (int i = plane * n; i < (plane + 1) * n; i++) {
        out[outOff + i] = in[base + index[indexOff + i]];
      }
    }
  }

  static float meanWindow(PoolingShape s, int p, int q, float[] in, int plane) {
    double sum = 0;
    for (int row = s.firstRow(p); row < s.endRow(p); row++) {
      for (int column = s.firstColumn(q); column < s.endColumn(q); column++) {
        sum += in[plane + row * s.width() + column];
      }
    }
    return (float) (sum / ((double) s.windowHeight() * s.windowWidth()));
  }

  static void average(
      PoolingShape s, int from, int to, float[] in, int inOff, float[] out, int outOff) {
    for (int plane = from; plane < to; plane++) {
      int at = outOff + plane * s.outPlane();
      for (int p = 0; p < s.outHeight(); p++) {
        for (int q = 0; q < s.outWidth(); q++) {
          out[at++] = meanWindow(s, p, q, in, inOff + plane * s.plane());
        }
      }
    }
  }

  static void averageAdjoint(
      PoolingShape s, int from, int to, float[] in, int inOff, float[] out, int outOff) {
    Arrays.fill(out, outOff + from * s.plane(), outOff + to * s.plane(), 0);
    for (int plane = from; plane < to; plane++) {
      int at = inOff + plane * s.outPlane();
      for (int p = 0; p < s.outHeight(); p++, at += s.outWidth()) {
        for (int row = s.firstRow(p); row < s.endRow(p); row++) {
          spreadRow(s, in, at, out, outOff + plane * s.plane() + row * s.width());
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
