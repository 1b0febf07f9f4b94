// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.convolution;

import io.hypertape.kernels.lanes.LeafLoop;
import io.hypertape.kernels.lanes.VectorRows;
import io.hypertape.kernels.lanes.VirtualVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Inner products of rows of dy and of x, shifted by taps, in registers: place u has a vector of x
 * at {@code places[2u]} and one of dy at {@code places[2u + 1]}. The lanes' partial sums begin with
 * 0, or go on with what the places before left in a tile of virtual vectors; there they are written
 * from a lane on, filter after filter.
 *
 * <p>Unrolled, the stores too, as in {@link ConvolutionBlocks} and for its reason.
 */
@LeafLoop
final class FilterBlocks {

  private static final VectorSpecies<Float> S = VectorRows.S;
  private static final int LANES = VirtualVector.LANES;

  private FilterBlocks() {}

  /** 4 filters by so many taps. */
  static void filters4(
      int width,
      int begin,
      int end,
      int[] places,
      float[] x,
      int xOff,
      int[] taps,
      int first,
      float[] dy,
      int dyOff,
      int dyStep,
      float[] tile,
      int lane,
      boolean add) {
    switch (width) {
      case 6 ->
          filters4x6(begin, end, places, x, xOff, taps, first, dy, dyOff, dyStep, tile, lane, add);
      case 5 ->
          filters4x5(begin, end, places, x, xOff, taps, first, dy, dyOff, dyStep, tile, lane, add);
      case 3 ->
          filters4x3(begin, end, places, x, xOff, taps, first, dy, dyOff, dyStep, tile, lane, add);
      default -> throw new IllegalArgumentException("no block of " + width + " taps");
    }
  }

