package io.hypertape.kernels.generator;

import java.util.List;
import java.util.Locale;

/** The transposition of a block in registers. */
final class TranspositionSource {

  private static final int SIZE = 16;

  private static final String HEAD =
      """
      package io.hypertape.kernels.lanes;

      import jdk.incubator.vector.FloatVector;
      import jdk.incubator.vector.VectorMask;
      import jdk.incubator.vector.VectorShuffle;
      import jdk.incubator.vector.VectorSpecies;

      /**
       * Transposes 16 lines of 16 numbers in registers of 512 bits: four rounds, each of which exchanges
       * the off-diagonal halves of all blocks of one size. Unrolled, as the 16 registers must be local
       * variables.
       */
      public final class Transposition {

        private static final VectorSpecies<Float> S = FloatVector.SPECIES_512;

        /** Whether this machine has such registers. */
        public static final boolean FITS = VectorWidth.BITS >= 512;

        /** Lines and numbers of a block. */
        public static final int SIZE = 16;

      """;

  private final JavaText text = new JavaText();

  String source() {
    text.head(HEAD);
    for (int half = SIZE / 2; half > 0; half /= 2) {
      text.lines(
          """
          private static final VectorShuffle<Float> UP_H = VectorShuffle.iota(S, 16 - H, 1, true);
          private static final VectorShuffle<Float> DOWN_H = VectorShuffle.iota(S, H, 1, true);
          private static final VectorMask<Float> ODD_H = VectorMask.fromLong(S, 0xMASKL);"""
              .replace("H", "" + half)
              .replace("MASK", odd(half)));
    }
    text.lines("\nprivate Transposition() {}");
    text.lines(
        "\n/** out[p · width + line] = x[line · lineStep + p] for 16 lines and p below 16. */");
    text.call(
        "public static void block",
        List.of("float[] x", "int at", "int lineStep", "float[] out", "int to", "int width"),
        " {");
    for (int r = 0; r < SIZE; r++) {
      text.lines("FloatVector r" + r + " = FloatVector.fromArray(S, x, at" + step(r, "lineStep"));
    }
    text.lines("FloatVector t;");
    for (int half = SIZE / 2; half > 0; half /= 2) {
      for (int r = 0; r < SIZE; r++) {
        if ((r & half) == 0) {
          text.lines(
              """
              t = rA;
              rA = rA.blend(rB.rearrange(UP_H), ODD_H);
              rB = t.rearrange(DOWN_H).blend(rB, ODD_H);"""
                  .replace("A", "" + r)
                  .replace("B", "" + (r + half))
                  .replace("_H", "_" + half));
        }
      }
    }
    for (int r = 0; r < SIZE; r++) {
      text.lines("r" + r + ".intoArray(out, to" + step(r, "width"));
    }
    text.close();
    text.close();
    return text.toString();
  }

  /** Lanes in the upper half of blocks of twice a half. */
  private static String odd(int half) {
    int lanes = 0;
    for (int lane = 0; lane < SIZE; lane++) {
      lanes |= (lane & half) != 0 ? 1 << lane : 0;
    }
    return Integer.toHexString(lanes).toUpperCase(Locale.ROOT);
  }

  private static String step(int r, String by) {
    return (r == 0 ? "" : r == 1 ? " + " + by : " + " + r + " * " + by) + ");";
  }
}
