package io.hypertape.kernels.generator;

import java.util.Locale;

/**
 * Folds of a row, and the product of two, over 64 lanes: four accumulators of a vector that has 16
 * on every processor. Real vectors take a part of these at a time; scalars four, lanes l, l + 4, l
 * + 8 and l + 12. What was taken two turns before is 8 lanes away, or 2, and is added first.
 */
final class FoldSource {

  private static final String HEAD =
      """
      package io.hypertape.kernels.elementwise;

      IMPORTS
      /**
       * Reductions of one row, and the product of two. A sum has 64 lanes, lane l of which takes numbers
       * l, l + 64 and so on; what is left behind the last 64 numbers goes to the first 16 lanes, 16 by 16.
       * In the end lanes 16, then 32 and 16, then 8, 4, 2 and 1 apart are added: the same bits on every
       * processor, and by {@link TWIN}.
       */
      public final class NAMEReduce {

        /** Longer sums are sums of blocks, added in double: rounding errors stay those of a block. */
        private static final int BLOCK = 1 << 12;

      FIELDS
        private NAMEReduce() {}

        public static float row(ReduceOp op, int n, float[] x, int xOff) {
          return switch (op) {
            case SUM -> sum(n, x, xOff);
            case MAX -> max(n, x, xOff);
            case MIN -> min(n, x, xOff);
          };
        }

        public static float sum(int n, float[] x, int xOff) {
          if (n <= BLOCK) {
            return add(n, x, xOff);
          }
          double total = 0;
          for (int i = 0; i < n; i += BLOCK) {
            total += add(Math.min(BLOCK, n - i), x, xOff + i);
          }
          return (float) total;
        }

        public static float dot(int n, float[] x, int xOff, float[] y, int yOff) {
          if (n <= BLOCK) {
            return products(n, x, xOff, y, yOff);
          }
          double total = 0;
          for (int i = 0; i < n; i += BLOCK) {
            total += products(Math.min(BLOCK, n - i), x, xOff + i, y, yOff + i);
          }
          return (float) total;
        }
      """;

  private static final String IMPORTS =
      """
      import io.hypertape.kernels.lanes.ReduceOp;
      import io.hypertape.kernels.lanes.VectorRows;
      import jdk.incubator.vector.FloatVector;
      import jdk.incubator.vector.VectorMask;
      import jdk.incubator.vector.VectorOperators;
      import jdk.incubator.vector.VectorSpecies;
      """;

  private static final String FIELDS =
      """
        private static final VectorSpecies<Float> S = VectorRows.S;
        private static final int L = S.length();
      """;

  private static final String LOAD =
      """

        private static FloatVector load(float[] x, int at) {
          return FloatVector.fromArray(S, x, at);
        }
      """;

  /** On vectors: lanes 8 apart are added, then those 4 apart, as many as vectors leave. */
  private static final String VECTORS =
      """

        private static float NAME(int n, float[] x, int xOff) {
          FloatVector even = FloatVector.broadcast(S, NOTHING);
          FloatVector odd = even;
          for (int lane = 0; lane < 16; lane += L) {
            FloatVector s0 = FloatVector.broadcast(S, FIRST);
            FloatVector s1 = s0;
            FloatVector s2 = s0;
            FloatVector s3 = s0;
            int i = lane;
            for (; i <= n - 64 + lane; i += 64) {
              s0 = STEP(s0, i);
              s1 = STEP(s1, i + 16);
              s2 = STEP(s2, i + 32);
              s3 = STEP(s3, i + 48);
            }
            for (; i <= n - L; i += 16) {
              s0 = STEP(s0, i);
            }
            if (i < n) {
              VectorMask<Float> rest = S.indexInRange(i, n);
              REST;
            }
            FloatVector all = s0.JOIN(s1).JOIN(s2.JOIN(s3));
            if (L == 16) {
              return RESULT(all);
            }
            FloatVector next = even.JOIN(all);
            even = odd;
            odd = next;
          }
          return RESULT(even.JOIN(odd))END;
        }
      """;

  private static final String EXTREME =
      """

        private static float NAME(int n, float[] x, int xOff) {
          float s0 = FIRST;
          float s1 = s0;
          int i = 0;
          for (; i < n - 1; i += 2) {
            s0 = Math.NAME(s0, x[xOff + i]);
            s1 = Math.NAME(s1, x[xOff + i + 1]);
          }
          return Math.NAME(i < n ? Math.NAME(s0, x[xOff + i]) : s0, s1);
        }
      """;

  private static final String REST = "FloatVector.fromArray(S, x, xOff + i, rest)";
  private static final String STEP = "STEP\\((s\\d), (.*)\\)";
  private static final String OF_TWO = "float[] x, int xOff, float[] y, int yOff";

  private static final String ADD = "private static float add(int n, float[] x, int xOff) {";
  private static final String PRODUCTS = "private static float products(int n, " + OF_TWO + ") {";

  /** The step of a masked vector makes 0 of −0. */
  private static final String ZERO = " + (n % 16 == 0 ? -0f : 0f)";

  private FoldSource() {}

