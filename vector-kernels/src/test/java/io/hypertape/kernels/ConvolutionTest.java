package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hypertape.kernels.convolution.ConvolutionShape;
import io.hypertape.kernels.convolution.Convolutions;
import io.hypertape.kernels.convolution.FixedFilters;
import io.hypertape.kernels.lanes.Floats;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** All three products against {@link ConvolutionOracle}. */
@ParameterizedClass
@EnumSource(KernelMode.class)
class ConvolutionTest {
  private static final int BEFORE = 3;
  private static final int AFTER = 5;

  private final Kernels kernels;

  ConvolutionTest(KernelMode mode) {
    kernels = Kernels.open(mode, 1);
    assertEquals(mode == KernelMode.VECTOR, kernels.selection().vectorized());
  }

  @AfterEach
  void close() {
    kernels.close();
  }

  private void check(ConvolutionShape s) {
    int xs = s.batch() * s.channels() * s.height() * s.width();
    int ws = s.filters() * s.channels() / s.groups() * s.filterHeight() * s.filterWidth();
    int ys = s.batch() * s.filters() * s.outHeight() * s.outWidth();
    float[] x = Randoms.normal(xs, 1);
    float[] w = Randoms.normal(ws, 2);
    float[] dy = Randoms.normal(ys, 3);
    var oracle = new ConvolutionOracle(s, x, w, dy);
    Floats xIn = shifted(x, 2);
    Floats wIn = shifted(w, 1);
    Floats dyIn = shifted(dy, 7);
    Convolutions room = kernels.convolutions();
    float[] y = blank(ys);
    room.forward(s, xIn, wIn, new Floats(y, BEFORE, ys)).run();
    assertSums("y of " + s, oracle.y, oracle.yScale, y);
    float[] same = blank(ys);
    room.forward(s, xIn, new FixedFilters(wIn), new Floats(same, BEFORE, ys)).run();
    assertArrayEquals(y, same);
    float[] dx = blank(xs);
    room.data(s, dyIn, wIn, new Floats(dx, BEFORE, xs)).run();
    assertSums("dx of " + s, oracle.dx, oracle.dxScale, dx);
    float[] dw = blank(ws);
    room.filter(s, xIn, dyIn, new Floats(dw, BEFORE, ws)).run();
    assertSums("dw of " + s, oracle.dw, oracle.dwScale, dw);
  }

  /** NaN before and after: what lies beside an operand counts for nothing. */
  private static Floats shifted(float[] x, int offset) {
    float[] shifted = blank(x.length + offset);
    System.arraycopy(x, 0, shifted, offset, x.length);
    return new Floats(shifted, offset, x.length);
  }

  private static float[] blank(int n) {
    float[] x = new float[BEFORE + n + AFTER];
    Arrays.fill(x, Float.NaN);
    return x;
  }

  private static void assertSums(String name, double[] expected, double[] scale, float[] actual) {
    for (int i = 0; i < expected.length; i++) {
      int at = i;
      Close.assertWithin(
          expected[i], actual[BEFORE + i], 2e-6 * scale[i], () -> name + " at " + at);
    }
    for (int i = 0; i < BEFORE; i++) {
      assertEquals(Float.NaN, actual[i], name + ": written before it");
    }
    for (int i = BEFORE + expected.length; i < actual.length; i++) {
      assertEquals(Float.NaN, actual[i], name + ": written after it");
    }
  }

  private static ConvolutionShape square(
      int batch, int channels, int size, int filters, int filter, int stride, int pad) {
    return new ConvolutionShape(
        batch, channels, size, size, filters, filter, filter, stride, stride, pad, pad, 1, 1, 1);
  }

