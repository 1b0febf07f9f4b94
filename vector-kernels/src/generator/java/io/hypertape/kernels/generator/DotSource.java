package io.hypertape.kernels.generator;

import java.util.ArrayList;
import java.util.List;

/**
 * Blocks of inner products for few columns: a vector has eight elements of a column of b beside as
 * many of another, half the columns further on. The sums of four vectors' lanes come together in
 * one, by rounds in which two vectors become one; a fifth vector's, in one of their own.
 */
final class DotSource {

  private static final List<String> PARAMETERS =
      List.of(
          "int rows",
          "int kc",
          "float[] a",
          "int aOff",
          "int aRow",
          "float[] b",
          "float[] c",
          "int cOff",
          "int cRow",
          "boolean add");

  private static final String ARGUMENTS = "rows, kc, a, aOff, aRow, b, c, cOff, cRow, add";
  private static final int ROWS = 4;

  private static final String HEAD =
      """
      package io.hypertape.kernels.gemm;

      import io.hypertape.kernels.lanes.LeafLoop;
      import jdk.incubator.vector.FloatVector;
      import jdk.incubator.vector.VectorMask;
      import jdk.incubator.vector.VectorShuffle;
      import jdk.incubator.vector.VectorSpecies;

      /**
       * Blocks of inner products in registers of 512 bits: a half runs along k, eight elements of a
       * column of b beside the same of another column, so that no lane is idle. At the end rounds of
       * additions bring the sums of halves' lanes together, in the same order for every element.
       *
       * <p>Row r of a is at {@code aOff + r · aRow}; b is packed, see {@link VectorDots}; k is a multiple
       * of 8. Where fewer rows count than a block has, the last is computed several times. Unrolled as in
       * {@link PackedBlocks}; the rounds are too, as C2 takes in no more methods of ours once there are
       * that many operations.
       */
      @LeafLoop
      final class DotBlocks {

        private static final VectorSpecies<Float> S = FloatVector.SPECIES_512;
        private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;
        private static final VectorSpecies<Float> EIGHT = FloatVector.SPECIES_256;
        private static final int L = S.length();

        /** Elements of a column in a vector. */
        static final int HALF = EIGHT.length();

        private static final VectorShuffle<Float> TWICE = VectorShuffle.fromOp(S, i -> i & 7);
        private static final VectorShuffle<Float> SWAP_4 = VectorShuffle.fromOp(S, i -> i ^ 4);
        private static final VectorMask<Float> ODD_4 = VectorMask.fromLong(S, 0xF0F0L);
        private static final VectorShuffle<Float> SWAP_2 = VectorShuffle.fromOp(S, i -> i ^ 2);
        private static final VectorMask<Float> ODD_2 = VectorMask.fromLong(S, 0xCCCCL);
        private static final VectorShuffle<Float> SWAP_1 = VectorShuffle.fromOp(S, i -> i ^ 1);
        private static final VectorMask<Float> ODD_1 = VectorMask.fromLong(S, 0xAAAAL);
        private static final VectorShuffle<Float> FROM_4 = VectorShuffle.iota(S, 4, 1, true);
        private static final VectorShuffle<Float> FROM_8 = VectorShuffle.iota(S, 8, 1, true);
        private static final VectorShuffle<Float> FROM_12 = VectorShuffle.iota(S, 12, 1, true);

        private DotBlocks() {}
      """;

  private final List<BlockShape> shapes;
  private final JavaText text = new JavaText();

  DotSource(List<BlockShape> shapes) {
    this.shapes = shapes;
  }

  String source() {
    text.head(HEAD);
    List<String> parameters = new ArrayList<>(PARAMETERS);
    parameters.addFirst("int columns");
    text.method("c[rows, columns] (+)= a·b.", "void block", parameters);
    text.lines("switch (columns) {");
    for (BlockShape shape : shapes) {
      int columns = shape.columns().getFirst();
      if (shape.rows() != ROWS || (columns != 8 && columns != 10)) {
        throw new IllegalArgumentException(
            "blocks of inner products have 4 rows by 8 or 10 columns, not "
                + shape.rows()
                + " by "
                + columns);
      }
      text.lines("case " + columns + " -> rows4x" + columns + "(" + ARGUMENTS + ");");
    }
    text.lines(
        """
        default -> throw new IllegalArgumentException("no block of " + columns + " columns");""");
    text.close();
    text.close();
    shapes.forEach(shape -> block(shape.columns().getFirst()));
    text.close();
    return text.toString();
  }

