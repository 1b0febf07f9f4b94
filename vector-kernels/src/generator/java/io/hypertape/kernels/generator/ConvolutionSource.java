package io.hypertape.kernels.generator;

import io.hypertape.kernels.generator.BlockShape.Choice;
import java.util.ArrayList;
import java.util.List;

/** Blocks of a convolution's sums: planes by vectors that lie anywhere in the image. */
final class ConvolutionSource {

  private static final String HEAD =
      """
      package io.hypertape.kernels.convolution;

      import io.hypertape.kernels.lanes.LeafLoop;
      import io.hypertape.kernels.lanes.VectorRows;
      import jdk.incubator.vector.FloatVector;
      import jdk.incubator.vector.VectorSpecies;

      /**
       * Sums of taps in registers: row i of a block is Σ a[i, j]·x[base + taps[j] …] over j, with element
       * (i, j) of a, for a block of R rows, at {@code aOff + j · R + i}. A block's vectors lie anywhere
       * in x, so that images of any width fill them.
       *
       * <p>Unrolled, the stores too: accumulators must be local variables, and a call that took one and
       * was not inlined would put it on the heap in every turn of the loop.
       */
      @LeafLoop
      final class ConvolutionBlocks {

        private static final VectorSpecies<Float> S = VectorRows.S;

        private ConvolutionBlocks() {}
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
  private final JavaText text = new JavaText();

  ConvolutionSource(List<BlockShape> shapes) {
    this.shapes = shapes;
    for (BlockShape shape : shapes) {
      if (!shape.columns().equals(List.of(2))) {
        throw new IllegalArgumentException(
            "blocks of a convolution are two vectors wide, not " + shape.columns());
      }
    }
  }

  String source() {
    text.head(HEAD);
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
      text.lines("FloatVector s" + r + "l = " + (r == 0 ? "FloatVector.zero(S);" : "s0l;"));
      text.lines("FloatVector s" + r + "r = s0l;");
    }
    text.lines(
        """
        for (int j = 0; j < n; j++) {
        int tap = taps[first + j];
        FloatVector l = FloatVector.fromArray(S, x, base0 + tap);
        FloatVector r = FloatVector.fromArray(S, x, base1 + tap);""");
    text.lines("int at = aOff + j" + (rows == 1 ? "" : " * " + rows) + ";\nFloatVector w;");
    for (int r = 0; r < rows; r++) {
      text.lines("w = FloatVector.broadcast(S, a[at" + (r == 0 ? "" : " + " + r) + "]);");
      text.lines("sRl = w.fma(l, sRl);\nsRr = w.fma(r, sRr);".replace("R", "" + r));
    }
    text.close();
    text.lines("if (add) {");
    for (int r = 0; r < rows; r++) {
      text.lines(
          """
          sRl = sRl.add(FloatVector.fromArray(S, y, out0+));
          sRr = sRr.add(FloatVector.fromArray(S, y, out1+));"""
              .replace("R", "" + r)
              .replace("+)", step(r) + ")"));
    }
    text.close();
    for (int r = 0; r < rows; r++) {
      text.lines(
          """
          sRl.intoArray(y, out0+);
          sRr.intoArray(y, out1+);"""
              .replace("R", "" + r)
              .replace("+)", step(r) + ")"));
    }
    text.close();
  }

  private static String step(int r) {
    return r == 0 ? "" : r == 1 ? " + yStep" : " + " + r + " * yStep";
  }
}
