// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.layers;

import io.hypertape.kernels.lanes.Fma;
import io.hypertape.kernels.lanes.LeafLoop;
import io.hypertape.kernels.lanes.VirtualVector;

/** Batch normalization of a channel, or of a unit of its elements. */
@LeafLoop
final class ScalarPlaneNormLoops {

  private static final int LANES = VirtualVector.LANES;

  private ScalarPlaneNormLoops() {}

  /** Of {@link BatchNorm.Forward}. */
  static void moments(
      int batch, int apart, int n, float[] xArray, int xOff, float center, float[] sums) {
    for (int lane = 0; lane < LANES; lane += 4) {
      float s0 = 0;
      float s1 = 0;
      float s2 = 0;
      float s3 = 0;
      float s4 = 0;
      float s5 = 0;
      float s6 = 0;
      float s7 = 0;
      float t0 = 0;
      float t1 = 0;
      float t2 = 0;
      float t3 = 0;
      float t4 = 0;
      float t5 = 0;
      float t6 = 0;
      float t7 = 0;
      for (int image = 0; image < batch; image++) {
        int xAt = xOff + image * apart + lane;
        int i = 0;
        for (; i <= n - 2 * LANES; i += 2 * LANES) {
          float x0 = xArray[xAt + i];
          float x1 = xArray[xAt + i + 1];
          float x2 = xArray[xAt + i + 2];
          float x3 = xArray[xAt + i + 3];
          float x4 = xArray[xAt + i + LANES];
          float x5 = xArray[xAt + i + LANES + 1];
          float x6 = xArray[xAt + i + LANES + 2];
          float x7 = xArray[xAt + i + LANES + 3];
          float d0 = x0 - center;
          float d1 = x1 - center;
          float d2 = x2 - center;
          float d3 = x3 - center;
          float d4 = x4 - center;
          float d5 = x5 - center;
          float d6 = x6 - center;
          float d7 = x7 - center;
          s0 = s0 + d0;
          s1 = s1 + d1;
          s2 = s2 + d2;
          s3 = s3 + d3;
          s4 = s4 + d4;
          s5 = s5 + d5;
          s6 = s6 + d6;
          s7 = s7 + d7;
          t0 = Fma.fma(d0, d0, t0);
          t1 = Fma.fma(d1, d1, t1);
          t2 = Fma.fma(d2, d2, t2);
          t3 = Fma.fma(d3, d3, t3);
          t4 = Fma.fma(d4, d4, t4);
          t5 = Fma.fma(d5, d5, t5);
          t6 = Fma.fma(d6, d6, t6);
          t7 = Fma.fma(d7, d7, t7);
        }
        if (i <= n - LANES) {
          float x0 = xArray[xAt + i];
          float x1 = xArray[xAt + i + 1];
          float x2 = xArray[xAt + i + 2];
          float x3 = xArray[xAt + i + 3];
          float d0 = x0 - center;
          float d1 = x1 - center;
          float d2 = x2 - center;
          float d3 = x3 - center;
          s0 = s0 + d0;
          s1 = s1 + d1;
          s2 = s2 + d2;
          s3 = s3 + d3;
          t0 = Fma.fma(d0, d0, t0);
          t1 = Fma.fma(d1, d1, t1);
          t2 = Fma.fma(d2, d2, t2);
          t3 = Fma.fma(d3, d3, t3);
          i += LANES;
        }
        if (i < n) {
          boolean rest0 = i + lane < n;
          boolean rest1 = i + lane + 1 < n;
          boolean rest2 = i + lane + 2 < n;
          boolean rest3 = i + lane + 3 < n;
          float x0 = rest0 ? xArray[xAt + i] : 0;
          float x1 = rest1 ? xArray[xAt + i + 1] : 0;
          float x2 = rest2 ? xArray[xAt + i + 2] : 0;
          float x3 = rest3 ? xArray[xAt + i + 3] : 0;
          float d0 = rest0 ? x0 - center : 0;
          float d1 = rest1 ? x1 - center : 0;
          float d2 = rest2 ? x2 - center : 0;
          float d3 = rest3 ? x3 - center : 0;
          s0 = s0 + d0;
          s1 = s1 + d1;
          s2 = s2 + d2;
          s3 = s3 + d3;
          t0 = Fma.fma(d0, d0, t0);
          t1 = Fma.fma(d1, d1, t1);
          t2 = Fma.fma(d2, d2, t2);
          t3 = Fma.fma(d3, d3, t3);
        }
      }
      sums[2 + lane] = s0 + s4;
      sums[2 + LANES + lane] = t0 + t4;
      sums[2 + lane + 1] = s1 + s5;
      sums[2 + LANES + lane + 1] = t1 + t5;
      sums[2 + lane + 2] = s2 + s6;
      sums[2 + LANES + lane + 2] = t2 + t6;
      sums[2 + lane + 3] = s3 + s7;
      sums[2 + LANES + lane + 3] = t3 + t7;
    }
    sums[0] = VirtualVector.sum(sums, 2);
    sums[1] = VirtualVector.sum(sums, 2 + LANES);
  }