  /** 4 filters by 6 taps. */
  static void filters4x6(
      int begin,
      int end,
      int[] places,
      float[] x,
      int xOff,
      int[] taps,
      int first,
      float[] dy,
      int dyOff,
      int dyStep,
      float[] tile,
      int lane,
      boolean add) {
    FloatVector s0x0 = FloatVector.zero(S);
    FloatVector s0x1 = s0x0;
    FloatVector s0x2 = s0x0;
    FloatVector s0x3 = s0x0;
    FloatVector s0x4 = s0x0;
    FloatVector s0x5 = s0x0;
    FloatVector s1x0 = s0x0;
    FloatVector s1x1 = s0x0;
    FloatVector s1x2 = s0x0;
    FloatVector s1x3 = s0x0;
    FloatVector s1x4 = s0x0;
    FloatVector s1x5 = s0x0;
    FloatVector s2x0 = s0x0;
    FloatVector s2x1 = s0x0;
    FloatVector s2x2 = s0x0;
    FloatVector s2x3 = s0x0;
    FloatVector s2x4 = s0x0;
    FloatVector s2x5 = s0x0;
    FloatVector s3x0 = s0x0;
    FloatVector s3x1 = s0x0;
    FloatVector s3x2 = s0x0;
    FloatVector s3x3 = s0x0;
    FloatVector s3x4 = s0x0;
    FloatVector s3x5 = s0x0;
    if (add) {
      s0x0 = FloatVector.fromArray(S, tile, lane);
      s0x1 = FloatVector.fromArray(S, tile, lane + LANES);
      s0x2 = FloatVector.fromArray(S, tile, lane + 2 * LANES);
      s0x3 = FloatVector.fromArray(S, tile, lane + 3 * LANES);
      s0x4 = FloatVector.fromArray(S, tile, lane + 4 * LANES);
      s0x5 = FloatVector.fromArray(S, tile, lane + 5 * LANES);
      s1x0 = FloatVector.fromArray(S, tile, lane + 6 * LANES);
      s1x1 = FloatVector.fromArray(S, tile, lane + 7 * LANES);
      s1x2 = FloatVector.fromArray(S, tile, lane + 8 * LANES);
      s1x3 = FloatVector.fromArray(S, tile, lane + 9 * LANES);
      s1x4 = FloatVector.fromArray(S, tile, lane + 10 * LANES);
      s1x5 = FloatVector.fromArray(S, tile, lane + 11 * LANES);
      s2x0 = FloatVector.fromArray(S, tile, lane + 12 * LANES);
      s2x1 = FloatVector.fromArray(S, tile, lane + 13 * LANES);
      s2x2 = FloatVector.fromArray(S, tile, lane + 14 * LANES);
      s2x3 = FloatVector.fromArray(S, tile, lane + 15 * LANES);
      s2x4 = FloatVector.fromArray(S, tile, lane + 16 * LANES);
      s2x5 = FloatVector.fromArray(S, tile, lane + 17 * LANES);
      s3x0 = FloatVector.fromArray(S, tile, lane + 18 * LANES);
      s3x1 = FloatVector.fromArray(S, tile, lane + 19 * LANES);
      s3x2 = FloatVector.fromArray(S, tile, lane + 20 * LANES);
      s3x3 = FloatVector.fromArray(S, tile, lane + 21 * LANES);
      s3x4 = FloatVector.fromArray(S, tile, lane + 22 * LANES);
      s3x5 = FloatVector.fromArray(S, tile, lane + 23 * LANES);
    }
    int t0 = xOff + taps[first];
    int t1 = xOff + taps[first + 1];
    int t2 = xOff + taps[first + 2];
    int t3 = xOff + taps[first + 3];
    int t4 = xOff + taps[first + 4];
    int t5 = xOff + taps[first + 5];
    int d1 = dyOff + dyStep;
    int d2 = dyOff + 2 * dyStep;
    int d3 = dyOff + 3 * dyStep;
    for (int u = begin; u < end; u++) {
      int at = places[2 * u];
      int from = places[2 * u + 1];
      FloatVector g0 = FloatVector.fromArray(S, dy, dyOff + from);
      FloatVector g1 = FloatVector.fromArray(S, dy, d1 + from);
      FloatVector g2 = FloatVector.fromArray(S, dy, d2 + from);
      FloatVector g3 = FloatVector.fromArray(S, dy, d3 + from);
      FloatVector v;
      v = FloatVector.fromArray(S, x, t0 + at);
      s0x0 = v.fma(g0, s0x0);
      s1x0 = v.fma(g1, s1x0);
      s2x0 = v.fma(g2, s2x0);
      s3x0 = v.fma(g3, s3x0);
      v = FloatVector.fromArray(S, x, t1 + at);
      s0x1 = v.fma(g0, s0x1);
      s1x1 = v.fma(g1, s1x1);
      s2x1 = v.fma(g2, s2x1);
      s3x1 = v.fma(g3, s3x1);
      v = FloatVector.fromArray(S, x, t2 + at);
      s0x2 = v.fma(g0, s0x2);
      s1x2 = v.fma(g1, s1x2);
      s2x2 = v.fma(g2, s2x2);
      s3x2 = v.fma(g3, s3x2);
      v = FloatVector.fromArray(S, x, t3 + at);
      s0x3 = v.fma(g0, s0x3);
      s1x3 = v.fma(g1, s1x3);
      s2x3 = v.fma(g2, s2x3);
      s3x3 = v.fma(g3, s3x3);
      v = FloatVector.fromArray(S, x, t4 + at);
      s0x4 = v.fma(g0, s0x4);
      s1x4 = v.fma(g1, s1x4);
      s2x4 = v.fma(g2, s2x4);
      s3x4 = v.fma(g3, s3x4);
      v = FloatVector.fromArray(S, x, t5 + at);
      s0x5 = v.fma(g0, s0x5);
      s1x5 = v.fma(g1, s1x5);
      s2x5 = v.fma(g2, s2x5);
      s3x5 = v.fma(g3, s3x5);
    }
    s0x0.intoArray(tile, lane);
    s0x1.intoArray(tile, lane + LANES);
    s0x2.intoArray(tile, lane + 2 * LANES);
    s0x3.intoArray(tile, lane + 3 * LANES);
    s0x4.intoArray(tile, lane + 4 * LANES);
    s0x5.intoArray(tile, lane + 5 * LANES);
    s1x0.intoArray(tile, lane + 6 * LANES);
    s1x1.intoArray(tile, lane + 7 * LANES);
    s1x2.intoArray(tile, lane + 8 * LANES);
    s1x3.intoArray(tile, lane + 9 * LANES);
    s1x4.intoArray(tile, lane + 10 * LANES);
    s1x5.intoArray(tile, lane + 11 * LANES);
    s2x0.intoArray(tile, lane + 12 * LANES);
    s2x1.intoArray(tile, lane + 13 * LANES);
    s2x2.intoArray(tile, lane + 14 * LANES);
    s2x3.intoArray(tile, lane + 15 * LANES);
    s2x4.intoArray(tile, lane + 16 * LANES);
    s2x5.intoArray(tile, lane + 17 * LANES);
    s3x0.intoArray(tile, lane + 18 * LANES);
    s3x1.intoArray(tile, lane + 19 * LANES);
    s3x2.intoArray(tile, lane + 20 * LANES);
    s3x3.intoArray(tile, lane + 21 * LANES);
    s3x4.intoArray(tile, lane + 22 * LANES);
    s3x5.intoArray(tile, lane + 23 * LANES);
  }

