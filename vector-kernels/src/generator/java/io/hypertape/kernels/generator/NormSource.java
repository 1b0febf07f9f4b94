package io.hypertape.kernels.generator;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The loops of batch normalization, of vectors: over the planes of a channel, or over the examples
 * of features, with a lane for each of neighbouring ones. Sums are s and t, of which there are
 * several copies, as that shortens the chain of additions.
 */
final class NormSource {

  /**
   * A loop's name, operands and factors, and copies of its sums over planes and over features; then
   * its locals and sums, and behind an arrow what is written. The center is a float of a channel,
   * and of features lies where means do; other factors are of vectors.
   */
  private static final String LOOPS =
      """
      moments | Forward | center | 2 | 4
        d = x - center
        s = s + d
        t = fma(d, d, t)
      normalize | Forward | center scale shift | 1 | 1
        y <- fma(x - center, scale, shift)
      products | Backward | center | 2 | 2
        s = s + dy
        t = fma(x - center, dy, t)
      combine | Backward | center scale slope shift | 1 | 1
        normal = fma(x - center, slope, shift)
        dx <- fma(dy, scale, normal)
      """;

  private static final String HEAD =
      """
      package io.hypertape.kernels.layers;

      import io.hypertape.kernels.lanes.LeafLoop;
      import io.hypertape.kernels.lanes.VectorRows;
      import jdk.incubator.vector.FloatVector;
      import jdk.incubator.vector.VectorMask;
      import jdk.incubator.vector.VectorSpecies;

      /** %s */
      @LeafLoop
      final class %s {

        private static final VectorSpecies<Float> S = VectorRows.S;
        private static final int L = S.length();

        private %2$s() {}
      """;

  private final boolean planes;
  private final JavaText text = new JavaText();

  // Of the loop that is being written.
  private List<String> lines;
  private List<String> arrays;
  private List<String> sums;
  private int copies;

  private NormSource(boolean planes) {
    this.planes = planes;
  }

  /** The loops over planes. */
  static String planes() {
    String comment = "Batch normalization of a channel, or of a unit of its elements.";
    return new NormSource(true).source(comment, "PlaneNormLoops");
  }

  /** The loops over features. */
  static String features() {
    String comment = "Batch normalization of as many neighbouring features as a vector has lanes.";
    return new NormSource(false).source(comment, "FeatureNormLoops");
  }

  private String source(String comment, String name) {
    text.head(HEAD.formatted(comment, name));
    // A loop's lines are those that are indented.
    for (String loop : LOOPS.split("\n(?! )")) {
      List<String> all = loop.lines().map(String::strip).toList();
      loop(all.getFirst().split(" [|] "), all.subList(1, all.size()));
    }
    text.close();
    return text.toString();
  }

  private void loop(String[] head, List<String> formulas) {
    lines = formulas;
    arrays = named("dy", "x", "y", "dx");
    sums = named("s", "t");
    copies = Integer.parseInt(head[planes ? 3 : 4]);
    List<String> factors = List.of(head[2].split(" "));
    signature(head, factors);
    locals(factors);
    if (planes) {
      overPlanes();
    } else {
      overExamples();
    }
    for (String sum : sums) {
      String two = sum + "0.add(" + sum + "1)";
      String all = copies == 2 ? two : two + ".add(" + sum + "2.add(" + sum + "3))";
      boolean first = sum.equals("s");
      text.lines(
          planes
              ? "sums[" + (first ? 0 : 1) + "] = VectorRows.sum(" + all + ");"
              : all + ".intoArray(sums, " + (first ? "0" : "L") + ");");
    }
    text.close();
  }

  private List<String> named(String... names) {
    return Stream.of(names).filter(name -> lines.stream().anyMatch(l -> has(l, name))).toList();
  }

  private static boolean has(String formula, String name) {
    return Pattern.compile("\\b" + name + "\\b").matcher(formula).find();
  }

