package io.hypertape.kernels.generator;

import io.hypertape.kernels.generator.BlockShape.Choice;
import java.util.ArrayList;
import java.util.List;

/** Blocks of a convolution's sums: planes by vectors that lie anywhere in the image. */
final class ConvolutionSource {

  private static final String HEAD =
      """
      package io.hypertape.kernels.convolution;

      %s
      /**
       * Sums of taps in registers: row i of a block is Σ a[i, j]·x[base + taps[j] …] over j, with element
       * (i, j) of a, for a block of R rows, at {@code aOff + j · R + i}. A block's vectors lie anywhere
       * in x, so that images of any width fill them.
       *
       * <p>Unrolled, the stores too: accumulators must be local variables, and a call that took one and
       * was not inlined would put it on the heap in every turn of the loop.
       */
      @LeafLoop
      final class %s {

      %s  private %2$s() {}
      """;

  private static final List<String> PARAMETERS =
      List.of(
          "int n",
          "float[] a",
          "int aOff",
          "float[] x",
          "int[] taps",
          "int first",
          "int base0",
          "int base1",
          "float[] y",
          "int out0",
          "int out1",
          "int yStep",
          "boolean add");

  private static final List<String> ARGUMENTS = JavaText.names(PARAMETERS);

  private final List<BlockShape> shapes;
  private final boolean vectors;
  private final JavaText text = new JavaText();

  /** Blocks of vectors or, as far as registers suffice, of floats: vectors of one lane. */
  ConvolutionSource(List<BlockShape> shapes, boolean vectors) {
    this.shapes = shapes.stream().filter(shape -> vectors || shape.rows() <= 4).toList();
    this.vectors = vectors;
    for (BlockShape shape : shapes) {
      if (!shape.columns().equals(List.of(2))) {
        throw new IllegalArgumentException(
            "blocks of a convolution are two vectors wide, not " + shape.columns());
      }
    }
  }

  String source() {
    text.head(
        vectors
            ? HEAD.formatted(JavaText.VECTORS, "ConvolutionBlocks", JavaText.SPECIES + "\n")
            : HEAD.formatted(JavaText.FLOATS, "ScalarConvolutionBlocks", ""));
    rows();
    dispatch();
    shapes.forEach(shape -> block(shape.rows()));
    text.close();
    return text.toString();
  }

  private void rows() {
    text.method(
        "Rows of the smallest block for so many planes.", "int rows", List.of("int planes"));
    text.lines("return switch (planes) {");
    // Whatever a block has beyond them are weights of 0, and room beside the planes.
    for (Choice choice : BlockShape.choices(shapes, Integer.MAX_VALUE)) {
      text.lines(choice.label() + " -> " + choice.many() + ";");
    }
    text.lines(
        """
        default -> throw new IllegalArgumentException("no block of " + planes + " planes");""");
    text.close(";");
    text.close();
  }

  private void dispatch() {
    List<String> parameters = new ArrayList<>(PARAMETERS);
    parameters.addFirst("int rows");
    text.method(
        "y[rows, two vectors] (+)= Σ a·x, by the block of just so many rows.",
        "void block",
        parameters);
    text.lines("switch (rows) {");
    for (BlockShape shape : shapes) {
      text.arrow("case " + shape.rows(), "rows" + shape.rows() + "x2", ARGUMENTS);
    }
    text.lines(
        """
        default -> throw new IllegalArgumentException("no block of " + rows + " rows");""");
    text.close();
    text.close();
  }

  private void block(int rows) {
    text.method(
        rows + (rows == 1 ? " row" : " rows") + " by two vectors.",
        "void rows" + rows + "x2",
        PARAMETERS);
    for (int r = 0; r < rows; r++) {
      local("s" + r + "l", !vectors ? "0" : r == 0 ? "FloatVector.zero(S)" : "s0l");
      local("s" + r + "r", vectors ? "s0l" : "0");
    }
    text.lines("for (int j = 0; j < n; j++) {\nint tap = taps[first + j];");
    local("l", read("x", "base0 + tap"));
    local("r", read("x", "base1 + tap"));
    text.lines("int at = aOff + j" + (rows == 1 ? "" : " * " + rows) + ";");
    text.lines(vectors ? "FloatVector w;" : "float w;");
    for (int r = 0; r < rows; r++) {
      String weight = "a[at" + (r == 0 ? "" : " + " + r) + "]";
      text.lines("w = " + (vectors ? "FloatVector.broadcast(S, " + weight + ")" : weight) + ";");
      for (String side : List.of("l", "r")) {
        String sum = "s" + r + side;
        String head = vectors ? "w.fma(" : "Fma.fma(w, ";
        text.lines(sum + " = " + head + side + ", " + sum + ");");
      }
    }
    text.close();
    text.lines("if (add) {");
    for (int r = 0; r < rows; r++) {
      added("s" + r + "l", "out0" + step(r));
      added("s" + r + "r", "out1" + step(r));
    }
    text.close();
    for (int r = 0; r < rows; r++) {
      written("s" + r + "l", "out0" + step(r));
      written("s" + r + "r", "out1" + step(r));
    }
    text.close();
  }

  private void local(String name, String value) {
    text.lines((vectors ? "FloatVector " : "float ") + name + " = " + value + ";");
  }

  private String read(String array, String at) {
    return vectors ? "FloatVector.fromArray(S, " + array + ", " + at + ")" : array + "[" + at + "]";
  }

  private void added(String sum, String at) {
    String there = read("y", at);
    text.lines(sum + " = " + sum + (vectors ? ".add(" + there + ");" : " + " + there + ";"));
  }

  private void written(String sum, String at) {
    text.lines(vectors ? sum + ".intoArray(y, " + at + ");" : "y[" + at + "] = " + sum + ";");
  }

  private static String step(int r) {
    return r == 0 ? "" : r == 1 ? " + yStep" : " + " + r + " * yStep";
  }
}