  /** 4 filters by 5 taps. */
  static void filters4x5(
      int begin,
      int end,
      int[] places,
      float[] x,
      int xOff,
      int[] taps,
      int first,
      float[] dy,
      int dyOff,
      int dyStep,
      float[] tile,
      int lane,
      boolean add) {
    FloatVector s0x0 = FloatVector.zero(S);
    FloatVector s0x1 = s0x0;
    FloatVector s0x2 = s0x0;
    FloatVector s0x3 = s0x0;
    FloatVector s0x4 = s0x0;
    FloatVector s1x0 = s0x0;
    FloatVector s1x1 = s0x0;
    FloatVector s1x2 = s0x0;
    FloatVector s1x3 = s0x0;
    FloatVector s1x4 = s0x0;
    FloatVector s2x0 = s0x0;
    FloatVector s2x1 = s0x0;
    FloatVector s2x2 = s0x0;
    FloatVector s2x3 = s0x0;
    FloatVector s2x4 = s0x0;
    FloatVector s3x0 = s0x0;
    FloatVector s3x1 = s0x0;
    FloatVector s3x2 = s0x0;
    FloatVector s3x3 = s0x0;
    FloatVector s3x4 = s0x0;
    if (add) {
      s0x0 = FloatVector.fromArray(S, tile, lane);
      s0x1 = FloatVector.fromArray(S, tile, lane + LANES);
      s0x2 = FloatVector.fromArray(S, tile, lane + 2 * LANES);
      s0x3 = FloatVector.fromArray(S, tile, lane + 3 * LANES);
      s0x4 = FloatVector.fromArray(S, tile, lane + 4 * LANES);
      s1x0 = FloatVector.fromArray(S, tile, lane + 5 * LANES);
      s1x1 = FloatVector.fromArray(S, tile, lane + 6 * LANES);
      s1x2 = FloatVector.fromArray(S, tile, lane + 7 * LANES);
      s1x3 = FloatVector.fromArray(S, tile, lane + 8 * LANES);
      s1x4 = FloatVector.fromArray(S, tile, lane + 9 * LANES);
      s2x0 = FloatVector.fromArray(S, tile, lane + 10 * LANES);
      s2x1 = FloatVector.fromArray(S, tile, lane + 11 * LANES);
      s2x2 = FloatVector.fromArray(S, tile, lane + 12 * LANES);
      s2x3 = FloatVector.fromArray(S, tile, lane + 13 * LANES);
      s2x4 = FloatVector.fromArray(S, tile, lane + 14 * LANES);
      s3x0 = FloatVector.fromArray(S, tile, lane + 15 * LANES);
      s3x1 = FloatVector.fromArray(S, tile, lane + 16 * LANES);
      s3x2 = FloatVector.fromArray(S, tile, lane + 17 * LANES);
      s3x3 = FloatVector.fromArray(S, tile, lane + 18 * LANES);
      s3x4 = FloatVector.fromArray(S, tile, lane + 19 * LANES);
    }
    int t0 = xOff + taps[first];
    int t1 = xOff + taps[first + 1];
    int t2 = xOff + taps[first + 2];
    int t3 = xOff + taps[first + 3];
    int t4 = xOff + taps[first + 4];
    int d1 = dyOff + dyStep;
    int d2 = dyOff + 2 * dyStep;
    int d3 = dyOff + 3 * dyStep;
    for (int u = begin; u < end; u++) {
      int at = places[2 * u];
      int from = places[2 * u + 1];
      FloatVector g0 = FloatVector.fromArray(S, dy, dyOff + from);
      FloatVector g1 = FloatVector.fromArray(S, dy, d1 + from);
      FloatVector g2 = FloatVector.fromArray(S, dy, d2 + from);
      FloatVector g3 = FloatVector.fromArray(S, dy, d3 + from);
      FloatVector v;
      v = FloatVector.fromArray(S, x, t0 + at);
      s0x0 = v.fma(g0, s0x0);
      s1x0 = v.fma(g1, s1x0);
      s2x0 = v.fma(g2, s2x0);
      s3x0 = v.fma(g3, s3x0);
      v = FloatVector.fromArray(S, x, t1 + at);
      s0x1 = v.fma(g0, s0x1);
      s1x1 = v.fma(g1, s1x1);
      s2x1 = v.fma(g2, s2x1);
      s3x1 = v.fma(g3, s3x1);
      v = FloatVector.fromArray(S, x, t2 + at);
      s0x2 = v.fma(g0, s0x2);
      s1x2 = v.fma(g1, s1x2);
      s2x2 = v.fma(g2, s2x2);
      s3x2 = v.fma(g3, s3x2);
      v = FloatVector.fromArray(S, x, t3 + at);
      s0x3 = v.fma(g0, s0x3);
      s1x3 = v.fma(g1, s1x3);
      s2x3 = v.fma(g2, s2x3);
      s3x3 = v.fma(g3, s3x3);
      v = FloatVector.fromArray(S, x, t4 + at);
      s0x4 = v.fma(g0, s0x4);
      s1x4 = v.fma(g1, s1x4);
      s2x4 = v.fma(g2, s2x4);
      s3x4 = v.fma(g3, s3x4);
    }
    s0x0.intoArray(tile, lane);
    s0x1.intoArray(tile, lane + LANES);
    s0x2.intoArray(tile, lane + 2 * LANES);
    s0x3.intoArray(tile, lane + 3 * LANES);
    s0x4.intoArray(tile, lane + 4 * LANES);
    s1x0.intoArray(tile, lane + 5 * LANES);
    s1x1.intoArray(tile, lane + 6 * LANES);
    s1x2.intoArray(tile, lane + 7 * LANES);
    s1x3.intoArray(tile, lane + 8 * LANES);
    s1x4.intoArray(tile, lane + 9 * LANES);
    s2x0.intoArray(tile, lane + 10 * LANES);
    s2x1.intoArray(tile, lane + 11 * LANES);
    s2x2.intoArray(tile, lane + 12 * LANES);
    s2x3.intoArray(tile, lane + 13 * LANES);
    s2x4.intoArray(tile, lane + 14 * LANES);
    s3x0.intoArray(tile, lane + 15 * LANES);
    s3x1.intoArray(tile, lane + 16 * LANES);
    s3x2.intoArray(tile, lane + 17 * LANES);
    s3x3.intoArray(tile, lane + 18 * LANES);
    s3x4.intoArray(tile, lane + 19 * LANES);
  }

