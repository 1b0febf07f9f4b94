// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.layers;

import io.hypertape.kernels.lanes.LeafLoop;
import io.hypertape.kernels.lanes.VectorRows;
import io.hypertape.kernels.lanes.VirtualVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Sums of batch normalization for vectors of less than 16 lanes. */
@LeafLoop
final class ShortPlaneNormLoops {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int L = S.length();
  private static final int LANES = VirtualVector.LANES;

  private ShortPlaneNormLoops() {}

  /** Of {@link BatchNorm.Forward}. */
  static void moments(
      int batch, int apart, int n, float[] xArray, int xOff, float center, float[] sums) {
    for (int lane = 0; lane < LANES; lane += 2 * L) {
      FloatVector s0 = FloatVector.zero(S);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      FloatVector t0 = s0;
      FloatVector t1 = s0;
      FloatVector t2 = s0;
      FloatVector t3 = s0;
      for (int image = 0; image < batch; image++) {
        int xAt = xOff + image * apart + lane;
        int i = 0;
        for (; i <= n - 2 * LANES; i += 2 * LANES) {
          FloatVector x0 = FloatVector.fromArray(S, xArray, xAt + i);
          FloatVector x1 = FloatVector.fromArray(S, xArray, xAt + i + L);
          FloatVector x2 = FloatVector.fromArray(S, xArray, xAt + i + LANES);
          FloatVector x3 = FloatVector.fromArray(S, xArray, xAt + i + LANES + L);
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
        if (i <= n - LANES) {
          FloatVector x0 = FloatVector.fromArray(S, xArray, xAt + i);
          FloatVector x1 = FloatVector.fromArray(S, xArray, xAt + i + L);
          FloatVector d0 = x0.sub(center);
          FloatVector d1 = x1.sub(center);
          s0 = s0.add(d0);
          s1 = s1.add(d1);
          t0 = d0.fma(d0, t0);
          t1 = d1.fma(d1, t1);
          i += LANES;
        }
        if (i < n) {
          VectorMask<Float> rest0 = S.indexInRange(i + lane, n);
          VectorMask<Float> rest1 = S.indexInRange(i + lane + L, n);
          FloatVector x0 = FloatVector.fromArray(S, xArray, xAt + i, rest0);
          FloatVector x1 = FloatVector.fromArray(S, xArray, xAt + i + L, rest1);
          FloatVector d0 = x0.sub(center, rest0);
          FloatVector d1 = x1.sub(center, rest1);
          s0 = s0.add(d0);
          s1 = s1.add(d1);
          t0 = d0.fma(d0, t0);
          t1 = d1.fma(d1, t1);
        }
      }
      s0.add(s2).intoArray(sums, 2 + lane);
      t0.add(t2).intoArray(sums, 2 + LANES + lane);
      s1.add(s3).intoArray(sums, 2 + lane + L);
      t1.add(t3).intoArray(sums, 2 + LANES + lane + L);
    }
    sums[0] = VirtualVector.sum(sums, 2);
    sums[1] = VirtualVector.sum(sums, 2 + LANES);
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
    for (int lane = 0; lane < LANES; lane += 2 * L) {
      FloatVector s0 = FloatVector.zero(S);
      FloatVector s1 = s0;
      FloatVector s2 = s0;
      FloatVector s3 = s0;
      FloatVector t0 = s0;
      FloatVector t1 = s0;
      FloatVector t2 = s0;
      FloatVector t3 = s0;
      for (int image = 0; image < batch; image++) {
        int dyAt = dyOff + image * apart + lane;
        int xAt = xOff + image * apart + lane;
        int i = 0;
        for (; i <= n - 2 * LANES; i += 2 * LANES) {
          FloatVector dy0 = FloatVector.fromArray(S, dyArray, dyAt + i);
          FloatVector dy1 = FloatVector.fromArray(S, dyArray, dyAt + i + L);
          FloatVector dy2 = FloatVector.fromArray(S, dyArray, dyAt + i + LANES);
          FloatVector dy3 = FloatVector.fromArray(S, dyArray, dyAt + i + LANES + L);
          FloatVector x0 = FloatVector.fromArray(S, xArray, xAt + i);
          FloatVector x1 = FloatVector.fromArray(S, xArray, xAt + i + L);
          FloatVector x2 = FloatVector.fromArray(S, xArray, xAt + i + LANES);
          FloatVector x3 = FloatVector.fromArray(S, xArray, xAt + i + LANES + L);
          s0 = s0.add(dy0);
          s1 = s1.add(dy1);
          s2 = s2.add(dy2);
          s3 = s3.add(dy3);
          t0 = x0.sub(center).fma(dy0, t0);
          t1 = x1.sub(center).fma(dy1, t1);
          t2 = x2.sub(center).fma(dy2, t2);
          t3 = x3.sub(center).fma(dy3, t3);
        }
        if (i <= n - LANES) {
          FloatVector dy0 = FloatVector.fromArray(S, dyArray, dyAt + i);
          FloatVector dy1 = FloatVector.fromArray(S, dyArray, dyAt + i + L);
          FloatVector x0 = FloatVector.fromArray(S, xArray, xAt + i);
          FloatVector x1 = FloatVector.fromArray(S, xArray, xAt + i + L);
          s0 = s0.add(dy0);
          s1 = s1.add(dy1);
          t0 = x0.sub(center).fma(dy0, t0);
          t1 = x1.sub(center).fma(dy1, t1);
          i += LANES;
        }
        if (i < n) {
          VectorMask<Float> rest0 = S.indexInRange(i + lane, n);
          VectorMask<Float> rest1 = S.indexInRange(i + lane + L, n);
          FloatVector dy0 = FloatVector.fromArray(S, dyArray, dyAt + i, rest0);
          FloatVector dy1 = FloatVector.fromArray(S, dyArray, dyAt + i + L, rest1);
          FloatVector x0 = FloatVector.fromArray(S, xArray, xAt + i, rest0);
          FloatVector x1 = FloatVector.fromArray(S, xArray, xAt + i + L, rest1);
          s0 = s0.add(dy0);
          s1 = s1.add(dy1);
          t0 = x0.sub(center).fma(dy0, t0);
          t1 = x1.sub(center).fma(dy1, t1);
        }
      }
      s0.add(s2).intoArray(sums, 2 + lane);
      t0.add(t2).intoArray(sums, 2 + LANES + lane);
      s1.add(s3).intoArray(sums, 2 + lane + L);
      t1.add(t3).intoArray(sums, 2 + LANES + lane + L);
    }
    sums[0] = VirtualVector.sum(sums, 2);
    sums[1] = VirtualVector.sum(sums, 2 + LANES);
  }
}