  /** Of {@link BatchNorm.Forward}. */
  static void normalize(BatchNorm.Forward o, int c, float center, float scale, float shift) {
    int batch = o.s().batch();
    int n = o.s().plane();
    int apart = o.s().channels() * n;
    float[] xArray = o.x().array();
    int xOff = o.x().offset() + c * n;
    float[] yArray = o.y().array();
    int yOff = o.y().offset() + c * n;
    for (int image = 0; image < batch; image++) {
      int xAt = xOff + image * apart;
      int yAt = yOff + image * apart;
      for (int i = 0; i < n; i++) {
        float x = xArray[xAt + i];
        yArray[yAt + i] = Fma.fma(x - center, scale, shift);
      }
    }
  }

  /** Of {@link BatchNorm.Backward}. */
  static void products(
      int batch,
      int apart,
      int n,
      float[] dyArray,
      int dyOff,
      float[] xArray,
      int xOff,
      float center,
      float[] sums) {
    for (int lane = 0; lane < LANES; lane += 4) {
      float s0 = 0;
      float s1 = 0;
      float s2 = 0;
      float s3 = 0;
      float s4 = 0;
      float s5 = 0;
      float s6 = 0;
      float s7 = 0;
      float t0 = 0;
      float t1 = 0;
      float t2 = 0;
      float t3 = 0;
      float t4 = 0;
      float t5 = 0;
      float t6 = 0;
      float t7 = 0;
      for (int image = 0; image < batch; image++) {
        int dyAt = dyOff + image * apart + lane;
        int xAt = xOff + image * apart + lane;
        int i = 0;
        for (; i <= n - 2 * LANES; i += 2 * LANES) {
          float dy0 = dyArray[dyAt + i];
          float dy1 = dyArray[dyAt + i + 1];
          float dy2 = dyArray[dyAt + i + 2];
          float dy3 = dyArray[dyAt + i + 3];
          float dy4 = dyArray[dyAt + i + LANES];
          float dy5 = dyArray[dyAt + i + LANES + 1];
          float dy6 = dyArray[dyAt + i + LANES + 2];
          float dy7 = dyArray[dyAt + i + LANES + 3];
          float x0 = xArray[xAt + i];
          float x1 = xArray[xAt + i + 1];
          float x2 = xArray[xAt + i + 2];
          float x3 = xArray[xAt + i + 3];
          float x4 = xArray[xAt + i + LANES];
          float x5 = xArray[xAt + i + LANES + 1];
          float x6 = xArray[xAt + i + LANES + 2];
          float x7 = xArray[xAt + i + LANES + 3];
          s0 = s0 + dy0;
          s1 = s1 + dy1;
          s2 = s2 + dy2;
          s3 = s3 + dy3;
          s4 = s4 + dy4;
          s5 = s5 + dy5;
          s6 = s6 + dy6;
          s7 = s7 + dy7;
          t0 = Fma.fma(x0 - center, dy0, t0);
          t1 = Fma.fma(x1 - center, dy1, t1);
          t2 = Fma.fma(x2 - center, dy2, t2);
          t3 = Fma.fma(x3 - center, dy3, t3);
          t4 = Fma.fma(x4 - center, dy4, t4);
          t5 = Fma.fma(x5 - center, dy5, t5);
          t6 = Fma.fma(x6 - center, dy6, t6);
          t7 = Fma.fma(x7 - center, dy7, t7);
        }
        if (i <= n - LANES) {
          float dy0 = dyArray[dyAt + i];
          float dy1 = dyArray[dyAt + i + 1];
          float dy2 = dyArray[dyAt + i + 2];
          float dy3 = dyArray[dyAt + i + 3];
          float x0 = xArray[xAt + i];
          float x1 = xArray[xAt + i + 1];
          float x2 = xArray[xAt + i + 2];
          float x3 = xArray[xAt + i + 3];
          s0 = s0 + dy0;
          s1 = s1 + dy1;
          s2 = s2 + dy2;
          s3 = s3 + dy3;
          t0 = Fma.fma(x0 - center, dy0, t0);
          t1 = Fma.fma(x1 - center, dy1, t1);
          t2 = Fma.fma(x2 - center, dy2, t2);
          t3 = Fma.fma(x3 - center, dy3, t3);
          i += LANES;
        }
        if (i < n) {
          boolean rest0 = i + lane < n;
          boolean rest1 = i + lane + 1 < n;
          boolean rest2 = i + lane + 2 < n;
          boolean rest3 = i + lane + 3 < n;
          float dy0 = rest0 ? dyArray[dyAt + i] : 0;
          float dy1 = rest1 ? dyArray[dyAt + i + 1] : 0;
          float dy2 = rest2 ? dyArray[dyAt + i + 2] : 0;
          float dy3 = rest3 ? dyArray[dyAt + i + 3] : 0;
          float x0 = rest0 ? xArray[xAt + i] : 0;
          float x1 = rest1 ? xArray[xAt + i + 1] : 0;
          float x2 = rest2 ? xArray[xAt + i + 2] : 0;
          float x3 = rest3 ? xArray[xAt + i + 3] : 0;
          s0 = s0 + dy0;
          s1 = s1 + dy1;
          s2 = s2 + dy2;
          s3 = s3 + dy3;
          t0 = Fma.fma(x0 - center, dy0, t0);
          t1 = Fma.fma(x1 - center, dy1, t1);
          t2 = Fma.fma(x2 - center, dy2, t2);
          t3 = Fma.fma(x3 - center, dy3, t3);
        }
      }
      sums[2 + lane] = s0 + s4;
      sums[2 + LANES + lane] = t0 + t4;
      sums[2 + lane + 1] = s1 + s5;
      sums[2 + LANES + lane + 1] = t1 + t5;
      sums[2 + lane + 2] = s2 + s6;
      sums[2 + LANES + lane + 2] = t2 + t6;
      sums[2 + lane + 3] = s3 + s7;
      sums[2 + LANES + lane + 3] = t3 + t7;
    }
    sums[0] = VirtualVector.sum(sums, 2);
    sums[1] = VirtualVector.sum(sums, 2 + LANES);
  }