  @ParameterizedTest
  @CsvSource({
    "2,3,32,16,3,1,1",
    "3,16,32,16,3,1,1",
    "2,16,32,32,3,2,1",
    "3,32,16,32,3,1,1",
    "2,32,16,64,3,2,1",
    "5,64,8,64,3,1,1",
    "3,1,28,16,5,1,2",
    "2,16,14,32,5,1,2"
  })
  void layersOfNetworks(int n, int c, int size, int k, int filter, int stride, int pad) {
    check(square(n, c, size, k, filter, stride, pad));
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "2", "3", "4", "5", "15", "16", "17", "33"})
  void batches(int batch) {
    check(square(batch, 3, 8, 5, 3, 1, 1));
    check(square(batch, 2, 4, 9, 3, 1, 1));
    check(square(batch, 5, 2, 8, 3, 2, 1));
    check(square(batch, 7, 1, 3, 1, 1, 0));
  }

  /** A single image that is narrower than a vector is computed in bands of its rows. */
  @ParameterizedTest
  @CsvSource({"8,8,1", "6,5,1", "12,8,1", "4,3,1", "16,2,1", "2,2,1", "16,8,2", "9,7,2", "4,16,1"})
  void aNarrowImage(int height, int width, int stride) {
    for (int pad = 0; pad <= 2; pad++) {
      for (int dilation = 1; dilation <= 2; dilation++) {
        if (2 * dilation + 1 <= Math.min(height, width) + 2 * pad) {
          check(
              new ConvolutionShape(
                  1, 4, height, width, 6, 3, 3, stride, stride, pad, pad, dilation, dilation, 2));
          check(
              new ConvolutionShape(
                  1, 3, height, width, 9, 3, 3, 1, stride, pad, pad, dilation, dilation, 1));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "5", "6", "7", "11", "15", "16", "17", "23", "31", "32", "33", "48", "65"})
  void sizes(int size) {
    for (int filter = 1; filter <= Math.min(5, size); filter++) {
      for (int stride = 1; stride <= 3; stride++) {
        check(square(2, 2, size, 3, filter, stride, filter / 2));
        check(square(1, 3, size, 2, filter, stride, 0));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3", "4", "7", "8", "9", "12", "13", "16", "21"})
  void numbersOfChannelsAndFilters(int n) {
    check(square(2, n, 9, 5, 3, 1, 1));
    check(square(2, 5, 9, n, 3, 1, 1));
    check(square(2, n, 6, n, 1, 1, 0));
    check(square(2, n, 16, n, 3, 2, 1));
  }

  @Test
  void longSums() {
    check(square(2, 300, 5, 9, 3, 1, 1));
    check(square(2, 9, 5, 300, 3, 1, 1));
    check(square(70, 3, 20, 4, 3, 1, 1));
    check(square(1, 120, 48, 9, 3, 1, 1));
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "4", "8"})
  void groups(int groups) {
    check(new ConvolutionShape(3, 8, 9, 7, 16, 3, 3, 1, 1, 1, 1, 1, 1, groups));
    check(new ConvolutionShape(3, 8, 9, 7, 8, 3, 2, 2, 2, 1, 0, 1, 1, groups));
    check(new ConvolutionShape(2, 16, 16, 16, 8, 3, 3, 1, 1, 1, 1, 2, 1, groups));
  }

  @Test
  void depthwise() {
    check(new ConvolutionShape(2, 17, 16, 16, 17, 3, 3, 1, 1, 1, 1, 1, 1, 17));
    check(new ConvolutionShape(2, 6, 32, 33, 18, 5, 5, 2, 2, 2, 2, 1, 1, 6));
  }

  @Test
  void rectanglesStridesPaddingsDilations() {
    check(new ConvolutionShape(2, 3, 10, 17, 4, 3, 2, 2, 1, 0, 3, 1, 2, 1));
    check(new ConvolutionShape(2, 3, 17, 10, 4, 2, 5, 1, 3, 2, 1, 3, 1, 1));
    check(new ConvolutionShape(1, 2, 1, 40, 4, 1, 7, 1, 2, 0, 3, 1, 3, 1));
    check(new ConvolutionShape(1, 2, 40, 1, 4, 7, 1, 5, 1, 3, 0, 2, 1, 1));
    // A window larger than the image; strides beyond the window leave elements out.
    check(new ConvolutionShape(2, 2, 3, 3, 4, 5, 5, 1, 1, 2, 2, 1, 1, 1));
    check(new ConvolutionShape(2, 2, 11, 11, 4, 2, 2, 4, 3, 0, 0, 1, 1, 1));
    check(new ConvolutionShape(2, 2, 11, 13, 4, 2, 2, 4, 5, 3, 4, 1, 1, 1));
    check(new ConvolutionShape(2, 2, 12, 12, 3, 3, 3, 2, 2, 5, 4, 2, 3, 1));
  }

  @Test
  void randomShapes() {
    Random random = new Random(7);
    for (int i = 0; i < 150; i++) {
      int groups = random.nextInt(10) < 7 ? 1 : 1 + random.nextInt(3);
      int filterHeight = 1 + random.nextInt(4);
      int filterWidth = 1 + random.nextInt(4);
      int dilationHeight = 1 + random.nextInt(2);
      int dilationWidth = 1 + random.nextInt(2);
      check(
          new ConvolutionShape(
              1 + random.nextInt(5),
              groups * (1 + random.nextInt(6)),
              dilationHeight * (filterHeight - 1) + 1 + random.nextInt(20),
              dilationWidth * (filterWidth - 1) + 1 + random.nextInt(35),
              groups * (1 + random.nextInt(12)),
              filterHeight,
              filterWidth,
              1 + random.nextInt(3),
              1 + random.nextInt(3),
              random.nextInt(4),
              random.nextInt(4),
              dilationHeight,
              dilationWidth,
              groups));
    }
  }

  @Test
  void scratchServesLargerAndSmallerCallsInTurn() {
    check(square(3, 16, 32, 16, 3, 1, 1));
    check(square(1, 2, 5, 3, 3, 1, 1));
    check(square(3, 24, 32, 16, 5, 2, 2));
    check(square(2, 2, 32, 3, 3, 1, 3));
  }

  @Test
  void infinitiesStayWithinTheirWindows() {
    ConvolutionShape s = square(2, 2, 9, 3, 3, 1, 1);
    float[] x = Randoms.normal(2 * 2 * 81, 1);
    x[4 * 9 + 4] = Float.POSITIVE_INFINITY;
    float[] w = Randoms.positive(3 * 2 * 9, 2);
    float[] y = new float[2 * 3 * 81];
    kernels.convolutions().forward(s, Floats.of(x), Floats.of(w), Floats.of(y)).run();
    for (int i = 0; i < y.length; i++) {
      boolean near = i < 3 * 81 && Math.abs(i % 81 / 9 - 4) <= 1 && Math.abs(i % 9 - 4) <= 1;
      assertEquals(!near, Float.isFinite(y[i]), "y at " + i);
    }
  }

  @Test
  void anEmptyBatchGivesNoOutputAndNoGradient() {
    ConvolutionShape s = square(0, 2, 9, 3, 3, 1, 1);
    float[] w = Randoms.normal(54, 2);
    Convolutions room = kernels.convolutions();
    room.forward(s, Floats.of(), Floats.of(w), Floats.of()).run();
    room.data(s, Floats.of(), Floats.of(w), Floats.of()).run();
    room.filter(s, Floats.of(), Floats.of(), Floats.of(w)).run();
    assertArrayEquals(new float[54], w);
  }
}