  private void block(int columns) {
    text.method("4 rows by " + columns + " columns.", "void rows4x" + columns, PARAMETERS);
    String vectors = "abcde".substring(0, columns / 2);
    loop(columns, vectors);
    for (int r = 0; r < ROWS; r += 2) {
      for (char v : "abcd".toCharArray()) {
        round(4, "s" + r + v, "s" + (r + 1) + v);
      }
      round(2, "s" + r + "a", "s" + r + "c");
      round(2, "s" + r + "b", "s" + r + "d");
      round(1, "s" + r + "a", "s" + r + "b");
    }
    boolean fifth = vectors.length() == 5;
    if (fifth) {
      round(4, "s0e", "s2e");
      round(4, "s1e", "s3e");
      round(2, "s0e", "s1e");
      text.lines("s0e = s0e.add(s0e.rearrange(SWAP_1));");
    }
    for (int r = 0; r < ROWS; r++) {
      String sums = r < 2 ? "s0a" : "s2a";
      text.lines(
          """
          FloatVector xR = (FloatVector) SUMSLEFT.reinterpretShape(FOUR, 0);
          FloatVector yR = (FloatVector) SUMS.rearrange(RIGHT).reinterpretShape(FOUR, 0);"""
              .replace("SUMSLEFT", sums + (r % 2 == 0 ? "" : ".rearrange(FROM_4)"))
              .replace("RIGHT", r % 2 == 0 ? "FROM_8" : "FROM_12")
              .replace("SUMS", sums)
              .replace("R =", r + " ="));
    }
    for (int r = 0; r < ROWS && fifth; r++) {
      text.lines("float e" + r + " = s0e.lane(" + 2 * r + ");");
      text.lines("float f" + r + " = s0e.lane(" + (8 + 2 * r) + ");");
    }
    ends(columns / 2, fifth);
    text.close();
  }

  private void loop(int columns, String vectors) {
    for (int r = 0; r < ROWS; r++) {
      for (char v : vectors.toCharArray()) {
        boolean first = r == 0 && v == 'a';
        text.lines("FloatVector s" + r + v + " = " + (first ? "FloatVector.zero(S);" : "s0a;"));
      }
    }
    text.lines("int last = rows - 1;");
    for (int r = 1; r < ROWS; r++) {
      text.lines("int a" + r + " = aOff + Math.min(" + r + ", last) * aRow;");
    }
    text.lines("for (int p = 0; p < kc; p += HALF) {\nint at = p * " + columns + ";");
    for (int v = 0; v < vectors.length(); v++) {
      String at = v == 0 ? "at" : v == 1 ? "at + L" : "at + " + v + " * L";
      text.lines(
          "FloatVector v" + vectors.charAt(v) + " = FloatVector.fromArray(S, b, " + at + ");");
    }
    text.lines("FloatVector x;");
    for (int r = 0; r < ROWS; r++) {
      text.lines(
          """
          x =
              FloatVector.fromArray(EIGHT, a, LEFT + p)
                  .reinterpretShape(S, 0)
                  .reinterpretAsFloats()
                  .rearrange(TWICE);"""
              .replace("LEFT", r == 0 ? "aOff" : "a" + r));
      for (char v : vectors.toCharArray()) {
        text.lines("s" + r + v + " = x.fma(v" + v + ", s" + r + v + ");");
      }
    }
    text.close();
  }

  /** Two vectors become one: lanes of the one beside those of the other, so many lanes away. */
  private void round(int away, String one, String other) {
    text.lines(
        "ONE = ONE.blend(OTHER, ODD_N).add(OTHER.blend(ONE, ODD_N).rearrange(SWAP_N));"
            .replace("_N", "_" + away)
            .replace("ONE", one)
            .replace("OTHER", other));
  }

  private void ends(int half, boolean fifth) {
    for (int r = 1; r < ROWS; r++) {
      text.lines("int to" + r + " = cOff + Math.min(" + r + ", last) * cRow;");
    }
    text.lines("if (add) {");
    for (int r = 0; r < ROWS; r++) {
      String to = r == 0 ? "cOff" : "to" + r;
      text.lines("x" + r + " = x" + r + ".add(FloatVector.fromArray(FOUR, c, " + to + "));");
      if (fifth) {
        text.lines("e" + r + " += c[" + to + " + 4];");
      }
      String right = to + " + " + half;
      text.lines("y" + r + " = y" + r + ".add(FloatVector.fromArray(FOUR, c, " + right + "));");
      if (fifth) {
        text.lines("f" + r + " += c[" + to + " + 9];");
      }
    }
    text.close();
    for (int r = ROWS - 1; r >= 0; r--) {
      String to = r == 0 ? "cOff" : "to" + r;
      text.lines("x" + r + ".intoArray(c, " + to + ");");
      if (fifth) {
        text.lines("c[" + to + " + 4] = e" + r + ";");
      }
      text.lines("y" + r + ".intoArray(c, " + to + " + " + half + ");");
      if (fifth) {
        text.lines("c[" + to + " + 9] = f" + r + ";");
      }
    }
  }
}
