package io.hypertape.kernels.generator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.hypertape.kernels.generator.BlockShape.Kind;
import io.hypertape.kernels.lanes.VectorWidth;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * What a block of a matrix product computes, by three plain loops: fused multiply-adds in the order
 * of k, then what was there. Arrays are larger than the block, and compared as a whole.
 */
final class ProductOracle {

  private static final int L = VectorWidth.BITS / Float.SIZE;

  private final Random random = new Random(17);
  private final BlockClass blocks;
  private final boolean packed;
  private final int vectors;
  private final boolean masked;

  ProductOracle(BlockClass blocks, BlockShape shape, int vectors) {
    this.blocks = blocks;
    this.packed = shape.kind() == Kind.PACKED;
    this.vectors = vectors;
    this.masked = shape.masked();
  }

  /** Compares a block: so many of its rows count, and lanes of a masked last vector. */
  void check(String method, int blockRows, int rows, int kc, int lanes, boolean add) {
    int aStep = packed ? blockRows : kc + 3;
    int bStep = vectors * L + 3;
    int cRow = vectors * L + 5;
    // The third vector overlaps the second.
    int third = 2 * L - 1;
    float[] a =
        numbers(random, 2 + Math.max(1, kc) * Math.max(aStep, blockRows) + blockRows * aStep);
    float[] b = numbers(random, 1 + kc * bStep);
    float[] c = numbers(random, 4 + rows * cRow);
    for (int p = 0; p < kc && packed && rows < blockRows; p++) {
      // A row that does not count may be anything.
      a[2 + p * aStep + rows] = Float.NaN;
    }
    float[] expected = c.clone();
    for (int r = 0; r < rows; r++) {
      for (int v = 0; v < vectors; v++) {
        int from = v == 2 ? third : v * L;
        for (int lane = 0; lane < (masked && v == vectors - 1 ? lanes : L); lane++) {
          float sum = 0;
          for (int p = 0; p < kc; p++) {
            float left = packed ? a[2 + p * aStep + r] : a[2 + r * aStep + p];
            sum = Math.fma(left, b[1 + p * bStep + from + lane], sum);
          }
          int at = 4 + r * cRow + from + lane;
          expected[at] = add ? sum + c[at] : sum;
        }
      }
    }
    Map<String, Object> operands = new HashMap<>();
    operands.put("rows", rows);
    operands.put("kc", kc);
    operands.put("a", a);
    operands.put("aOff", 2);
    operands.put("aRow", aStep);
    operands.put("b", b);
    operands.put("bOff", 1);
    operands.put("bStep", bStep);
    operands.put("c", c);
    operands.put("cOff", 4);
    operands.put("cRow", cRow);
    operands.put("third", third);
    operands.put("lanes", lanes);
    operands.put("add", add);
    blocks.call(method, operands);
    assertArrayEquals(
        bits(expected), bits(c), method + ", " + rows + " rows, k " + kc + ", lanes " + lanes);
  }

  static float[] numbers(Random random, int n) {
    float[] numbers = new float[n];
    for (int i = 0; i < n; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
