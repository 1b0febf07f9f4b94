package io.hypertape.kernels.generator;

import io.hypertape.kernels.generator.BlockShape.Choice;
import io.hypertape.kernels.generator.BlockShape.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Blocks of a matrix product: rows by vectors of c stay in registers while k runs. A vector of b
 * meets an element of a in every lane.
 */
final class ProductSource {

  private static final List<String> WORDS =
      List.of("", "one vector", "two vectors", "three vectors");

  private static final String HEAD =
      """
      package io.hypertape.kernels.gemm;

      import io.hypertape.kernels.lanes.LeafLoop;
      import io.hypertape.kernels.lanes.VectorRows;
      import jdk.incubator.vector.FloatVector;
      MASK
      import jdk.incubator.vector.VectorSpecies;

      COMMENT
      @LeafLoop
      final class NAME {

        private static final VectorSpecies<Float> S = VectorRows.S;
      LANES

        private NAME() {}
      """;

  private static final String PACKED =
      """
      /**
       * Blocks of c, two vectors wide, from panels of a that are packed column by column: element (r, p)
       * of a block of R rows is at {@code aOff + p · R + r}. Row p of b is at {@code bOff + p · bStep},
       * packed or not. Where one row less counts than a block has, the last sum goes where the one before
       * it goes, and before it.
       *
       * <p>Unrolled, the stores too: accumulators must be local variables, and a call that took one and
       * was not inlined would put it on the heap in every turn of the loop.
       */
      """;

  private static final String DIRECT =
      """
      /**
       * Blocks of c, two vectors wide, from rows of a where they lie: element (r, p) is at {@code aOff +
       * r · aRow + p}. Row p of b is at {@code bOff + p · bStep}, packed or not. Where one row less
       * counts than a block has, the last is computed twice. Unrolled as in {@link PackedBlocks}.
       */
      """;

  private static final String THREE =
      """
      /**
       * {@link DirectBlocks} three vectors wide, the third so many columns from the first: it may overlap
       * the second.
       */
      """;

  private static final String NONE =
      "default -> throw new IllegalArgumentException(\"no block of \" + rows + \" rows\");";

  private final List<BlockShape> shapes;
  private final boolean packed;
  private final int vectors;
  private final boolean masked;

  /** Names of b's vectors, which end those of their sums, and where they lie in a row. */
  private final List<String> names;

  private final List<String> places;

  private final JavaText text = new JavaText();

  /**
   * @param shapes of one kind and number of vectors
   */
  ProductSource(List<BlockShape> shapes, int vectors) {
    this.shapes = shapes;
    this.packed = shapes.get(0).kind() == Kind.PACKED;
    this.masked = shapes.get(0).masked();
    this.vectors = vectors;
    this.names = vectors == 3 ? List.of("l", "m", "r") : List.of("l", "r").subList(0, vectors);
    this.places = List.of("", " + L", " + third").subList(0, vectors);
  }

  /** The class that they are in. */
  static String className(BlockShape shape, int vectors) {
    boolean packed = shape.kind() == Kind.PACKED;
    String own = packed ? "PackedBlocks" : "DirectBlocks";
    String name =
        switch (vectors) {
          case 1 -> "Narrow" + own;
          case 2 -> own;
          case 3 -> packed ? "" : "ThreeVectorBlocks";
          default -> "";
        };
    if (name.isEmpty()) {
      throw new IllegalArgumentException(
          shape.kind()
              + " blocks are one"
              + (packed ? " or two" : ", two or three")
              + " vectors wide, not "
              + vectors);
    }
    return (shape.masked() ? "Masked" : "") + name;
  }

  String source() {
    String lanes = vectors > 1 ? "  private static final int L = S.length();\n" : "";
    String mask = masked ? "import jdk.incubator.vector.VectorMask;\n" : "";
    text.head(
        HEAD.replace("NAME", className(shapes.getFirst(), vectors))
            .replace("COMMENT\n", comment())
            .replace("LANES\n", lanes)
            .replace("MASK\n", mask));
    List<Choice> choices = BlockShape.choices(shapes, 1);
    if (packed && vectors == 2) {
      width(choices);
    }
    dispatch(choices);
    for (BlockShape shape : shapes) {
      block(shape.rows());
    }
    text.close();
    return text.toString();
  }

  private String comment() {
    if (masked) {
      String whole = className(shapes.getFirst(), vectors).substring("Masked".length());
      return "/** {@link " + whole + "} of whose last vector only the first lanes count. */\n";
    }
    return switch (vectors) {
      case 1 ->
          "/** {@link " + (packed ? "PackedBlocks" : "DirectBlocks") + "} one vector wide. */\n";
      case 2 -> packed ? PACKED : DIRECT;
      default -> THREE;
    };
  }