  /** Of {@link BatchNorm.Backward}. */
  static void combine(
      BatchNorm.Backward o, int c, float center, float scale, float slope, float shift) {
    int batch = o.s().batch();
    int n = o.s().plane();
    int apart = o.s().channels() * n;
    float[] dyArray = o.dy().array();
    int dyOff = o.dy().offset() + c * n;
    float[] xArray = o.x().array();
    int xOff = o.x().offset() + c * n;
    float[] dxArray = o.dx().array();
    int dxOff = o.dx().offset() + c * n;
    for (int image = 0; image < batch; image++) {
      int dyAt = dyOff + image * apart;
      int xAt = xOff + image * apart;
      int dxAt = dxOff + image * apart;
      for (int i = 0; i < n; i++) {
        float dy = dyArray[dyAt + i];
        float x = xArray[xAt + i];
        float normal = Fma.fma(x - center, slope, shift);
        dxArray[dxAt + i] = Fma.fma(dy, scale, normal);
      }
    }
  }

  /** Of {@link BatchNorm.Scaled}. */
  static void scaled(BatchNorm.Scaled o, int c, int from, int n, float scale, float shift) {
    int batch = o.s().batch();
    int plane = o.s().plane();
    int apart = o.s().channels() * plane;
    float[] xArray = o.x().array();
    int xOff = o.x().offset() + c * plane + from;
    float[] yArray = o.y().array();
    int yOff = o.y().offset() + c * plane + from;
    for (int image = 0; image < batch; image++) {
      int xAt = xOff + image * apart;
      int yAt = yOff + image * apart;
      for (int i = 0; i < n; i++) {
        float x = xArray[xAt + i];
        float product = x * scale;
        yArray[yAt + i] = product + shift;
      }
    }
  }

  /** Of {@link BatchNorm.Scaled}. */
  static void scaledRelu(BatchNorm.Scaled o, int c, int from, int n, float scale, float shift) {
    int batch = o.s().batch();
    int plane = o.s().plane();
    int apart = o.s().channels() * plane;
    float[] xArray = o.x().array();
    int xOff = o.x().offset() + c * plane + from;
    float[] yArray = o.y().array();
    int yOff = o.y().offset() + c * plane + from;
    for (int image = 0; image < batch; image++) {
      int xAt = xOff + image * apart;
      int yAt = yOff + image * apart;
      for (int i = 0; i < n; i++) {
        float x = xArray[xAt + i];
        float product = x * scale;
        yArray[yAt + i] = Math.max(product + shift, 0);
      }
    }
  }

  /** Of {@link BatchNorm.Scaled}. */
  static void addedRelu(BatchNorm.Scaled o, int c, int from, int n, float scale, float shift) {
    int batch = o.s().batch();
    int plane = o.s().plane();
    int apart = o.s().channels() * plane;
    float[] xArray = o.x().array();
    int xOff = o.x().offset() + c * plane + from;
    float[] zArray = o.z().array();
    int zOff = o.z().offset() + c * plane + from;
    float[] yArray = o.y().array();
    int yOff = o.y().offset() + c * plane + from;
    for (int image = 0; image < batch; image++) {
      int xAt = xOff + image * apart;
      int zAt = zOff + image * apart;
      int yAt = yOff + image * apart;
      for (int i = 0; i < n; i++) {
        float x = xArray[xAt + i];
        float z = zArray[zAt + i];
        float product = x * scale;
        yArray[yAt + i] = Math.max(product + shift + z, 0);
      }
    }
  }
}
