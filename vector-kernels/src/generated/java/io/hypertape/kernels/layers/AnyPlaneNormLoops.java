// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.layers;

import io.hypertape.kernels.lanes.LeafLoop;
import io.hypertape.kernels.lanes.VirtualVector;

/** {@link PlaneNormLoops} or, for lanes of shorter vectors or of none, their twins. */
@LeafLoop
final class AnyPlaneNormLoops {

  private AnyPlaneNormLoops() {}

  /** Of {@link BatchNorm.Forward}. */
  static void moments(
      int lanes,
      int batch,
      int apart,
      int n,
      float[] xArray,
      int xOff,
      float center,
      float[] sums) {
    if (lanes == VirtualVector.LANES) {
      PlaneNormLoops.moments(batch, apart, n, xArray, xOff, center, sums);
    } else if (lanes > 1) {
      ShortPlaneNormLoops.moments(batch, apart, n, xArray, xOff, center, sums);
    } else {
      ScalarPlaneNormLoops.moments(batch, apart, n, xArray, xOff, center, sums);
    }
  }

  /** Of {@link BatchNorm.Forward}. */
  static void normalize(
      int lanes, BatchNorm.Forward o, int c, float center, float scaleValue, float shiftValue) {
    if (lanes > 1) {
      PlaneNormLoops.normalize(o, c, center, scaleValue, shiftValue);
    } else {
      ScalarPlaneNormLoops.normalize(o, c, center, scaleValue, shiftValue);
    }
  }

  /** Of {@link BatchNorm.Backward}. */
  static void products(
      int lanes,
      int batch,
      int apart,
      int n,
      float[] dyArray,
      int dyOff,
      float[] xArray,
      int xOff,
      float center,
      float[] sums) {
    if (lanes == VirtualVector.LANES) {
      PlaneNormLoops.products(batch, apart, n, dyArray, dyOff, xArray, xOff, center, sums);
    } else if (lanes > 1) {
      ShortPlaneNormLoops.products(batch, apart, n, dyArray, dyOff, xArray, xOff, center, sums);
    } else {
      ScalarPlaneNormLoops.products(batch, apart, n, dyArray, dyOff, xArray, xOff, center, sums);
    }
  }

  /** Of {@link BatchNorm.Backward}. */
  static void combine(
      int lanes,
      BatchNorm.Backward o,
      int c,
      float center,
      float scaleValue,
      float slopeValue,
      float shiftValue) {
    if (lanes > 1) {
      PlaneNormLoops.combine(o, c, center, scaleValue, slopeValue, shiftValue);
    } else {
      ScalarPlaneNormLoops.combine(o, c, center, scaleValue, slopeValue, shiftValue);
    }
  }

  /** Of {@link BatchNorm.Scaled}. */
  static void scaled(
      int lanes, BatchNorm.Scaled o, int c, int from, int n, float scaleValue, float shiftValue) {
    if (lanes > 1) {
      PlaneNormLoops.scaled(o, c, from, n, scaleValue, shiftValue);
    } else {
      ScalarPlaneNormLoops.scaled(o, c, from, n, scaleValue, shiftValue);
    }
  }

  /** Of {@link BatchNorm.Scaled}. */
  static void scaledRelu(
      int lanes, BatchNorm.Scaled o, int c, int from, int n, float scaleValue, float shiftValue) {
    if (lanes > 1) {
      PlaneNormLoops.scaledRelu(o, c, from, n, scaleValue, shiftValue);
    } else {
      ScalarPlaneNormLoops.scaledRelu(o, c, from, n, scaleValue, shiftValue);
    }
  }

  /** Of {@link BatchNorm.Scaled}. */
  static void addedRelu(
      int lanes, BatchNorm.Scaled o, int c, int from, int n, float scaleValue, float shiftValue) {
    if (lanes > 1) {
      PlaneNormLoops.addedRelu(o, c, from, n, scaleValue, shiftValue);
    } else {
      ScalarPlaneNormLoops.addedRelu(o, c, from, n, scaleValue, shiftValue);
    }
  }
}
