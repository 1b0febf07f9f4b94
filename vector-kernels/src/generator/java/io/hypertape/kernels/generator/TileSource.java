package io.hypertape.kernels.generator;

import java.util.ArrayList;
import java.util.List;

/**
 * Scalar tiles of a matrix product, which give the bits of vectors: sums in local variables, by
 * {@link Math#fma} or as the processors without that instruction have to do it. Interpreted and
 * hardly compiled code runs several times as fast where the one that fits is called in place.
 */
final class TileSource {

  /** Rows of a tile that is read most often: its 12 sums leave four of 16 registers. */
  private static final int ROWS = 4;

  /** Columns of tiles of so many rows, and of a single one. */
  private static final List<Integer> WIDTHS = List.of(3, 1);

  private static final List<Integer> WIDTHS_OF_ONE = List.of(12, 4, 1);

  private static final String HEAD =
      """
      package io.hypertape.kernels.gemm;

      IMPORT
      import io.hypertape.kernels.lanes.LeafLoop;
      MATRIX
      COMMENT
      @LeafLoop
      final class NAME {

        private NAME() {}
      """;

  private static final String COMMENT =
      """
      /**
       * Matrix products in tiles of a few sums: fused multiply-adds from +0 in the order of k, the order
       * of {@link PackedBlocks}; or in eight sums each, the order of {@link DotBlocks}. Factors are read
       * where they lie.
       */""";

  private static final String CHUNK =
      """

      /** Floats in which inner products' sums have room. */
      static int dots(int n) {
        return 16 * ProductOrder.LANES * n;
      }

      /**
       * c (+)= a·b for so many p from one on; as inner products if there is room for their sums.
       * Processors without fused multiply-adds have tiles of their own.
       */
      static void chunk(int p, int kc, Matrix a, Matrix b, float[] lanes, boolean add, Matrix c) {
        int m = c.rows();
        int n = c.cols();
        float[] x = a.array();
        int xOff = a.offset() + p * a.colStride();
        int xRow = a.rowStride();
        int xCol = a.colStride();
        float[] y = b.array();
        int yOff = b.offset() + p * b.rowStride();
        int yRow = b.rowStride();
        int yCol = b.colStride();
        float[] z = c.array();
        int zOff = c.offset();
        int zRow = c.rowStride();
        boolean dots = lanes.length > 0;
        if (Fma.INSTRUCTION && dots) {
          dots(m, n, kc, x, xOff, xRow, xCol, y, yOff, yRow, yCol, z, zOff, zRow, lanes, add);
        } else if (Fma.INSTRUCTION) {
          product(m, n, kc, x, xOff, xRow, xCol, y, yOff, yRow, yCol, z, zOff, zRow, add);
        } else if (dots) {
          EmulatedTiles.dots(
              m, n, kc, x, xOff, xRow, xCol, y, yOff, yRow, yCol, z, zOff, zRow, lanes, add);
        } else {
          EmulatedTiles.product(
              m, n, kc, x, xOff, xRow, xCol, y, yOff, yRow, yCol, z, zOff, zRow, add);
        }
      }""";

  private static final List<String> OPERANDS =
      List.of(
          "int kc",
          "float[] a",
          "int aOff",
          "int aRow",
          "int aCol",
          "float[] b",
          "int bOff",
          "int bRow",
          "int bCol",
          "float[] c",
          "int cOff",
          "int cRow",
          "boolean add");

  private final boolean instruction;
  private final JavaText text = new JavaText();

  private TileSource(boolean instruction) {
    this.instruction = instruction;
  }

  /** With {@link Math#fma}. */
  static String fused() {
    return new TileSource(true).source();
  }

  /** Without. */
  static String emulated() {
    return new TileSource(false).source();
  }

  private String source() {
    String name = instruction ? "ScalarTiles" : "EmulatedTiles";
    text.head(
        HEAD.replace("IMPORT\n", "import io.hypertape.kernels.lanes.Fma;\n")
                .replace(
                    "MATRIX\n",
                    instruction ? "import io.hypertape.kernels.lanes.Matrix;\n\n" : "\n")
                .replace(
                    "COMMENT",
                    instruction
                        ? COMMENT
                        : "/** {@link ScalarTiles} for processors without fused multiply-adds. */")
                .replace("NAME", name)
            + (instruction ? CHUNK.indent(2).replace("  \n", "\n") : ""));
    product();
    WIDTHS.forEach(width -> tile(ROWS, width));
    WIDTHS_OF_ONE.forEach(width -> tile(1, width));
    dots();
    text.close();
    return text.toString();
  }

  private String fma(String x, String y, String sum) {
    return (instruction ? "Math.fma(" : "Fma.emulated(") + x + ", " + y + ", " + sum + ")";
  }

  private static String name(int rows, int width) {
    return "rows" + rows + "x" + width;
  }

  private static List<String> parameters() {
    List<String> all = new ArrayList<>(List.of("int m", "int n"));
    all.addAll(OPERANDS);
    return all;
  }