  /** 4 filters by 3 taps. */
  static void filters4x3(
      int begin,
      int end,
      int[] places,
      float[] x,
      int xOff,
      int[] taps,
      int first,
      float[] dy,
      int dyOff,
      int dyStep,
      float[] tile,
      int lane,
      boolean add) {
    FloatVector s0x0 = FloatVector.zero(S);
    FloatVector s0x1 = s0x0;
    FloatVector s0x2 = s0x0;
    FloatVector s1x0 = s0x0;
    FloatVector s1x1 = s0x0;
    FloatVector s1x2 = s0x0;
    FloatVector s2x0 = s0x0;
    FloatVector s2x1 = s0x0;
    FloatVector s2x2 = s0x0;
    FloatVector s3x0 = s0x0;
    FloatVector s3x1 = s0x0;
    FloatVector s3x2 = s0x0;
    if (add) {
      s0x0 = FloatVector.fromArray(S, tile, lane);
      s0x1 = FloatVector.fromArray(S, tile, lane + LANES);
      s0x2 = FloatVector.fromArray(S, tile, lane + 2 * LANES);
      s1x0 = FloatVector.fromArray(S, tile, lane + 3 * LANES);
      s1x1 = FloatVector.fromArray(S, tile, lane + 4 * LANES);
      s1x2 = FloatVector.fromArray(S, tile, lane + 5 * LANES);
      s2x0 = FloatVector.fromArray(S, tile, lane + 6 * LANES);
      s2x1 = FloatVector.fromArray(S, tile, lane + 7 * LANES);
      s2x2 = FloatVector.fromArray(S, tile, lane + 8 * LANES);
      s3x0 = FloatVector.fromArray(S, tile, lane + 9 * LANES);
      s3x1 = FloatVector.fromArray(S, tile, lane + 10 * LANES);
      s3x2 = FloatVector.fromArray(S, tile, lane + 11 * LANES);
    }
    int t0 = xOff + taps[first];
    int t1 = xOff + taps[first + 1];
    int t2 = xOff + taps[first + 2];
    int d1 = dyOff + dyStep;
    int d2 = dyOff + 2 * dyStep;
    int d3 = dyOff + 3 * dyStep;
    for (int u = begin; u < end; u++) {
      int at = places[2 * u];
      int from = places[2 * u + 1];
      FloatVector v0 = FloatVector.fromArray(S, x, t0 + at);
      FloatVector v1 = FloatVector.fromArray(S, x, t1 + at);
      FloatVector v2 = FloatVector.fromArray(S, x, t2 + at);
      FloatVector g;
      g = FloatVector.fromArray(S, dy, dyOff + from);
      s0x0 = v0.fma(g, s0x0);
      s0x1 = v1.fma(g, s0x1);
      s0x2 = v2.fma(g, s0x2);
      g = FloatVector.fromArray(S, dy, d1 + from);
      s1x0 = v0.fma(g, s1x0);
      s1x1 = v1.fma(g, s1x1);
      s1x2 = v2.fma(g, s1x2);
      g = FloatVector.fromArray(S, dy, d2 + from);
      s2x0 = v0.fma(g, s2x0);
      s2x1 = v1.fma(g, s2x1);
      s2x2 = v2.fma(g, s2x2);
      g = FloatVector.fromArray(S, dy, d3 + from);
      s3x0 = v0.fma(g, s3x0);
      s3x1 = v1.fma(g, s3x1);
      s3x2 = v2.fma(g, s3x2);
    }
    s0x0.intoArray(tile, lane);
    s0x1.intoArray(tile, lane + LANES);
    s0x2.intoArray(tile, lane + 2 * LANES);
    s1x0.intoArray(tile, lane + 3 * LANES);
    s1x1.intoArray(tile, lane + 4 * LANES);
    s1x2.intoArray(tile, lane + 5 * LANES);
    s2x0.intoArray(tile, lane + 6 * LANES);
    s2x1.intoArray(tile, lane + 7 * LANES);
    s2x2.intoArray(tile, lane + 8 * LANES);
    s3x0.intoArray(tile, lane + 9 * LANES);
    s3x1.intoArray(tile, lane + 10 * LANES);
    s3x2.intoArray(tile, lane + 11 * LANES);
  }

