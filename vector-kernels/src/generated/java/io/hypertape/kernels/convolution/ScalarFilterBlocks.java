// Generated, not to be edited: change the generator and run
// java vector-kernels/src/generator/java/io/hypertape/kernels/generator/GenerateBlocks.java
package io.hypertape.kernels.convolution;

import io.hypertape.kernels.lanes.Fma;
import io.hypertape.kernels.lanes.LeafLoop;
import io.hypertape.kernels.lanes.VirtualVector;

/**
 * Inner products of rows of dy and of x, shifted by taps, in registers: place u has a vector of x
 * at {@code places[2u]} and one of dy at {@code places[2u + 1]}. The lanes' partial sums begin with
 * 0, or go on with what the places before left in a tile of virtual vectors; there they are written
 * from a lane on, filter after filter.
 *
 * <p>Unrolled, the stores too, as in {@link ConvolutionBlocks} and for its reason.
 */
@LeafLoop
final class ScalarFilterBlocks {

  private static final int LANES = VirtualVector.LANES;

  private ScalarFilterBlocks() {}

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
    float s0x0 = 0;
    float s0x1 = 0;
    float s0x2 = 0;
    float s1x0 = 0;
    float s1x1 = 0;
    float s1x2 = 0;
    float s2x0 = 0;
    float s2x1 = 0;
    float s2x2 = 0;
    float s3x0 = 0;
    float s3x1 = 0;
    float s3x2 = 0;
    if (add) {
      s0x0 = tile[lane];
      s0x1 = tile[lane + LANES];
      s0x2 = tile[lane + 2 * LANES];
      s1x0 = tile[lane + 3 * LANES];
      s1x1 = tile[lane + 4 * LANES];
      s1x2 = tile[lane + 5 * LANES];
      s2x0 = tile[lane + 6 * LANES];
      s2x1 = tile[lane + 7 * LANES];
      s2x2 = tile[lane + 8 * LANES];
      s3x0 = tile[lane + 9 * LANES];
      s3x1 = tile[lane + 10 * LANES];
      s3x2 = tile[lane + 11 * LANES];
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
      float v0 = x[t0 + at];
      float v1 = x[t1 + at];
      float v2 = x[t2 + at];
      float g;
      g = dy[dyOff + from];
      s0x0 = Fma.fma(v0, g, s0x0);
      s0x1 = Fma.fma(v1, g, s0x1);
      s0x2 = Fma.fma(v2, g, s0x2);
      g = dy[d1 + from];
      s1x0 = Fma.fma(v0, g, s1x0);
      s1x1 = Fma.fma(v1, g, s1x1);
      s1x2 = Fma.fma(v2, g, s1x2);
      g = dy[d2 + from];
      s2x0 = Fma.fma(v0, g, s2x0);
      s2x1 = Fma.fma(v1, g, s2x1);
      s2x2 = Fma.fma(v2, g, s2x2);
      g = dy[d3 + from];
      s3x0 = Fma.fma(v0, g, s3x0);
      s3x1 = Fma.fma(v1, g, s3x1);
      s3x2 = Fma.fma(v2, g, s3x2);
    }
    tile[lane] = s0x0;
    tile[lane + LANES] = s0x1;
    tile[lane + 2 * LANES] = s0x2;
    tile[lane + 3 * LANES] = s1x0;
    tile[lane + 4 * LANES] = s1x1;
    tile[lane + 5 * LANES] = s1x2;
    tile[lane + 6 * LANES] = s2x0;
    tile[lane + 7 * LANES] = s2x1;
    tile[lane + 8 * LANES] = s2x2;
    tile[lane + 9 * LANES] = s3x0;
    tile[lane + 10 * LANES] = s3x1;
    tile[lane + 11 * LANES] = s3x2;
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
    float s0x0 = 0;
    float s0x1 = 0;
    float s0x2 = 0;
    float s0x3 = 0;
    float s0x4 = 0;
    float s0x5 = 0;
    if (add) {
      s0x0 = tile[lane];
      s0x1 = tile[lane + LANES];
      s0x2 = tile[lane + 2 * LANES];
      s0x3 = tile[lane + 3 * LANES];
      s0x4 = tile[lane + 4 * LANES];
      s0x5 = tile[lane + 5 * LANES];
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
      float g0 = dy[dyOff + from];
      float v;
      v = x[t0 + at];
      s0x0 = Fma.fma(v, g0, s0x0);
      v = x[t1 + at];
      s0x1 = Fma.fma(v, g0, s0x1);
      v = x[t2 + at];
      s0x2 = Fma.fma(v, g0, s0x2);
      v = x[t3 + at];
      s0x3 = Fma.fma(v, g0, s0x3);
      v = x[t4 + at];
      s0x4 = Fma.fma(v, g0, s0x4);
      v = x[t5 + at];
      s0x5 = Fma.fma(v, g0, s0x5);
    }
    tile[lane] = s0x0;
    tile[lane + LANES] = s0x1;
    tile[lane + 2 * LANES] = s0x2;
    tile[lane + 3 * LANES] = s0x3;
    tile[lane + 4 * LANES] = s0x4;
    tile[lane + 5 * LANES] = s0x5;
  }
}
