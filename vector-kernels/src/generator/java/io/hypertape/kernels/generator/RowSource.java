package io.hypertape.kernels.generator;

import io.hypertape.kernels.generator.FunctionSource.Row;
import java.util.Locale;

/** Functions of rows on vectors: a loop for each, and for each way to fold a row. */
final class RowSource {

  private static final String UNARY_HEAD =
      """
      package io.hypertape.kernels.elementwise;

      import static jdk.incubator.vector.VectorOperators.GT;
      import static jdk.incubator.vector.VectorOperators.LT;

      import io.hypertape.kernels.lanes.UnaryOp;
      import io.hypertape.kernels.lanes.VectorRows;
      import jdk.incubator.vector.FloatVector;
      import jdk.incubator.vector.VectorMask;
      import jdk.incubator.vector.VectorSpecies;

      /**
       * Functions of one row. One loop a function, so that the compiler sees each with its own operator:
       * a shared loop that took the operator as an argument would not be intrinsic. Long functions are
       * {@link VectorMath}'s.
       */
      public final class VectorUnary {

        private static final VectorSpecies<Float> S = VectorRows.S;
        private static final int L = S.length();
        private static final FloatVector ZERO = FloatVector.zero(S);
        private static final FloatVector ONE = FloatVector.broadcast(S, 1);
        private static final FloatVector MINUS_ONE = FloatVector.broadcast(S, -1);

        private VectorUnary() {}

        public static void row(UnaryOp op, int n, float[] x, int xOff, float[] out, int outOff) {
          switch (op) {
      CASES
          }
        }
      """;

  private static final String BINARY_HEAD =
      """
      package io.hypertape.kernels.elementwise;

      import static jdk.incubator.vector.VectorOperators.EQ;
      import static jdk.incubator.vector.VectorOperators.GT;

      import io.hypertape.kernels.lanes.BinaryOp;
      import io.hypertape.kernels.lanes.VectorRows;
      import jdk.incubator.vector.FloatVector;
      import jdk.incubator.vector.VectorSpecies;

      /**
       * Functions of two rows; one loop a function, as in {@link VectorUnary}. The last, incomplete
       * vector is scalars, which give the same bits: masks there end up on the heap where short rows are
       * many.
       */
      public final class VectorBinary {

        private static final VectorSpecies<Float> S = VectorRows.S;
        private static final int L = S.length();
        private static final FloatVector ZERO = FloatVector.zero(S);
        private static final FloatVector ONE = FloatVector.broadcast(S, 1);

        private VectorBinary() {}

        public static void row(
            BinaryOp op, int n, float[] a, int aOff, float[] b, int bOff, float[] out, int outOff) {
          switch (op) {
      CASES
          }
        }

        /** By {@link StrictMath}: the powers of processors and of vector libraries differ. */
        private static void pow(
            int n, float[] a, int aOff, float[] b, int bOff, float[] out, int outOff) {
          for (int i = 0; i < n; i++) {
            out[outOff + i] = BinaryOp.POW.of(a[aOff + i], b[bOff + i]);
          }
        }
      """;

  private static final String SHORT =
      """

        private static FloatVector NAME(FloatVector x) {
          return VALUE;
        }

        private static void NAME(int n, float[] x, int xOff, float[] out, int outOff) {
          int i = 0;
          for (; i < S.loopBound(n); i += L) {
            NAME(FloatVector.fromArray(S, x, xOff + i)).intoArray(out, outOff + i);
          }
          if (i < n) {
            VectorMask<Float> rest = S.indexInRange(i, n);
            NAME(FloatVector.fromArray(S, x, xOff + i, rest)).intoArray(out, outOff + i, rest);
          }
        }
      """;

  private static final String OF_TWO =
      """

        private static FloatVector NAME(FloatVector a, FloatVector b) {
          return VALUE;
        }

        private static void NAME(
            int n, float[] a, int aOff, float[] b, int bOff, float[] out, int outOff) {
          int i = 0;
          for (; i < S.loopBound(n); i += L) {
            NAME(FloatVector.fromArray(S, a, aOff + i), FloatVector.fromArray(S, b, bOff + i))
                .intoArray(out, outOff + i);
          }
          for (; i < n; i++) {
            out[outOff + i] = BinaryOp.OP.of(a[aOff + i], b[bOff + i]);
          }
        }
      """;

