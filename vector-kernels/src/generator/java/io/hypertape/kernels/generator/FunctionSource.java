package io.hypertape.kernels.generator;

import java.util.ArrayList;
import java.util.List;

/** Elementwise functions by name: what they are of one or two numbers, which is the scalar twin. */
final class FunctionSource {

  /**
   * Functions of one operand: of vectors, then of floats, and what the Javadoc says. One without a
   * formula of vectors has loops of its own, of {@link MathSource}.
   */
  private static final String UNARY =
      """
      NEG | x.neg() | -x
        # −x.
      ABS | x.abs() | Math.abs(x)
        # |x|.
      EXP | | ScalarMath.exp(x)
        # e^x.
      LOG | | ScalarMath.log(x)
        # Natural logarithm.
      SQRT | x.sqrt() | (float) Math.sqrt(x)
        # √x.
      SQUARE | x.mul(x) | x * x
        # x².
      RECIPROCAL | ONE.div(x) | 1 / x
        # 1/x.
      TANH | | ScalarMath.tanh(x)
        # Hyperbolic tangent.
      SIGMOID | | ScalarMath.sigmoid(x)
        # 1/(1+e^−x).
      RELU | x.max(ZERO) | Math.max(x, 0f)
        # max(x, 0).
      SIGN | x.blend(ONE, x.compare(GT, ZERO)).blend(MINUS_ONE, x.compare(LT, ZERO)) | Math.signum(x)
        # −1, 0 or 1.
      HEAVISIDE | ZERO.blend(ONE, x.compare(GT, ZERO)) | x > 0 ? 1 : 0
        # 1 where x &gt; 0, else 0.
      """;

  /** Functions of two operands. */
  private static final String BINARY =
      """
      ADD | a.add(b) | a + b
        # a + b.
      SUB | a.sub(b) | a - b
        # a − b.
      MUL | a.mul(b) | a * b
        # a · b.
      DIV | a.div(b) | a / b
        # a / b.
      POW | | Power.pow(a, b)
        # a^b.
      MAX | a.max(b) | Math.max(a, b)
        # The larger; NaN if either is.
      MIN | a.min(b) | Math.min(a, b)
        # The smaller; NaN if either is.
      EQUAL | ZERO.blend(ONE, a.compare(EQ, b)) | a == b ? 1 : 0
        # 1 where a = b, else 0.
      GREATER | ZERO.blend(ONE, a.compare(GT, b)) | a > b ? 1 : 0
        # 1 where a &gt; b, else 0.
      TANH_GRAD | a.mul(ONE.sub(b.mul(b))) | a * (1 - b * b)
        # a · (1 − b²): tanh's cotangent from that of its output, b being the output.
      SIGMOID_GRAD | a.mul(b).mul(ONE.sub(b)) | a * b * (1 - b)
        # a · b · (1 − b): the sigmoid's, b being the output.
      RELU_GRAD | ZERO.blend(a, b.compare(GT, ZERO)) | b > 0 ? a : 0
        # a where b &gt; 0, else 0: relu's, b being its input or output.
      """;

  private static final String UNARY_HEAD =
      """
      package io.hypertape.kernels.lanes;

      /** Elementwise functions of one operand. NaN goes through all of them but {@link #HEAVISIDE}. */
      public enum UnaryOp {
      """;

  private static final String UNARY_OF =
      """

        /**
         * The function of one number, in the bits that every kernel gives for it.
         *
         * @param x the operand
         * @return the result
         */
      """;

  private static final String BINARY_HEAD =
      """
      package io.hypertape.kernels.lanes;

      /** Elementwise functions of two operands a and b of equal shape (strides of 0 broadcast). */
      public enum BinaryOp {
      """;

  private static final String BINARY_OF =
      """

        /**
         * The function of two numbers, in the bits that every kernel gives for them.
         *
         * @param a the first operand
         * @param b the second one
         * @return the result
         */
      """;

  /**
   * A function.
   *
   * @param name in capitals
   * @param vector its formula of vectors, or nothing
   * @param scalar its formula of floats
   * @param doc what it is
   */
  record Row(String name, String vector, String scalar, String doc) {

    /** The name of its methods. */
    String method() {
      return JavaText.method(name);
    }
  }

  private FunctionSource() {}

  /** All functions of one operand. */
  static List<Row> unaryRows() {
    return rows(UNARY);
  }

  /** All functions of two operands. */
  static List<Row> binaryRows() {
    return rows(BINARY);
  }

  private static List<Row> rows(String table) {
    List<Row> rows = new ArrayList<>();
    List<String> lines = table.lines().toList();
    for (int i = 0; i < lines.size(); i += 2) {
      String[] head = lines.get(i).split(" \\|(?= )", 3);
      String doc = lines.get(i + 1).replace("  # ", "");
      rows.add(new Row(head[0], head[1].strip(), head[2].strip(), doc));
    }
    return rows;
  }

  /** The names of those of one operand, with their meaning. */
  static String unary() {
    return source(UNARY_HEAD, unaryRows(), UNARY_OF, "float x");
  }

  /** The names of those of two operands. */
  static String binary() {
    return source(BINARY_HEAD, binaryRows(), BINARY_OF, "float a, float b");
  }

  private static String source(String head, List<Row> rows, String of, String operands) {
    JavaText text = new JavaText();
    text.head(head);
    for (Row row : rows) {
      text.comment(List.of(row.doc().split(" ")));
      text.lines(row.name() + (row == rows.getLast() ? ";" : ","));
    }
    text.head(of);
    text.lines("public float of(" + operands + ") {");
    text.lines("return switch (this) {");
    for (Row row : rows) {
      text.lines("case " + row.name() + " -> " + row.scalar() + ";");
    }
    text.close(";");
    text.close();
    text.close();
    return text.toString();
  }
}