  private List<String> parameters() {
    List<String> all = new ArrayList<>(List.of("int rows", "int kc", "float[] a", "int aOff"));
    if (!packed) {
      all.add("int aRow");
    }
    all.addAll(List.of("float[] b", "int bOff", "int bStep", "float[] c", "int cOff", "int cRow"));
    if (vectors == 3) {
      all.add("int third");
    }
    if (masked) {
      all.add("int lanes");
    }
    all.add("boolean add");
    return all;
  }

  private String name(int rows) {
    return "rows" + rows + "x" + vectors;
  }

  /** How wide panels are. */
  private void width(List<Choice> choices) {
    text.method(
        "Rows of the block that computes so many: the width of their panel.",
        "int width",
        List.of("int rows"));
    text.lines("return switch (rows) {");
    for (Choice choice : choices) {
      boolean one = choice.many() == choice.few();
      String width =
          one ? "" + choice.many() : "MicroKernels.MANY ? " + choice.many() + " : " + choice.few();
      text.lines(choice.label() + " -> " + width + ";");
    }
    text.lines(NONE);
    text.close(";");
    text.close();
  }

  private void dispatch(List<Choice> choices) {
    text.method(
        "c[rows, "
            + WORDS.get(vectors)
            + "] (+)= a·b, by the smallest block that has so many rows.",
        "void block",
        parameters());
    text.lines("switch (rows) {");
    for (Choice choice : choices) {
      if (choice.many() == choice.few()) {
        text.arrow(choice.label(), name(choice.many()), JavaText.names(parameters()));
      } else {
        text.lines(choice.label() + " -> {\nif (MicroKernels.MANY) {");
        text.call(name(choice.many()), JavaText.names(parameters()), ";");
        text.close(" else {");
        text.call(name(choice.few()), JavaText.names(parameters()), ";");
        text.close();
        text.close();
      }
    }
    text.lines(NONE);
    text.close();
    text.close();
  }

  private void block(int rows) {
    String what = (rows == 1 ? "1 row" : rows + " rows") + " by " + WORDS.get(vectors) + ".";
    text.method(what, "void " + name(rows), parameters());
    if (masked) {
      text.lines("VectorMask<Float> edge = VectorRows.first(lanes);");
    }
    for (int r = 0; r < rows; r++) {
      for (String v : names) {
        boolean first = r == 0 && v.equals("l");
        text.lines("FloatVector s" + r + v + " = " + (first ? "FloatVector.zero(S);" : "s0l;"));
      }
    }
    for (int r = 1; r < rows && !packed; r++) {
      text.lines("int a" + r + " = aOff + " + times(r, rows, "aRow") + ";");
    }
    text.lines("for (int p = 0; p < kc; p++) {\nint at = bOff + p * bStep;");
    for (int v = 0; v < vectors; v++) {
      text.lines("FloatVector " + names.get(v) + " = " + load("b", "at", v) + ";");
    }
    text.lines("FloatVector x;");
    for (int r = 0; r < rows; r++) {
      text.lines("x = FloatVector.broadcast(S, a[" + left(r, rows) + "]);");
      for (String v : names) {
        text.lines("s" + r + v + " = x.fma(" + v + ", s" + r + v + ");");
      }
    }
    text.close();
    ends(rows);
    text.close();
  }

  /** Adds what is there and stores; from the last row on, which may stand for the one before it. */
  private void ends(int rows) {
    if (rows > 1) {
      text.lines("int last = cOff + (rows - 1) * cRow;");
    }
    text.lines("if (add) {");
    for (int r = 0; r < rows; r++) {
      for (int v = 0; v < vectors; v++) {
        String sum = "s" + r + names.get(v);
        text.lines(sum + " = " + sum + ".add(" + load("c", row(r, rows), v) + ");");
      }
    }
    text.close();
    for (int r = rows - 1; r >= 0; r--) {
      for (int v = 0; v < vectors; v++) {
        String to = row(r, rows) + places.get(v);
        text.lines("s" + r + names.get(v) + ".intoArray(c, " + to + mask(v) + ");");
      }
    }
  }

  private String load(String array, String at, int v) {
    return "FloatVector.fromArray(S, " + array + ", " + at + places.get(v) + mask(v) + ")";
  }

  private String mask(int v) {
    return masked && v == vectors - 1 ? ", edge" : "";
  }

  private String left(int r, int rows) {
    return packed
        ? "aOff + p * " + rows + (r == 0 ? "" : " + " + r)
        : (r == 0 ? "aOff" : "a" + r) + " + p";
  }

  private static String row(int r, int rows) {
    return r == 0 ? "cOff" : r == rows - 1 ? "last" : "cOff + " + times(r, rows, "cRow");
  }

  /** Steps to a row; to the last that counts. */
  private static String times(int r, int rows, String step) {
    return (r == rows - 1 ? "(rows - 1) * " : r == 1 ? "" : r + " * ") + step;
  }
}
