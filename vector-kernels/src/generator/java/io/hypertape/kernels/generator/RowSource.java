package io.hypertape.kernels.generator;

import io.hypertape.kernels.generator.FunctionSource.Row;

/** Functions of rows on vectors, a loop for each. */
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

        /** One number at a time: the powers of vector libraries differ. */
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
}
