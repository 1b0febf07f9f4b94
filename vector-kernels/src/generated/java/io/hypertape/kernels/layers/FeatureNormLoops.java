// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.layers;

import io.hypertape.kernels.lanes.LeafLoop;
import io.hypertape.kernels.lanes.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Batch normalization of neighbouring features, as many as a vector has lanes. */
@LeafLoop
final class FeatureNormLoops {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();

  private FeatureNormLoops() {}

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
    VectorMask<Float> rest = S.indexInRange(0, n);
    FloatVector center = FloatVector.fromArray(S, centers, centersOff, rest);
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector t0 = s0;
    FloatVector t1 = s0;
    FloatVector t2 = s0;
    FloatVector t3 = s0;
    int image = 0;
    for (; image <= batch - 4; image += 4) {
      int xAt = xOff + image * apart;
      FloatVector x0 = FloatVector.fromArray(S, xArray, xAt, rest);
      FloatVector x1 = FloatVector.fromArray(S, xArray, xAt + apart, rest);
      FloatVector x2 = FloatVector.fromArray(S, xArray, xAt + 2 * apart, rest);
      FloatVector x3 = FloatVector.fromArray(S, xArray, xAt + 3 * apart, rest);
      FloatVector d0 = x0.sub(center);
      FloatVector d1 = x1.sub(center);
      FloatVector d2 = x2.sub(center);
      FloatVector d3 = x3.sub(center);
      s0 = s0.add(d0);
      s1 = s1.add(d1);
      s2 = s2.add(d2);
      s3 = s3.add(d3);
      t0 = d0.fma(d0, t0);
      t1 = d1.fma(d1, t1);
      t2 = d2.fma(d2, t2);
      t3 = d3.fma(d3, t3);
    }
    for (; image < batch; image++) {
      int xAt = xOff + image * apart;
      FloatVector x0 = FloatVector.fromArray(S, xArray, xAt, rest);
      FloatVector d0 = x0.sub(center);
      s0 = s0.add(d0);
      t0 = d0.fma(d0, t0);
    }
    s0.add(s1).add(s2.add(s3)).intoArray(sums, 0);
    t0.add(t1).add(t2.add(t3)).intoArray(sums, L);
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
    VectorMask<Float> rest = S.indexInRange(0, n);
    FloatVector center = FloatVector.fromArray(S, centers, centersOff, rest);
    FloatVector scale = FloatVector.fromArray(S, scales, 0);
    FloatVector shift = FloatVector.fromArray(S, shifts, 0);
    int image = 0;
    for (; image < batch; image++) {
      int xAt = xOff + image * apart;
      int yAt = yOff + image * apart;
      FloatVector x = FloatVector.fromArray(S, xArray, xAt, rest);
      x.sub(center).fma(scale, shift).intoArray(yArray, yAt, rest);
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
    VectorMask<Float> rest = S.indexInRange(0, n);
    FloatVector center = FloatVector.fromArray(S, centers, centersOff, rest);
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = s0;
    FloatVector t0 = s0;
    FloatVector t1 = s0;
    int image = 0;
    for (; image <= batch - 2; image += 2) {
      int dyAt = dyOff + image * apart;
      int xAt = xOff + image * apart;
      FloatVector dy0 = FloatVector.fromArray(S, dyArray, dyAt, rest);
      FloatVector dy1 = FloatVector.fromArray(S, dyArray, dyAt + apart, rest);
      FloatVector x0 = FloatVector.fromArray(S, xArray, xAt, rest);
      FloatVector x1 = FloatVector.fromArray(S, xArray, xAt + apart, rest);
      s0 = s0.add(dy0);
      s1 = s1.add(dy1);
      t0 = x0.sub(center).fma(dy0, t0);
      t1 = x1.sub(center).fma(dy1, t1);
    }
    for (; image < batch; image++) {
      int dyAt = dyOff + image * apart;
      int xAt = xOff + image * apart;
      FloatVector dy0 = FloatVector.fromArray(S, dyArray, dyAt, rest);
      FloatVector x0 = FloatVector.fromArray(S, xArray, xAt, rest);
      s0 = s0.add(dy0);
      t0 = x0.sub(center).fma(dy0, t0);
    }
    s0.add(s1).intoArray(sums, 0);
    t0.add(t1).intoArray(sums, L);
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
    VectorMask<Float> rest = S.indexInRange(0, n);
    FloatVector center = FloatVector.fromArray(S, centers, centersOff, rest);
    FloatVector scale = FloatVector.fromArray(S, scales, 0);
    FloatVector slope = FloatVector.fromArray(S, slopes, 0);
    FloatVector shift = FloatVector.fromArray(S, shifts, 0);
    int image = 0;
    for (; image < batch; image++) {
      int dyAt = dyOff + image * apart;
      int xAt = xOff + image * apart;
      int dxAt = dxOff + image * apart;
      FloatVector dy = FloatVector.fromArray(S, dyArray, dyAt, rest);
      FloatVector x = FloatVector.fromArray(S, xArray, xAt, rest);
      FloatVector normal = x.sub(center).fma(slope, shift);
      dy.fma(scale, normal).intoArray(dxArray, dxAt, rest);
    }
  }
}