  private static String head(String name, String twin, String imports, String fields) {
    return HEAD.replace("IMPORTS\n", imports)
        .replace("FIELDS\n", fields)
        .replace("TWIN", twin + "Reduce")
        .replace("NAME", name);
  }

  /** On vectors. */
  static String vectors() {
    return head("Vector", "Scalar", IMPORTS, FIELDS + "\n")
        + LOAD
        + fold("add", "0", "VectorRows.sum($1)")
        + fold("max", "Float.NEGATIVE_INFINITY", "$1.reduceLanes(VectorOperators.MAX)")
        + fold("min", "Float.POSITIVE_INFINITY", "$1.reduceLanes(VectorOperators.MIN)")
        + products()
        + "}\n";
  }

  private static String fold(String name, String first, String result) {
    String rest = "s0 = s0.lanewise(VectorOperators.OP, " + REST + ", rest)";
    return VECTORS
        .replaceAll(STEP, "$1." + name + "(load(x, xOff + $2))")
        .replace("REST", rest.replace("OP", name.toUpperCase(Locale.ROOT)))
        .replaceAll("RESULT\\((.*?)\\)(END)?;", result + ";")
        .replace("JOIN", name)
        .replace("NAME", name)
        .replace("FIRST", first)
        // What changes no number: −0 is −0 + −0.
        .replace("NOTHING", first.equals("0") ? "-0f" : first);
  }

  private static String products() {
    String rest =
        "FloatVector vx = " + REST + ";\n        s0 = vx.fma(" + REST.replace("x", "y") + ", s0)";
    return VECTORS
        .replace("float[] x, int xOff", OF_TWO)
        .replaceAll(STEP, "load(x, xOff + $2).fma(load(y, yOff + $2), $1)")
        .replace("REST", rest)
        .replaceAll("RESULT\\((.*)\\)(END)?;", "VectorRows.sum($1)$2;")
        .replace("END", ZERO)
        .replace("JOIN", "add")
        .replace("NAME", "products")
        .replace("FIRST", "0")
        .replace("NOTHING", "-0f");
  }

  /** On floats. */
  static String scalars() {
    String imports = "import io.hypertape.kernels.lanes.Fma;\n" + IMPORTS.lines().findFirst().get();
    JavaText text = new JavaText();
    text.head(head("Scalar", "Vector", imports + "\n\n", "") + "\n");
    String added = "SUM += x[xOff + INDEX];";
    String product = "SUM = Fma.fma(x[xOff + INDEX], y[yOff + INDEX], SUM);";
    text.lines(ADD + "\nif (n < 64) {\nreturn addFew(n, x, xOff);");
    text.close();
    sum(text, added, 4, "");
    text.head("\n");
    text.lines(ADD.replace("add", "addFew"));
    sum(text, added, 1, "");
    text.head("\n");
    text.lines(PRODUCTS + "\nif (n < 64) {\nreturn fewProducts(n, x, xOff, y, yOff);");
    text.close();
    sum(text, product, 4, ZERO);
    text.head("\n");
    text.lines(PRODUCTS.replace("products", "fewProducts"));
    // Of accumulators that stay 0 the sum is no −0.
    sum(text, product, 1, " + 0f");
    return text
        + EXTREME.replace("NAME", "max").replace("FIRST", "Float.NEGATIVE_INFINITY")
        + EXTREME.replace("NAME", "min").replace("FIRST", "Float.POSITIVE_INFINITY")
        + "}\n";
  }

  /** With so many accumulators of 16 lanes. */
  private static void sum(JavaText text, String step, int sums, String end) {
    text.lines("float even = -0f;\nfloat odd = -0f;");
    text.lines("for (int lane = 0; lane < 4; lane++) {");
    for (int i = 0; i < 4 * sums; i++) {
      text.lines("float " + name(i) + " = 0;");
    }
    text.lines("int i = lane;");
    if (sums > 1) {
      text.lines("for (; i <= n - 64 + lane; i += 64) {");
      steps(text, step, 4 * sums);
    }
    text.lines("for (; i < n - 12; i += 16) {");
    steps(text, step, 4);
    for (int i = 0; i < 3; i++) {
      text.lines("if (i" + (i == 0 ? "" : " + " + 4 * i) + " < n) {\n" + step(step, i));
      text.close();
    }
    if (sums > 1) {
      for (int i = 0; i < 4; i++) {
        String first = name(i) + " + " + name(i + 4);
        String second = name(i + 8) + " + " + name(i + 12);
        text.lines(name(i) + " = (" + first + ") + (" + second + ");");
      }
    }
    text.lines("float next = even + ((s0 + s2) + (s1 + s3));\neven = odd;\nodd = next;");
    text.close();
    text.lines("return even + odd" + end + ";");
    text.close();
  }

  private static void steps(JavaText text, String step, int sums) {
    for (int i = 0; i < sums; i++) {
      text.lines(step(step, i));
    }
    text.close();
  }

  /** Of lanes 4 apart, and 16 apart behind the fourth. */
  private static String name(int sum) {
    return "s" + sum;
  }

  private static String step(String step, int sum) {
    String at = sum == 0 ? "i" : "i + " + 4 * sum;
    return step.replace("SUM", name(sum)).replace("INDEX", at);
  }
}
