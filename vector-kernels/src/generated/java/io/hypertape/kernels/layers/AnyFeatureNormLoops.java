// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.layers;

import io.hypertape.kernels.lanes.LeafLoop;

/** {@link FeatureNormLoops} or, for lanes of shorter vectors or of none, their twins. */
@LeafLoop
final class AnyFeatureNormLoops {

  private AnyFeatureNormLoops() {}

  /** Of {@link BatchNorm.Forward}. */
  static void moments(
      int lanes,
      BatchNorm.Forward o,
      int c,
      int n,
      int from,
      int batch,
      float[] centers,
      int centersOff,
      float[] sums) {
    if (lanes > 1) {
      FeatureNormLoops.moments(o, c, n, from, batch, centers, centersOff, sums);
    } else {
      ScalarFeatureNormLoops.moments(o, c, n, from, batch, centers, centersOff, sums);
    }
  }

  /** Of {@link BatchNorm.Forward}. */
  static void normalize(
      int lanes,
      BatchNorm.Forward o,
      int c,
      int n,
      float[] centers,
      int centersOff,
      float[] scales,
      float[] shifts) {
    if (lanes > 1) {
      FeatureNormLoops.normalize(o, c, n, centers, centersOff, scales, shifts);
    } else {
      ScalarFeatureNormLoops.normalize(o, c, n, centers, centersOff, scales, shifts);
    }
  }

  /** Of {@link BatchNorm.Backward}. */
  static void products(
      int lanes,
      BatchNorm.Backward o,
      int c,
      int n,
      int from,
      int batch,
      float[] centers,
      int centersOff,
      float[] sums) {
    if (lanes > 1) {
      FeatureNormLoops.products(o, c, n, from, batch, centers, centersOff, sums);
    } else {
      ScalarFeatureNormLoops.products(o, c, n, from, batch, centers, centersOff, sums);
    }
  }

  /** Of {@link BatchNorm.Backward}. */
  static void combine(
      int lanes,
      BatchNorm.Backward o,
      int c,
      int n,
      float[] centers,
      int centersOff,
      float[] scales,
      float[] slopes,
      float[] shifts) {
    if (lanes > 1) {
      FeatureNormLoops.combine(o, c, n, centers, centersOff, scales, slopes, shifts);
    } else {
      ScalarFeatureNormLoops.combine(o, c, n, centers, centersOff, scales, slopes, shifts);
    }
  }
}