  private void product() {
    text.method("c[m, n] (+)= a·b.", "void product", parameters());
    text.lines(
        """
        int i = 0;
        for (; i <= m - ROWS; i += ROWS) {
        int left = aOff + i * aRow;
        int to = cOff + i * cRow;
        int j = 0;"""
            .replace("ROWS", "" + ROWS));
    WIDTHS.forEach(width -> columns(ROWS, width));
    text.close();
    text.lines(
        """
        for (; i < m; i++) {
        int left = aOff + i * aRow;
        int to = cOff + i * cRow;
        int j = 0;""");
    WIDTHS_OF_ONE.forEach(width -> columns(1, width));
    text.close();
    text.close();
  }

  private void columns(int rows, int width) {
    text.lines(
        width > 1
            ? "for (; j <= n - " + width + "; j += " + width + ") {"
            : "for (; j < n; j++) {");
    List<String> arguments = new ArrayList<>(JavaText.names(OPERANDS));
    arguments.set(arguments.indexOf("aOff"), "left");
    arguments.set(arguments.indexOf("bOff"), "bOff + j * bCol");
    arguments.set(arguments.indexOf("cOff"), "to + j");
    text.call(name(rows, width), arguments, ";");
    text.close();
  }

  private void tile(int rows, int width) {
    String what = count(rows, "row") + " by " + count(width, "column") + ".";
    text.method(what, "void " + name(rows, width), OPERANDS);
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < width; j++) {
        text.lines("float " + sum(r, j) + " = 0;");
      }
    }
    for (int r = 1; r < rows; r++) {
      text.lines("int a" + r + " = aOff + " + times(r, "aRow") + ";");
    }
    for (int j = 1; j < width; j++) {
      text.lines("int b" + j + " = bOff + " + times(j, "bCol") + ";");
    }
    text.lines("for (int p = 0; p < kc; p++) {\nint across = p * aCol;\nint down = p * bRow;");
    // What the fewer of both have is kept: each of the others is read once.
    for (int j = 0; j < width && rows > 1; j++) {
      text.lines("float y" + j + " = b[" + (j == 0 ? "bOff" : "b" + j) + " + down];");
    }
    text.lines("float x;");
    for (int r = 0; r < rows; r++) {
      text.lines("x = a[" + (r == 0 ? "aOff" : "a" + r) + " + across];");
      for (int j = 0; j < width; j++) {
        String y = rows > 1 ? "y" + j : "b[" + (j == 0 ? "bOff" : "b" + j) + " + down]";
        text.lines(sum(r, j) + " = " + fma("x", y, sum(r, j)) + ";");
      }
    }
    text.close();
    ends(rows, width);
    text.close();
  }

  private void ends(int rows, int width) {
    for (int r = 1; r < rows; r++) {
      text.lines("int c" + r + " = cOff + " + times(r, "cRow") + ";");
    }
    text.lines("if (add) {");
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < width; j++) {
        text.lines(sum(r, j) + " += c[" + place(r, j) + "];");
      }
    }
    text.close();
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < width; j++) {
        text.lines("c[" + place(r, j) + "] = " + sum(r, j) + ";");
      }
    }
  }

  /** Eight products of every eighth column of a and row of b, and their sum. */
  private void dots() {
    List<String> all = parameters();
    all.add(all.size() - 1, "float[] sums");
    text.method(
        "c[m, n] (+)= a·b, eight sums each, for which there is room for 16 rows.",
        "void dots",
        all);
    text.lines(
        """
        for (int i = 0; i < m; i += 16) {
        int rows = Math.min(16, m - i);
        int size = rows * n;
        for (int lane = 0; lane < 8; lane++) {
        int some = (kc + 7 - lane) / 8;
        int left = aOff + i * aRow + lane * aCol;
        int right = bOff + lane * bRow;
        int next = 8 * aCol;
        int down = 8 * bRow;
        int to = lane * size;
        product(rows, n, some, a, left, aRow, next, b, right, down, bCol, sums, to, n, false);""");
    text.lines("if (some < (kc + 7) / 8) {\n// What is missing of the last eight products is +0.");
    text.lines("for (int e = to; e < to + size; e++) {\nsums[e] += 0f;");
    text.close();
    text.close();
    text.close();
    text.lines("for (int r = 0; r < rows; r++) {\nint to = cOff + (i + r) * cRow;");
    text.lines("for (int j = 0; j < n; j++) {\nint s = r * n + j;");
    text.lines(
        """
        int t = s + size;
        float even = (sums[s] + sums[s + 4 * size]) + (sums[s + 2 * size] + sums[s + 6 * size]);
        float odd = (sums[t] + sums[t + 4 * size]) + (sums[t + 2 * size] + sums[t + 6 * size]);
        float sum = even + odd;""");
    text.lines("c[to + j] = add ? sum + c[to + j] : sum;");
    text.close();
    text.close();
    text.close();
    text.close();
  }

  private static String sum(int r, int j) {
    return "s" + r + "x" + j;
  }

  private static String place(int r, int j) {
    return (r == 0 ? "cOff" : "c" + r) + (j == 0 ? "" : " + " + j);
  }

  private static String times(int n, String step) {
    return n == 1 ? step : n + " * " + step;
  }

  private static String count(int n, String what) {
    return n + " " + what + (n == 1 ? "" : "s");
  }
}