  /** Sums are of a unit of elements, of some planes or examples; the rest is of channels. */
  private void signature(String[] head, List<String> factors) {
    boolean some = !sums.isEmpty();
    boolean apart = planes && some;
    List<String> parameters = new ArrayList<>();
    if (apart) {
      parameters.addAll(List.of("int batch", "int apart", "int n"));
      arrays.forEach(x -> parameters.addAll(List.of("float[] " + x + "Array", "int " + x + "Off")));
    } else {
      parameters.addAll(List.of("BatchNorm." + head[1] + " o", "int c"));
      parameters.addAll(planes ? List.of() : List.of("int n"));
      parameters.addAll(some ? List.of("int from", "int batch") : List.of());
    }
    for (String factor : factors) {
      boolean center = factor.equals("center");
      parameters.add(
          planes ? "float " + factor + (center ? "" : "Value") : "float[] " + factor + "s");
      parameters.addAll(center && !planes ? List.of("int centersOff") : List.of());
    }
    parameters.addAll(some ? List.of("float[] sums") : List.of());
    text.method("Of {@link BatchNorm." + head[1] + "}.", "void " + head[0], parameters);
    if (!apart) {
      text.lines(some ? "" : "int batch = o.s().batch();");
      text.lines(planes ? "int n = o.s().plane();" : "");
      text.lines("int apart = o.s().channels()" + (planes ? " * n;" : ";"));
      String place = planes ? " + c * n;" : some ? " + from * apart + c;" : " + c;";
      for (String x : arrays) {
        text.lines("float[] " + x + "Array = o." + x + "().array();");
        text.lines("int " + x + "Off = o." + x + "().offset()" + place);
      }
    }
  }

  private static String vector(String name, String made) {
    return "FloatVector " + name + " = FloatVector." + made + ";";
  }

  /**
   * Few bytes of code: those of sums are called from loops, and inlined there if they are short.
   */
  private void locals(List<String> factors) {
    text.lines(planes ? "" : "VectorMask<Float> rest = S.indexInRange(0, n);");
    for (String factor : factors) {
      boolean center = factor.equals("center");
      if (!planes) {
        String place = center ? "centersOff, rest" : "0";
        text.lines(vector(factor, "fromArray(S, " + factor + "s, " + place + ")"));
      } else if (!center) {
        text.lines(vector(factor, "broadcast(S, " + factor + "Value)"));
      }
    }
    for (String sum : sums) {
      for (int k = 0; k < copies; k++) {
        String name = copy(sum, k);
        String zero = name.equals("s0") ? "FloatVector.zero(S)" : "s0";
        text.lines("FloatVector " + name + " = " + zero + ";");
      }
    }
  }

  private void overPlanes() {
    String step = copies == 1 ? "L" : copies + " * L";
    text.lines("for (int image = 0; image < batch; image++) {");
    places();
    text.lines("int i = 0;");
    text.lines(
        copies == 1
            ? "for (; i < S.loopBound(n); i += L) {"
            : "for (; i <= n - " + step + "; i += " + step + ") {");
    body(copies, "");
    text.close();
    text.lines(copies == 1 ? "if (i < n) {" : "for (; i < n; i += L) {");
    text.lines("VectorMask<Float> rest = S.indexInRange(i, n);");
    body(1, ", rest");
    text.close();
    text.close();
  }

  private void overExamples() {
    text.lines("int image = 0;");
    if (copies > 1) {
      text.lines("for (; image <= batch - " + copies + "; image += " + copies + ") {");
      places();
      body(copies, ", rest");
      text.close();
    }
    text.lines("for (; image < batch; image++) {");
    places();
    body(1, ", rest");
    text.close();
  }

  private void places() {
    for (String x : arrays) {
      text.lines("int " + x + "At = " + x + "Off + image * apart;");
    }
  }

  private void body(int count, String rest) {
    for (String x : arrays) {
      boolean isRead = lines.stream().anyMatch(line -> has(line.split(" (=|<-) ")[1], x));
      for (int k = 0; k < (isRead ? count : 0); k++) {
        text.lines(vector(copy(x, k), "fromArray(S, " + place(x, k) + rest + ")"));
      }
    }
    for (String line : lines) {
      for (int k = 0; k < count; k++) {
        line(line.split(" (=|<-) "), k, rest);
      }
    }
  }

  private void line(String[] sides, int k, String rest) {
    String name = copy(sides[0], k);
    String value = copy(VectorFormula.of(sides[1], Set.of()), k);
    if (arrays.contains(sides[0])) {
      text.lines(value + ".intoArray(" + place(sides[0], k) + rest + ");");
    } else if (sums.contains(sides[0])) {
      text.lines(name + " = " + value + ";");
    } else {
      // In a sum of locals, lanes beyond a plane's end count nothing.
      String end = planes && !sums.isEmpty() ? rest + ")" : ")";
      text.lines("FloatVector " + name + " = " + value.replaceFirst("\\)$", end) + ";");
    }
  }

  /** A formula on one of several copies of sums and of what is summed. */
  private String copy(String formula, int k) {
    return copies == 1 ? formula : formula.replaceAll("\\b(dy|x|d|s|t)\\b", "$1" + k);
  }

  /** An array and where a vector lies in it. */
  private String place(String x, int k) {
    String step = planes ? "L" : "apart";
    String copy = k == 0 ? "" : k == 1 ? " + " + step : " + " + k + " * " + step;
    return x + "Array, " + x + "At" + (planes ? " + i" : "") + copy;
  }
}