  /** 1 filter by 6 taps. */
  static void filters1x6(
      int begin,
      int end,
      int[] places,
      float[] x,
      int xOff,
      int[] taps,
      int first,
      float[] dy,
      int dyOff,
      int dyStep,
      float[] tile,
      int lane,
      boolean add) {
    FloatVector s0x0 = FloatVector.zero(S);
    FloatVector s0x1 = s0x0;
    FloatVector s0x2 = s0x0;
    FloatVector s0x3 = s0x0;
    FloatVector s0x4 = s0x0;
    FloatVector s0x5 = s0x0;
    if (add) {
      s0x0 = FloatVector.fromArray(S, tile, lane);
      s0x1 = FloatVector.fromArray(S, tile, lane + LANES);
      s0x2 = FloatVector.fromArray(S, tile, lane + 2 * LANES);
      s0x3 = FloatVector.fromArray(S, tile, lane + 3 * LANES);
      s0x4 = FloatVector.fromArray(S, tile, lane + 4 * LANES);
      s0x5 = FloatVector.fromArray(S, tile, lane + 5 * LANES);
    }
    int t0 = xOff + taps[first];
    int t1 = xOff + taps[first + 1];
    int t2 = xOff + taps[first + 2];
    int t3 = xOff + taps[first + 3];
    int t4 = xOff + taps[first + 4];
    int t5 = xOff + taps[first + 5];
    for (int u = begin; u < end; u++) {
      int at = places[2 * u];
      int from = places[2 * u + 1];
      FloatVector g0 = FloatVector.fromArray(S, dy, dyOff + from);
      FloatVector v;
      v = FloatVector.fromArray(S, x, t0 + at);
      s0x0 = v.fma(g0, s0x0);
      v = FloatVector.fromArray(S, x, t1 + at);
      s0x1 = v.fma(g0, s0x1);
      v = FloatVector.fromArray(S, x, t2 + at);
      s0x2 = v.fma(g0, s0x2);
      v = FloatVector.fromArray(S, x, t3 + at);
      s0x3 = v.fma(g0, s0x3);
      v = FloatVector.fromArray(S, x, t4 + at);
      s0x4 = v.fma(g0, s0x4);
      v = FloatVector.fromArray(S, x, t5 + at);
      s0x5 = v.fma(g0, s0x5);
    }
    s0x0.intoArray(tile, lane);
    s0x1.intoArray(tile, lane + LANES);
    s0x2.intoArray(tile, lane + 2 * LANES);
    s0x3.intoArray(tile, lane + 3 * LANES);
    s0x4.intoArray(tile, lane + 4 * LANES);
    s0x5.intoArray(tile, lane + 5 * LANES);
  }
}
