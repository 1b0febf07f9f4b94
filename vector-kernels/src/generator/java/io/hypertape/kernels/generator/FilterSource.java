package io.hypertape.kernels.generator;

import java.util.ArrayList;
import java.util.List;

/**
 * Blocks of a filter gradient's sums: filters by taps. Of dy's vectors, one for each filter, and
 * x's, one for each tap, the fewer stay in registers for a turn of the loop; the others come one
 * after the other.
 */
final class FilterSource {

  private static final String HEAD =
      """
      package io.hypertape.kernels.convolution;

      %s
      /**
       * Inner products of rows of dy and of x, shifted by taps, in registers: place u has a vector of x
       * at {@code places[2u]} and one of dy at {@code places[2u + 1]}. The lanes' partial sums begin with
       * 0, or go on with what the places before left in a tile of virtual vectors; there they are written
       * from a lane on, filter after filter.
       *
       * <p>Unrolled, the stores too, as in {@link ConvolutionBlocks} and for its reason.
       */
      @LeafLoop
      final class %s {

      %s  private static final int LANES = VirtualVector.LANES;

        private %2$s() {}
      """;

  private static final List<String> PARAMETERS =
      List.of(
          "int begin",
          "int end",
          "int[] places",
          "float[] x",
          "int xOff",
          "int[] taps",
          "int first",
          "float[] dy",
          "int dyOff",
          "int dyStep",
          "float[] tile",
          "int lane",
          "boolean add");

  private static final List<String> ARGUMENTS = JavaText.names(PARAMETERS);

  /** Most sums of a block of floats. */
  private static final int FLOATS = 12;

  private final List<BlockShape> shapes;
  private final boolean vectors;
  private final JavaText text = new JavaText();

  /** Blocks of vectors or, as far as registers suffice, of floats: vectors of one lane. */
  FilterSource(List<BlockShape> shapes, boolean vectors) {
    this.shapes = vectors ? shapes : shapes.stream().map(FilterSource::ofFloats).toList();
    this.vectors = vectors;
  }

  private static BlockShape ofFloats(BlockShape shape) {
    int rows = shape.rows();
    return BlockShape.filter(
        rows,
        shape.columns().stream().filter(taps -> rows * taps <= FLOATS).toArray(Integer[]::new));
  }

  String source() {
    String lanes = "import io.hypertape.kernels.lanes.VirtualVector;\n";
    text.head(
        vectors
            ? HEAD.formatted(
                JavaText.VECTORS.replaceFirst("(?=import jdk)", lanes),
                "FilterBlocks",
                JavaText.SPECIES)
            : HEAD.formatted(JavaText.FLOATS + lanes, "ScalarFilterBlocks", ""));
    for (BlockShape shape : shapes) {
      if (shape.columns().size() > 1) {
        dispatch(shape);
      }
    }
    for (BlockShape shape : shapes) {
      shape.columns().forEach(taps -> block(shape.rows(), taps));
    }
    text.close();
    return text.toString();
  }

  private void dispatch(BlockShape shape) {
    String name = "filters" + shape.rows();
    List<String> parameters = new ArrayList<>(PARAMETERS);
    parameters.addFirst("int width");
    text.method(filters(shape.rows()) + " by so many taps.", "void " + name, parameters);
    text.lines("switch (width) {");
    for (int taps : shape.columns()) {
      text.arrow("case " + taps, name + "x" + taps, ARGUMENTS);
    }
    text.lines(
        """
        default -> throw new IllegalArgumentException("no block of " + width + " taps");""");
    text.close();
    text.close();
  }

  private static String filters(int filters) {
    return filters + (filters == 1 ? " filter" : " filters");
  }

  private void block(int filters, int taps) {
    text.method(
        filters(filters) + " by " + taps + (taps == 1 ? " tap." : " taps."),
        "void filters" + filters + "x" + taps,
        PARAMETERS);
    for (int f = 0; f < filters; f++) {
      for (int t = 0; t < taps; t++) {
        boolean first = f == 0 && t == 0;
        local(sum(f, t), !vectors ? "0" : first ? "FloatVector.zero(S)" : "s0x0");
      }
    }
    text.lines("if (add) {");
    for (int f = 0; f < filters; f++) {
      for (int t = 0; t < taps; t++) {
        text.lines(sum(f, t) + " = " + read("tile", lanes(f * taps + t)) + ";");
      }
    }
    text.close();
    for (int t = 0; t < taps; t++) {
      text.lines("int t" + t + " = xOff + taps[first" + (t == 0 ? "" : " + " + t) + "];");
    }
    for (int f = 1; f < filters; f++) {
      text.lines("int d" + f + " = dyOff + " + (f == 1 ? "" : f + " * ") + "dyStep;");
    }
    text.lines(
        """
        for (int u = begin; u < end; u++) {
        int at = places[2 * u];
        int from = places[2 * u + 1];""");
    if (filters <= taps) {
      keepFilters(filters, taps);
    } else {
      keepTaps(filters, taps);
    }
    text.close();
    for (int f = 0; f < filters; f++) {
      for (int t = 0; t < taps; t++) {
        String to = lanes(f * taps + t);
        text.lines(
            vectors
                ? sum(f, t) + ".intoArray(tile, " + to + ");"
                : "tile[" + to + "] = " + sum(f, t) + ";");
      }
    }
    text.close();
  }

  private void keepFilters(int filters, int taps) {
    for (int f = 0; f < filters; f++) {
      local("g" + f, gradient(f));
    }
    text.lines(vectors ? "FloatVector v;" : "float v;");
    for (int t = 0; t < taps; t++) {
      text.lines("v = " + image(t) + ";");
      for (int f = 0; f < filters; f++) {
        multiplied(sum(f, t), "v", "g" + f);
      }
    }
  }

  private void keepTaps(int filters, int taps) {
    for (int t = 0; t < taps; t++) {
      local("v" + t, image(t));
    }
    text.lines(vectors ? "FloatVector g;" : "float g;");
    for (int f = 0; f < filters; f++) {
      text.lines("g = " + gradient(f) + ";");
      for (int t = 0; t < taps; t++) {
        multiplied(sum(f, t), "v" + t, "g");
      }
    }
  }

  private static String sum(int filter, int tap) {
    return "s" + filter + "x" + tap;
  }

  private static String lanes(int i) {
    return "lane" + (i == 0 ? "" : i == 1 ? " + LANES" : " + " + i + " * LANES");
  }

  private void local(String name, String value) {
    text.lines((vectors ? "FloatVector " : "float ") + name + " = " + value + ";");
  }

  private void multiplied(String sum, String image, String gradient) {
    String head = vectors ? image + ".fma(" : "Fma.fma(" + image + ", ";
    text.lines(sum + " = " + head + gradient + ", " + sum + ");");
  }

  private String read(String array, String at) {
    return vectors ? "FloatVector.fromArray(S, " + array + ", " + at + ")" : array + "[" + at + "]";
  }

  private String gradient(int filter) {
    return read("dy", (filter == 0 ? "dyOff" : "d" + filter) + " + from");
  }

  private String image(int tap) {
    return read("x", "t" + tap + " + at");
  }
}