  private static final String FOLD_HEAD =
      """
      package io.hypertape.kernels.elementwise;

      import io.hypertape.kernels.lanes.VectorRows;
      import jdk.incubator.vector.FloatVector;
      import jdk.incubator.vector.VectorMask;
      import jdk.incubator.vector.VectorOperators;
      import jdk.incubator.vector.VectorSpecies;

      /** Folds of a row, and the product of two, with four accumulators. */
      final class VectorFolds {

        private static final VectorSpecies<Float> S = VectorRows.S;
        private static final int L = S.length();

        private VectorFolds() {}

        private static FloatVector load(float[] x, int at) {
          return FloatVector.fromArray(S, x, at);
        }
      """;

  private static final String FOLD =
      """

        static float NAME(int n, float[] x, int xOff) {
          FloatVector s0 = FloatVector.broadcast(S, FIRST);
          FloatVector s1 = s0;
          FloatVector s2 = s0;
          FloatVector s3 = s0;
          int i = 0;
          for (; i <= n - 4 * L; i += 4 * L) {
            s0 = STEP(s0, i);
            s1 = STEP(s1, i + L);
            s2 = STEP(s2, i + 2 * L);
            s3 = STEP(s3, i + 3 * L);
          }
          for (; i < n; i += L) {
            VectorMask<Float> rest = S.indexInRange(i, n);
            REST;
          }
          return RESULT;
        }
      """;

  private static final String REST = "FloatVector.fromArray(S, x, xOff + i, rest)";
  private static final String STEP = "STEP\\((s\\d), (.*)\\)";

  private RowSource() {}

  /** Functions of one row. */
  static String unary() {
    StringBuilder cases = new StringBuilder();
    StringBuilder loops = new StringBuilder();
    for (Row row : FunctionSource.unaryRows()) {
      String type = row.vector().isEmpty() ? "VectorMath." : "";
      cases.append("      case ").append(row.name()).append(" -> ").append(type);
      cases.append(row.method()).append("(n, x, xOff, out, outOff);\n");
      loops.append(of(row, SHORT));
    }
    return UNARY_HEAD.replace("CASES\n", cases) + loops + "}\n";
  }

  /** Functions of two rows. */
  static String binary() {
    StringBuilder cases = new StringBuilder();
    StringBuilder loops = new StringBuilder();
    for (Row row : FunctionSource.binaryRows()) {
      cases.append("      case ").append(row.name()).append(" -> ").append(row.method());
      cases.append("(n, a, aOff, b, bOff, out, outOff);\n");
      loops.append(of(row, OF_TWO.replace("BinaryOp.OP", "BinaryOp." + row.name())));
    }
    return BINARY_HEAD.replace("CASES\n", cases) + loops + "}\n";
  }

  private static String of(Row row, String loop) {
    String vector = row.vector();
    return vector.isEmpty() ? "" : loop.replace("NAME", row.method()).replace("VALUE", vector);
  }

  /** Folds of a row, and of two. */
  static String folds() {
    return FOLD_HEAD
        + fold("add", "0", "VectorRows.sum(s0.add(s1).add(s2.add(s3)))")
        + fold("max", "Float.NEGATIVE_INFINITY", extreme("max"))
        + fold("min", "Float.POSITIVE_INFINITY", extreme("min"))
        + dot()
        + "}\n";
  }

  private static String extreme(String name) {
    String all = "s0.NAME(s1).NAME(s2.NAME(s3)).reduceLanes(VectorOperators.OP)";
    return all.replace("NAME", name).replace("OP", name.toUpperCase(Locale.ROOT));
  }

  private static String fold(String name, String first, String result) {
    String rest = "s0 = s0.lanewise(VectorOperators.OP, " + REST + ", rest)";
    return FOLD.replaceAll(STEP, "$1." + name + "(load(x, xOff + $2))")
        .replace("REST", rest.replace("OP", name.toUpperCase(Locale.ROOT)))
        .replace("RESULT", result)
        .replace("NAME", name)
        .replace("FIRST", first);
  }

  private static String dot() {
    String rest =
        "FloatVector vx = " + REST + ";\n      s0 = vx.fma(" + REST.replace("x", "y") + ", s0)";
    return FOLD.replace("float[] x, int xOff", "float[] x, int xOff, float[] y, int yOff")
        .replaceAll(STEP, "load(x, xOff + $2).fma(load(y, yOff + $2), $1)")
        .replace("REST", rest)
        .replace("RESULT", "VectorRows.sum(s0.add(s1).add(s2.add(s3)))")
        .replace("NAME", "dot")
        .replace("FIRST", "0");
  }
}
