package io.hypertape.kernels.generator;

import java.util.List;
import java.util.stream.Stream;

/**
 * Blocks of inner products for few columns in registers of eight lanes, or of four, two of which
 * have the eight sums of an inner product. They give the bits of {@link DotSource}'s blocks.
 *
 * <p>Of eight lanes there may be 16 registers. Two rows by four columns need all of them, if the
 * loop takes just two steps in a turn: the compiler, which would take four and then load all of a's
 * vectors first, leaves it as it is. Two rows by five columns would not fit: there is a row by all
 * columns, so that a vector of b is used once, out of memory.
 */
final class NarrowDotSource {

  private static final List<String> PARAMETERS =
      List.of(
          "int columns",
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

  private static final List<String> OPERANDS_OF_ROW =
      List.of(
          "int kc", "float[] a", "int aOff", "float[] b", "float[] c", "int cOff", "boolean add");

  private static final List<String> OPERANDS =
      List.of(
          "int rows",
          "int kc",
          "float[] a",
          "int aOff",
          "int aRow",
          "float[] b",
          "int bOff",
          "float[] c",
          "int cOff",
          "int cRow",
          "boolean add");

  private static final String HEAD =
      """
      package io.hypertape.kernels.gemm;

      import io.hypertape.kernels.lanes.LeafLoop;
      import io.hypertape.kernels.lanes.VectorRows;
      import jdk.incubator.vector.FloatVector;
      import jdk.incubator.vector.VectorMask;
      import jdk.incubator.vector.VectorShuffle;
      import jdk.incubator.vector.VectorSpecies;

      /**
       * {@link DotBlocks} for registers of 256 or 128 bits, from the same panels: two rows by half of the
       * columns at a time, or one. Eight sums of an inner product are one register, or two, whose first
       * addition is that of the sums four apart.
       */
      @LeafLoop
      final class NarrowDotBlocks {

        private static final VectorSpecies<Float> S = VectorRows.S;
        private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;
        private static final int L = S.length();

        private static final VectorShuffle<Float> SWAP_4 = VectorShuffle.fromOp(S, i -> i ^ 4 & L - 1);
        private static final VectorMask<Float> ODD_4 = VectorMask.fromLong(S, 0xF0F0L);
        private static final VectorShuffle<Float> SWAP_2 = VectorShuffle.fromOp(S, i -> i ^ 2);
        private static final VectorMask<Float> ODD_2 = VectorMask.fromLong(S, 0xCCCCL);
        private static final VectorShuffle<Float> SWAP_1 = VectorShuffle.fromOp(S, i -> i ^ 1);
        private static final VectorMask<Float> ODD_1 = VectorMask.fromLong(S, 0xAAAAL);

        private NarrowDotBlocks() {}
      """;

  private final JavaText text = new JavaText();

  String source() {
    text.head(HEAD);
    block();
    row();
    half(4, 8);
    half(5, 4);
    half(4, 4);
    text.close();
    return text.toString();
  }

  private void block() {
    text.method("c[rows, columns] (+)= a·b.", "void block", PARAMETERS);
    text.lines("for (int i = 0; i < rows; i += 2) {");
    text.lines("int left = aOff + i * aRow;\nint to = cOff + i * cRow;");
    text.lines("int some = Math.min(2, rows - i);\nint right = to + columns / 2;");
    text.lines("switch (columns + L) {");
    text.lines("case 10 + 8 -> {\nrow1x10of8(kc, a, left, b, c, to, add);");
    text.lines("if (some > 1) {\nrow1x10of8(kc, a, left + aRow, b, c, to + cRow, add);");
    text.close();
    text.close();
    cases(8, 8);
    cases(10, 4);
    cases(8, 4);
    text.lines(
        """
        default -> throw new IllegalArgumentException("no block of " + columns + " columns");""");
    text.close();
    text.close();
    text.close();
  }

  private void cases(int columns, int lanes) {
    String call = name(columns / 2, lanes) + "(some, kc, a, left, aRow, b, ";
    text.lines("case " + columns + " + " + lanes + " -> {");
    text.lines(call + "0, c, to, cRow, add);");
    text.lines(call + "8, c, right, cRow, add);");
    text.close();
  }

  /** Sums of columns a to e, and of A to E, which follow five columns later. */
  private void row() {
    text.method("1 row by 10 columns, 8 lanes.", "void row1x10of8", OPERANDS_OF_ROW);
    List<String> vectors = List.of("abcdeABCDE".split(""));
    zeros(vectors.stream().map(v -> "s" + v).toList());
    text.lines("for (int p = 0; p < kc; p += 8) {\nint at = p * 10;");
    text.lines("FloatVector x = FloatVector.fromArray(S, a, aOff + p);");
    for (int i = 0; i < 10; i++) {
      String right = "FloatVector.fromArray(S, b, " + plus("at", 16 * (i % 5) + i / 5 * 8) + ")";
      text.lines(
          "SUM = x.fma(RIGHT, SUM);".replace("RIGHT", right).replace("SUM", "s" + vectors.get(i)));
    }
    text.close();
    for (int i = 0; i < 5; i++) {
      round(4, "s" + vectors.get(i), "s" + vectors.get(i + 5));
    }
    rounds("s", 5);
    text.lines("FloatVector x = sa;\nFloatVector y = sa.rearrange(SWAP_4);\nint to = cOff + 5;");
    ends(5, "se", "se.lane(4)");
    text.close();
  }

  private static String name(int half, int lanes) {
    return "rows2x" + half + "of" + lanes;
  }

  private void half(int half, int lanes) {
    text.method(
        "2 rows by " + half + " columns, " + lanes + " lanes.",
        "void " + name(half, lanes),
        OPERANDS);
    List<String> vectors = List.of("abcde".substring(0, half).split(""));
    List<String> sums =
        Stream.of("s0", "s1").flatMap(s -> vectors.stream().map(v -> s + v)).toList();
    List<String> parts = lanes == 8 ? List.of("") : List.of("l", "r");
    zeros(sums.stream().flatMap(sum -> parts.stream().map(part -> sum + part)).toList());
    text.lines("int a1 = aOff + (rows - 1) * aRow;");
    text.lines("FloatVector x;\nFloatVector y;\nFloatVector v;\nint at;\nint p = 0;");
    if (lanes == 8) {
      text.lines("for (; p <= kc - 16; p += 16) {");
      step(sums, parts, 0);
      step(sums, parts, 8);
      text.close();
      text.lines("if (p < kc) {");
    } else {
      text.lines("for (; p < kc; p += 8) {");
    }
    step(sums, parts, 0);
    text.close();
    for (String sum : lanes == 8 ? vectors : sums) {
      if (lanes == 8) {
        round(4, "s0" + sum, "s1" + sum);
      } else {
        text.lines("FloatVector " + sum + " = " + sum + "l.add(" + sum + "r);");
      }
    }
    rounds("s0", half);
    if (lanes == 8) {
      text.lines("x = s0a;\ny = s0a.rearrange(SWAP_4);");
    } else {
      rounds("s1", half);
      text.lines("x = s0a;\ny = s1a;");
    }
    text.lines("int to = cOff + (rows - 1) * cRow;");
    ends(half, "s0e", lanes == 8 ? "s0e.lane(4)" : "s1e.lane(0)");
    text.close();
  }

  /** Eight products of each sum, from p and some more on. */
  private void step(List<String> sums, List<String> parts, int on) {
    int half = sums.size() / 2;
    text.lines("at = bOff + p * " + 2 * half + ";");
    for (int part = 0; part < parts.size(); part++) {
      int from = on + 4 * part;
      text.lines("x = FloatVector.fromArray(S, a, " + plus("aOff + p", from) + ");");
      text.lines("y = FloatVector.fromArray(S, a, " + plus("a1 + p", from) + ");");
      for (int i = 0; i < half; i++) {
        String place = plus("at", on * 2 * half + 16 * i + 4 * part);
        text.lines("v = FloatVector.fromArray(S, b, " + place + ");");
        for (int r = 0; r < 2; r++) {
          String sum = sums.get(r * half + i) + parts.get(part);
          text.lines(sum + " = " + "xy".charAt(r) + ".fma(v, " + sum + ");");
        }
      }
    }
  }

  private void zeros(List<String> sums) {
    for (String sum : sums) {
      boolean first = sum.equals(sums.getFirst());
      text.lines(
          "FloatVector " + sum + " = " + (first ? "FloatVector.zero(S);" : sums.getFirst() + ";"));
    }
  }

  /** As in {@link DotSource}. */
  private void round(int away, String one, String other) {
    text.lines(
        "ONE = ONE.blend(OTHER, ODD_N).add(OTHER.blend(ONE, ODD_N).rearrange(SWAP_N));"
            .replace("_N", "_" + away)
            .replace("ONE", one)
            .replace("OTHER", other));
  }

  /** Of sums two apart and one apart. */
  private void rounds(String s, int half) {
    round(2, s + "a", s + "c");
    round(2, s + "b", s + "d");
    round(1, s + "a", s + "b");
    for (int away = 2; away > 0 && half == 5; away--) {
      text.lines(
          "SUM = SUM.add(SUM.rearrange(SWAP_N));"
              .replace("SUM", s + "e")
              .replace("_N", "_" + away));
    }
  }

  /** Adds what is there to halves and stores, the first one last: it may stand for both. */
  private void ends(int half, String fifths, String lastOfSecond) {
    text.lines("FloatVector first = (FloatVector) x.reinterpretShape(FOUR, 0);");
    text.lines("FloatVector second = (FloatVector) y.reinterpretShape(FOUR, 0);");
    if (half == 5) {
      text.lines("float e = " + fifths + ".lane(0);\nfloat f = " + lastOfSecond + ";");
    }
    text.lines("if (add) {");
    text.lines("first = first.add(FloatVector.fromArray(FOUR, c, cOff));");
    text.lines("second = second.add(FloatVector.fromArray(FOUR, c, to));");
    if (half == 5) {
      text.lines("e += c[cOff + 4];\nf += c[to + 4];");
    }
    text.close();
    text.lines("second.intoArray(c, to);");
    if (half == 5) {
      text.lines("c[to + 4] = f;\nc[cOff + 4] = e;");
    }
    text.lines("first.intoArray(c, cOff);");
  }

  private static String plus(String at, int on) {
    return on == 0 ? at : at + " + " + on;
  }
}
