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

      import io.hypertape.kernels.lanes.LeafLoop;
      import io.hypertape.kernels.lanes.VectorRows;
      import jdk.incubator.vector.FloatVector;
      import jdk.incubator.vector.VectorSpecies;

      /**
       * Inner products of rows of dy and of x, shifted by taps, in registers: place u of n has a vector
       * of x at {@code places[2u]} and one of dy at {@code places[2u + 1]}. The lanes' partial sums are
       * written to a tile, filter after filter.
       *
       * <p>Unrolled, the stores too, as in {@link ConvolutionBlocks} and for its reason.
       */
      @LeafLoop
      final class FilterBlocks {

        private static final VectorSpecies<Float> S = VectorRows.S;
        private static final int L = S.length();

        private FilterBlocks() {}
      """;

  private static final List<String> PARAMETERS =
      List.of(
          "int n",
          "int[] places",
          "float[] x",
          "int xOff",
          "int[] taps",
          "int first",
          "float[] dy",
          "int dyOff",
          "int dyStep",
          "float[] tile");

  private static final List<String> ARGUMENTS = JavaText.names(PARAMETERS);

  private final List<BlockShape> shapes;
  private final JavaText text = new JavaText();

  FilterSource(List<BlockShape> shapes) {
    this.shapes = shapes;
  }

  String source() {
    text.head(HEAD);
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
        text.lines("FloatVector " + sum(f, t) + " = " + (first ? "FloatVector.zero(S);" : "s0x0;"));
      }
    }
    for (int t = 0; t < taps; t++) {
      text.lines("int t" + t + " = xOff + taps[first" + (t == 0 ? "" : " + " + t) + "];");
    }
    for (int f = 1; f < filters; f++) {
      text.lines("int d" + f + " = dyOff + " + (f == 1 ? "" : f + " * ") + "dyStep;");
    }
    text.lines(
        """
        for (int u = 0; u < n; u++) {
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
        int i = f * taps + t;
        String to = i == 0 ? "0" : i == 1 ? "L" : i + " * L";
        text.lines(sum(f, t) + ".intoArray(tile, " + to + ");");
      }
    }
    text.close();
  }

  private void keepFilters(int filters, int taps) {
    for (int f = 0; f < filters; f++) {
      text.lines("FloatVector g" + f + " = " + gradient(f) + ";");
    }
    text.lines("FloatVector v;");
    for (int t = 0; t < taps; t++) {
      text.lines("v = " + image(t) + ";");
      for (int f = 0; f < filters; f++) {
        text.lines(sum(f, t) + " = v.fma(g" + f + ", " + sum(f, t) + ");");
      }
    }
  }

  private void keepTaps(int filters, int taps) {
    for (int t = 0; t < taps; t++) {
      text.lines("FloatVector v" + t + " = " + image(t) + ";");
    }
    text.lines("FloatVector g;");
    for (int f = 0; f < filters; f++) {
      text.lines("g = " + gradient(f) + ";");
      for (int t = 0; t < taps; t++) {
        text.lines(sum(f, t) + " = v" + t + ".fma(g, " + sum(f, t) + ");");
      }
    }
  }

  private static String sum(int filter, int tap) {
    return "s" + filter + "x" + tap;
  }

  private static String gradient(int filter) {
    return "FloatVector.fromArray(S, dy, " + (filter == 0 ? "dyOff" : "d" + filter) + " + from)";
  }

  private static String image(int tap) {
    return "FloatVector.fromArray(S, x, t" + tap + " + at)";
  }
}
