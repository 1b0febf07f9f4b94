package io.hypertape.kernels.generator;

import static io.hypertape.kernels.generator.ProductOracle.bits;
import static io.hypertape.kernels.generator.ProductOracle.numbers;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hypertape.kernels.generator.BlockShape.Kind;
import io.hypertape.kernels.lanes.VectorWidth;
import io.hypertape.kernels.lanes.VirtualVector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every block of the table that convolves computes what plain loops do, bit for bit. */
class ConvolutionBlocksTest {

  private static final int LANES = VirtualVector.LANES;

  private final Random random = new Random(19);

  static Stream<BlockShape> sums() {
    return GenerateBlocks.SHAPES.stream().filter(shape -> shape.kind() == Kind.CONVOLUTION);
  }

  static Stream<BlockShape> filters() {
    return GenerateBlocks.SHAPES.stream().filter(shape -> shape.kind() == Kind.FILTER);
  }

  @ParameterizedTest
  @MethodSource("sums")
  void sumsOfTapsAgreeWithPlainLoops(BlockShape shape) throws Exception {
    sumsOfTaps(shape, VectorWidth.BITS / Float.SIZE, "ConvolutionBlocks");
    if (shape.rows() <= 4) {
      sumsOfTaps(shape, 1, "ScalarConvolutionBlocks");
    }
  }

  private void sumsOfTaps(BlockShape shape, int lanes, String name) throws Exception {
    BlockClass blocks = BlockClass.of("convolution", name);
    int rows = shape.rows();
    int[] taps = {9, 0, 7, 3, 12, 5};
    // The second vector overlaps the first in x, and comes before it in y.
    int[] bases = {4, 6};
    int[] outs = {lanes + 3, 1};
    int step = 2 * lanes + 6;
    for (boolean add : new boolean[] {false, true}) {
      for (int n : new int[] {0, 1, 5}) {
        float[] a = numbers(random, 2 + n * rows);
        float[] x = numbers(random, 6 + 12 + lanes);
        float[] y = numbers(random, rows * step + 3);
        float[] expected = y.clone();
        for (int r = 0; r < rows; r++) {
          for (int i = 0; i < 2 * lanes; i++) {
            float sum = 0;
            for (int j = 0; j < n; j++) {
              sum =
                  Math.fma(a[2 + j * rows + r], x[bases[i / lanes] + taps[1 + j] + i % lanes], sum);
            }
            int at = outs[i / lanes] + r * step + i % lanes;
            expected[at] = add ? sum + y[at] : sum;
          }
        }
        Map<String, Object> operands = new HashMap<>();
        operands.put("rows", rows);
        operands.put("n", n);
        operands.put("a", a);
        operands.put("aOff", 2);
        operands.put("x", x);
        operands.put("taps", taps);
        operands.put("first", 1);
        operands.put("base0", bases[0]);
        operands.put("base1", bases[1]);
        operands.put("y", y);
        operands.put("out0", outs[0]);
        operands.put("out1", outs[1]);
        operands.put("yStep", step);
        operands.put("add", add);
        blocks.call("block", operands);
        assertArrayEquals(bits(expected), bits(y), shape + ", n " + n);
      }
    }
  }

  @Test
  void anyNumberOfPlanesHasABlock() throws Exception {
    BlockClass blocks = BlockClass.of("convolution", "ConvolutionBlocks");
    List<Integer> rows = sums().map(BlockShape::rows).toList();
    for (int planes = 1; planes <= rows.getFirst(); planes++) {
      int least = planes;
      assertEquals(
          rows.stream().filter(r -> r >= least).min(Integer::compare).orElseThrow(),
          blocks.call("rows", Map.of("planes", planes)));
    }
    assertThrows(IllegalArgumentException.class, () -> blocks.call("rows", Map.of("planes", 9)));
  }

  @ParameterizedTest
  @MethodSource("filters")
  void sumsOfFiltersAgreeWithPlainLoops(BlockShape shape) throws Exception {
    sumsOfFilters(shape, VectorWidth.BITS / Float.SIZE, shape.columns(), "FilterBlocks");
    List<Integer> few = shape.columns().stream().filter(n -> n * shape.rows() <= 12).toList();
    sumsOfFilters(shape, 1, few, "ScalarFilterBlocks");
  }

  private void sumsOfFilters(BlockShape shape, int lanes, List<Integer> widths, String name)
      throws Exception {
    BlockClass blocks = BlockClass.of("convolution", name);
    int filters = shape.rows();
    for (int width : widths) {
      int[] taps = {99, 4, 0, 9, 1, 7, 3};
      int[] places = {5, 2, 0, 0, 11, lanes, 3, 1};
      int begin = 1;
      int end = places.length / 2;
      int lane = LANES - lanes;
      boolean add = width % 2 == 0;
      int step = 2 * lanes + 2;
      float[] x = numbers(random, 2 + 9 + 11 + lanes);
      float[] dy = numbers(random, 3 + filters * step);
      float[] tile = numbers(random, filters * width * LANES + 2);
      float[] expected = tile.clone();
      for (int f = 0; f < filters; f++) {
        for (int i = 0; i < width * lanes; i++) {
          int at = (f * width + i / lanes) * LANES + lane + i % lanes;
          float sum = add ? tile[at] : 0;
          for (int u = begin; u < end; u++) {
            float left = x[2 + taps[1 + i / lanes] + places[2 * u] + i % lanes];
            sum = Math.fma(left, dy[3 + f * step + places[2 * u + 1] + i % lanes], sum);
          }
          expected[at] = sum;
        }
      }
      Map<String, Object> operands = new HashMap<>();
      operands.put("width", width);
      operands.put("begin", begin);
      operands.put("end", end);
      operands.put("places", places);
      operands.put("x", x);
      operands.put("xOff", 2);
      operands.put("taps", taps);
      operands.put("first", 1);
      operands.put("dy", dy);
      operands.put("dyOff", 3);
      operands.put("dyStep", step);
      operands.put("tile", tile);
      operands.put("lane", lane);
      operands.put("add", add);
      String each = "filters" + filters;
      blocks.call(widths.size() > 1 ? each : each + "x" + width, operands);
      assertArrayEquals(bits(expected), bits(tile), filters + "×" + width);
    }
  }
}
