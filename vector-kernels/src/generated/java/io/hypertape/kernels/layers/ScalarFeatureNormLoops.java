// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.layers;

import io.hypertape.kernels.lanes.Fma;
import io.hypertape.kernels.lanes.LeafLoop;
import io.hypertape.kernels.lanes.VirtualVector;

/** Batch normalization of neighbouring features, some at a time. */
@LeafLoop
final class ScalarFeatureNormLoops {

  private static final int LANES = VirtualVector.LANES;

  private ScalarFeatureNormLoops() {}

  /** Of {@link BatchNorm.Forward}. */
  static void moments(
      BatchNorm.Forward o,
      int c,
      int n,
      int from,
      int batch,
      float[] centers,
      int centersOff,
      float[] sums) {
    int apart = o.s().channels();
    float[] xArray = o.x().array();
    int xOff = o.x().offset() + from * apart + c;
    for (int j = 0; j < n; j++) {
      float center = centers[centersOff + j];
      float s0 = 0;
      float s1 = 0;
      float s2 = 0;
      float s3 = 0;
      float t0 = 0;
      float t1 = 0;
      float t2 = 0;
      float t3 = 0;
      int image = 0;
      for (; image <= batch - 4; image += 4) {
        int xAt = xOff + image * apart + j;
        float x0 = xArray[xAt];
        float x1 = xArray[xAt + apart];
        float x2 = xArray[xAt + 2 * apart];
        float x3 = xArray[xAt + 3 * apart];
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
      }
      for (; image < batch; image++) {
        int xAt = xOff + image * apart + j;
        float x0 = xArray[xAt];
        float d0 = x0 - center;
        s0 = s0 + d0;
        t0 = Fma.fma(d0, d0, t0);
      }
      sums[j] = (s0 + s1) + (s2 + s3);
      sums[LANES + j] = (t0 + t1) + (t2 + t3);
    }
  }

  /** Of {@link BatchNorm.Forward}. */
  static void normalize(
      BatchNorm.Forward o,
      int c,
      int n,
      float[] centers,
      int centersOff,
      float[] scales,
      float[] shifts) {
    int batch = o.s().batch();
    int apart = o.s().channels();
    float[] xArray = o.x().array();
    int xOff = o.x().offset() + c;
    float[] yArray = o.y().array();
    int yOff = o.y().offset() + c;
    for (int j = 0; j < n; j++) {
      float center = centers[centersOff + j];
      float scale = scales[j];
      float shift = shifts[j];
      int image = 0;
      for (; image < batch; image++) {
        int xAt = xOff + image * apart + j;
        int yAt = yOff + image * apart + j;
        float x = xArray[xAt];
        yArray[yAt] = Fma.fma(x - center, scale, shift);
      }
    }
  }

  /** Of {@link BatchNorm.Backward}. */
  static void products(
      BatchNorm.Backward o,
      int c,
      int n,
      int from,
      int batch,
      float[] centers,
      int centersOff,
      float[] sums) {
    int apart = o.s().channels();
    float[] dyArray = o.dy().array();
    int dyOff = o.dy().offset() + from * apart + c;
    float[] xArray = o.x().array();
    int xOff = o.x().offset() + from * apart + c;
    for (int j = 0; j < n; j++) {
      float center = centers[centersOff + j];
      float s0 = 0;
      float s1 = 0;
      float t0 = 0;
      float t1 = 0;
      int image = 0;
      for (; image <= batch - 2; image += 2) {
        int dyAt = dyOff + image * apart + j;
        int xAt = xOff + image * apart + j;
        float dy0 = dyArray[dyAt];
        float dy1 = dyArray[dyAt + apart];
        float x0 = xArray[xAt];
        float x1 = xArray[xAt + apart];
        s0 = s0 + dy0;
        s1 = s1 + dy1;
        t0 = Fma.fma(x0 - center, dy0, t0);
        t1 = Fma.fma(x1 - center, dy1, t1);
      }
      for (; image < batch; image++) {
        int dyAt = dyOff + image * apart + j;
        int xAt = xOff + image * apart + j;
        float dy0 = dyArray[dyAt];
        float x0 = xArray[xAt];
        s0 = s0 + dy0;
        t0 = Fma.fma(x0 - center, dy0, t0);
      }
      sums[j] = s0 + s1;
      sums[LANES + j] = t0 + t1;
    }
  }

  /** Of {@link BatchNorm.Backward}. */
  static void combine(
      BatchNorm.Backward o,
      int c,
      int n,
      float[] centers,
      int centersOff,
      float[] scales,
      float[] slopes,
      float[] shifts) {
    int batch = o.s().batch();
    int apart = o.s().channels();
    float[] dyArray = o.dy().array();
    int dyOff = o.dy().offset() + c;
    float[] xArray = o.x().array();
    int xOff = o.x().offset() + c;
    float[] dxArray = o.dx().array();
    int dxOff = o.dx().offset() + c;
    for (int j = 0; j < n; j++) {
      float center = centers[centersOff + j];
      float scale = scales[j];
      float slope = slopes[j];
      float shift = shifts[j];
      int image = 0;
      for (; image < batch; image++) {
        int dyAt = dyOff + image * apart + j;
        int xAt = xOff + image * apart + j;
        int dxAt = dxOff + image * apart + j;
        float dy = dyArray[dyAt];
        float x = xArray[xAt];
        float normal = Fma.fma(x - center, slope, shift);
        dxArray[dxAt] = Fma.fma(dy, scale, normal);
      }
    }
  }
}
