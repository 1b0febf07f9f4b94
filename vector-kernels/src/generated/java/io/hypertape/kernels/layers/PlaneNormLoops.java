// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.layers;

import io.hypertape.kernels.lanes.LeafLoop;
import io.hypertape.kernels.lanes.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Batch normalization of a channel, or of a unit of its elements. */
@LeafLoop
final class PlaneNormLoops {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();

  private PlaneNormLoops() {}

  /** Of {@link BatchNorm.Forward}. */
  static void moments(
      int batch, int apart, int n, float[] xArray, int xOff, float center, float[] sums) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = s0;
    FloatVector t0 = s0;
    FloatVector t1 = s0;
    for (int image = 0; image < batch; image++) {
      int xAt = xOff + image * apart;
      int i = 0;
      for (; i <= n - 2 * L; i += 2 * L) {
        FloatVector x0 = FloatVector.fromArray(S, xArray, xAt + i);
        FloatVector x1 = FloatVector.fromArray(S, xArray, xAt + i + L);
        FloatVector d0 = x0.sub(center);
        FloatVector d1 = x1.sub(center);
        s0 = s0.add(d0);
        s1 = s1.add(d1);
        t0 = d0.fma(d0, t0);
        t1 = d1.fma(d1, t1);
      }
      for (; i < n; i += L) {
        VectorMask<Float> rest = S.indexInRange(i, n);
        FloatVector x0 = FloatVector.fromArray(S, xArray, xAt + i, rest);
        FloatVector d0 = x0.sub(center, rest);
        s0 = s0.add(d0);
        t0 = d0.fma(d0, t0);
      }
    }
    sums[0] = VectorRows.sum(s0.add(s1));
    sums[1] = VectorRows.sum(t0.add(t1));
  }

  /** Of {@link BatchNorm.Forward}. */
  static void normalize(
      BatchNorm.Forward o, int c, float center, float scaleValue, float shiftValue) {
    int batch = o.s().batch();
    int n = o.s().plane();
    int apart = o.s().channels() * n;
    float[] xArray = o.x().array();
    int xOff = o.x().offset() + c * n;
    float[] yArray = o.y().array();
    int yOff = o.y().offset() + c * n;
    FloatVector scale = FloatVector.broadcast(S, scaleValue);
    FloatVector shift = FloatVector.broadcast(S, shiftValue);
    for (int image = 0; image < batch; image++) {
      int xAt = xOff + image * apart;
      int yAt = yOff + image * apart;
      int i = 0;
      for (; i < S.loopBound(n); i += L) {
        FloatVector x = FloatVector.fromArray(S, xArray, xAt + i);
        x.sub(center).fma(scale, shift).intoArray(yArray, yAt + i);
      }
      if (i < n) {
        VectorMask<Float> rest = S.indexInRange(i, n);
        FloatVector x = FloatVector.fromArray(S, xArray, xAt + i, rest);
        x.sub(center).fma(scale, shift).intoArray(yArray, yAt + i, rest);
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
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = s0;
    FloatVector t0 = s0;
    FloatVector t1 = s0;
    for (int image = 0; image < batch; image++) {
      int dyAt = dyOff + image * apart;
      int xAt = xOff + image * apart;
      int i = 0;
      for (; i <= n - 2 * L; i += 2 * L) {
        FloatVector dy0 = FloatVector.fromArray(S, dyArray, dyAt + i);
        FloatVector dy1 = FloatVector.fromArray(S, dyArray, dyAt + i + L);
        FloatVector x0 = FloatVector.fromArray(S, xArray, xAt + i);
        FloatVector x1 = FloatVector.fromArray(S, xArray, xAt + i + L);
        s0 = s0.add(dy0);
        s1 = s1.add(dy1);
        t0 = x0.sub(center).fma(dy0, t0);
        t1 = x1.sub(center).fma(dy1, t1);
      }
      for (; i < n; i += L) {
        VectorMask<Float> rest = S.indexInRange(i, n);
        FloatVector dy0 = FloatVector.fromArray(S, dyArray, dyAt + i, rest);
        FloatVector x0 = FloatVector.fromArray(S, xArray, xAt + i, rest);
        s0 = s0.add(dy0);
        t0 = x0.sub(center).fma(dy0, t0);
      }
    }
    sums[0] = VectorRows.sum(s0.add(s1));
    sums[1] = VectorRows.sum(t0.add(t1));
  }

  /** Of {@link BatchNorm.Backward}. */
  static void combine(
      BatchNorm.Backward o,
      int c,
      float center,
      float scaleValue,
      float slopeValue,
      float shiftValue) {
    int batch = o.s().batch();
    int n = o.s().plane();
    int apart = o.s().channels() * n;
    float[] dyArray = o.dy().array();
    int dyOff = o.dy().offset() + c * n;
    float[] xArray = o.x().array();
    int xOff = o.x().offset() + c * n;
    float[] dxArray = o.dx().array();
    int dxOff = o.dx().offset() + c * n;
    FloatVector scale = FloatVector.broadcast(S, scaleValue);
    FloatVector slope = FloatVector.broadcast(S, slopeValue);
    FloatVector shift = FloatVector.broadcast(S, shiftValue);
    for (int image = 0; image < batch; image++) {
      int dyAt = dyOff + image * apart;
      int xAt = xOff + image * apart;
      int dxAt = dxOff + image * apart;
      int i = 0;
      for (; i < S.loopBound(n); i += L) {
        FloatVector dy = FloatVector.fromArray(S, dyArray, dyAt + i);
        FloatVector x = FloatVector.fromArray(S, xArray, xAt + i);
        FloatVector normal = x.sub(center).fma(slope, shift);
        dy.fma(scale, normal).intoArray(dxArray, dxAt + i);
      }
      if (i < n) {
        VectorMask<Float> rest = S.indexInRange(i, n);
        FloatVector dy = FloatVector.fromArray(S, dyArray, dyAt + i, rest);
        FloatVector x = FloatVector.fromArray(S, xArray, xAt + i, rest);
        FloatVector normal = x.sub(center).fma(slope, shift);
        dy.fma(scale, normal).intoArray(dxArray, dxAt + i, rest);
      }
    }
  }

  /** Of {@link BatchNorm.Scaled}. */
  static void scaled(
      BatchNorm.Scaled o, int c, int from, int n, float scaleValue, float shiftValue) {
    int batch = o.s().batch();
    int plane = o.s().plane();
    int apart = o.s().channels() * plane;
    float[] xArray = o.x().array();
    int xOff = o.x().offset() + c * plane + from;
    float[] yArray = o.y().array();
    int yOff = o.y().offset() + c * plane + from;
    FloatVector scale = FloatVector.broadcast(S, scaleValue);
    FloatVector shift = FloatVector.broadcast(S, shiftValue);
    for (int image = 0; image < batch; image++) {
      int xAt = xOff + image * apart;
      int yAt = yOff + image * apart;
      int i = 0;
      for (; i < S.loopBound(n); i += L) {
        FloatVector x = FloatVector.fromArray(S, xArray, xAt + i);
        FloatVector product = x.mul(scale);
        product.add(shift).intoArray(yArray, yAt + i);
      }
      if (i < n) {
        VectorMask<Float> rest = S.indexInRange(i, n);
        FloatVector x = FloatVector.fromArray(S, xArray, xAt + i, rest);
        FloatVector product = x.mul(scale);
        product.add(shift).intoArray(yArray, yAt + i, rest);
      }
    }
  }

  /** Of {@link BatchNorm.Scaled}. */
  static void scaledRelu(
      BatchNorm.Scaled o, int c, int from, int n, float scaleValue, float shiftValue) {
    int batch = o.s().batch();
    int plane = o.s().plane();
    int apart = o.s().channels() * plane;
    float[] xArray = o.x().array();
    int xOff = o.x().offset() + c * plane + from;
    float[] yArray = o.y().array();
    int yOff = o.y().offset() + c * plane + from;
    FloatVector scale = FloatVector.broadcast(S, scaleValue);
    FloatVector shift = FloatVector.broadcast(S, shiftValue);
    for (int image = 0; image < batch; image++) {
      int xAt = xOff + image * apart;
      int yAt = yOff + image * apart;
      int i = 0;
      for (; i < S.loopBound(n); i += L) {
        FloatVector x = FloatVector.fromArray(S, xArray, xAt + i);
        FloatVector product = x.mul(scale);
        product.add(shift).max(0).intoArray(yArray, yAt + i);
      }
      if (i < n) {
        VectorMask<Float> rest = S.indexInRange(i, n);
        FloatVector x = FloatVector.fromArray(S, xArray, xAt + i, rest);
        FloatVector product = x.mul(scale);
        product.add(shift).max(0).intoArray(yArray, yAt + i, rest);
      }
    }
  }

  /** Of {@link BatchNorm.Scaled}. */
  static void addedRelu(
      BatchNorm.Scaled o, int c, int from, int n, float scaleValue, float shiftValue) {
    int batch = o.s().batch();
    int plane = o.s().plane();
    int apart = o.s().channels() * plane;
    float[] xArray = o.x().array();
    int xOff = o.x().offset() + c * plane + from;
    float[] zArray = o.z().array();
    int zOff = o.z().offset() + c * plane + from;
    float[] yArray = o.y().array();
    int yOff = o.y().offset() + c * plane + from;
    FloatVector scale = FloatVector.broadcast(S, scaleValue);
    FloatVector shift = FloatVector.broadcast(S, shiftValue);
    for (int image = 0; image < batch; image++) {
      int xAt = xOff + image * apart;
      int zAt = zOff + image * apart;
      int yAt = yOff + image * apart;
      int i = 0;
      for (; i < S.loopBound(n); i += L) {
        FloatVector x = FloatVector.fromArray(S, xArray, xAt + i);
        FloatVector z = FloatVector.fromArray(S, zArray, zAt + i);
        FloatVector product = x.mul(scale);
        product.add(shift).add(z).max(0).intoArray(yArray, yAt + i);
      }
      if (i < n) {
        VectorMask<Float> rest = S.indexInRange(i, n);
        FloatVector x = FloatVector.fromArray(S, xArray, xAt + i, rest);
        FloatVector z = FloatVector.fromArray(S, zArray, zAt + i, rest);
        FloatVector product = x.mul(scale);
        product.add(shift).add(z).max(0).intoArray(yArray, yAt + i, rest);
      }
    }
  }
}
