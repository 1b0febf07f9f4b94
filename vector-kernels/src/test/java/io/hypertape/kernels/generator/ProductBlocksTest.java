package io.hypertape.kernels.generator;

import static io.hypertape.kernels.generator.ProductOracle.bits;
import static io.hypertape.kernels.generator.ProductOracle.numbers;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.kernels.generator.BlockShape.Kind;
import io.hypertape.kernels.lanes.VectorWidth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every block of the table that multiplies matrices computes what plain loops do, bit for bit. */
class ProductBlocksTest {

  private static final int L = VectorWidth.BITS / Float.SIZE;

  /** Blocks one below the other: of one kind and so many vectors wide. */
  record Column(String name, List<BlockShape> shapes, int vectors) {

    BlockClass blocks() throws ClassNotFoundException {
      return BlockClass.of("gemm", name);
    }

    ProductOracle oracle() throws ClassNotFoundException {
      return new ProductOracle(blocks(), shapes.getFirst(), vectors);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Column> columns() {
    Map<String, Column> columns = new HashMap<>();
    for (BlockShape shape : GenerateBlocks.SHAPES) {
      if (shape.kind() == Kind.PACKED || shape.kind() == Kind.DIRECT) {
        for (int vectors : shape.columns()) {
          String name = ProductSource.className(shape, vectors);
          columns
              .computeIfAbsent(name, unused -> new Column(name, new ArrayList<>(), vectors))
              .shapes
              .add(shape);
        }
      }
    }
    return columns.values().stream();
  }

  @Test
  void thereAreBlocks() {
    assertEquals(5, columns().count());
    assertTrue(columns().mapToInt(column -> column.shapes.size()).sum() >= 32);
  }

  @ParameterizedTest
  @MethodSource("columns")
  void everyShapeAgreesWithPlainLoops(Column column) throws Exception {
    ProductOracle oracle = column.oracle();
    for (BlockShape shape : column.shapes) {
      String method = "rows" + shape.rows() + "x" + column.vectors;
      for (int rows = shape.rows() - 1; rows <= shape.rows(); rows++) {
        for (int kc : new int[] {0, 1, 19}) {
          oracle.check(method, shape.rows(), rows, kc, L, false);
          oracle.check(method, shape.rows(), rows, kc, L, true);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("columns")
  void anyNumberOfRowsHasABlock(Column column) throws Exception {
    ProductOracle oracle = column.oracle();
    BlockClass packed = BlockClass.of("gemm", "PackedBlocks");
    int most = column.shapes.getFirst().rows();
    for (int rows = 1; rows <= most; rows++) {
      int width =
          column.shapes.getFirst().kind() == Kind.PACKED
              ? (int) packed.call("width", Map.of("rows", rows))
              : rows;
      oracle.check("block", width, rows, 5, L, true);
    }
    for (int rows : new int[] {0, most + 1}) {
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class, () -> oracle.check("block", most, rows, 5, L, false));
      assertEquals("no block of " + rows + " rows", refused.getMessage());
    }
  }

  /**
   * Inner products have eight sums, of every eighth element, which come together those four apart
   * first.
   */
  @Test
  void innerProductsAgreeWithPlainLoops() throws Exception {
    boolean wide = VectorWidth.BITS >= 512;
    BlockClass blocks = BlockClass.of("gemm", wide ? "DotBlocks" : "NarrowDotBlocks");
    Random random = new Random(18);
    for (BlockShape shape : GenerateBlocks.SHAPES) {
      if (shape.kind() == Kind.DOTS) {
        for (int rows = 1; rows <= shape.rows(); rows++) {
          for (int kc : new int[] {8, 40}) {
            dots(blocks, random, rows, shape.columns().getFirst(), kc, false);
            dots(blocks, random, rows, shape.columns().getFirst(), kc, true);
          }
        }
      }
    }
    assertThrows(IllegalArgumentException.class, () -> dots(blocks, new Random(), 4, 9, 8, false));
  }

  private static void dots(
      BlockClass blocks, Random random, int rows, int columns, int kc, boolean add) {
    int aRow = kc + 3;
    int cRow = columns + 2;
    float[] a = numbers(random, 2 + rows * aRow);
    float[] b = numbers(random, kc * columns);
    float[] c = numbers(random, 4 + rows * cRow);
    float[] expected = c.clone();
    int half = columns / 2;
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < columns; j++) {
        float[] sums = new float[8];
        for (int p = 0; p < kc; p++) {
          int at = p / 8 * columns * 8 + j % half * 16 + j / half * 8 + p % 8;
          sums[p % 8] = Math.fma(a[2 + r * aRow + p], b[at], sums[p % 8]);
        }
        for (int away = 4; away > 0; away /= 2) {
          for (int i = 0; i < away; i++) {
            sums[i] += sums[i + away];
          }
        }
        int at = 4 + r * cRow + j;
        expected[at] = add ? sums[0] + c[at] : sums[0];
      }
    }
    Map<String, Object> operands = new HashMap<>();
    operands.put("columns", columns);
    operands.put("rows", rows);
    operands.put("kc", kc);
    operands.put("a", a);
    operands.put("aOff", 2);
    operands.put("aRow", aRow);
    operands.put("b", b);
    operands.put("c", c);
    operands.put("cOff", 4);
    operands.put("cRow", cRow);
    operands.put("add", add);
    blocks.call("block", operands);
    assertArrayEquals(bits(expected), bits(c), rows + "×" + columns + ", k " + kc);
  }
}
