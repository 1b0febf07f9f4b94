package io.hypertape.kernels.generator;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The loops of batch normalization, of vectors and of floats: over the planes of a channel, or over
 * the examples of features, with a lane for each of neighbouring ones. Sums are s and t, of which
 * there are several copies, as that shortens the chain of additions; over planes each of them has a
 * virtual vector's lanes.
 */
final class NormSource {

  /**
   * A loop's name, operands and factors, and copies of its sums over planes and over features, 0 if
   * there are none of those; then its locals and sums, and behind an arrow what is written. The
   * center is a float of a channel, and of features lies where means do; other factors are of
   * vectors.
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
      scaled | Scaled | scale shift | 1 | 0
        product = x * scale
        y <- product + shift
      scaledRelu | Scaled | scale shift | 1 | 0
        product = x * scale
        y <- max(product + shift, 0)
      addedRelu | Scaled | scale shift | 1 | 0
        product = x * scale
        y <- max(product + shift + z, 0)
      """;

  private static final String HEAD =
      """
      package io.hypertape.kernels.layers;

      %s
      /** %s */
      @LeafLoop
      final class %s {

      %s
        private %3$s() {}
      """;

  private static final String CHOICE =
      """
      package io.hypertape.kernels.layers;

      import io.hypertape.kernels.lanes.LeafLoop;
      %2$s
      /** {@link %1$s} or, for lanes of shorter vectors or of none, their twins. */
      @LeafLoop
      final class Any%1$s {

        private Any%1$s() {}
      """;

  private static final String SPECIES =
      """
        private static final VectorSpecies<Float> S = VectorRows.S;
        private static final int L = S.length();
      """;

  private static final String LANES = "  private static final int LANES = VirtualVector.LANES;\n";

  private final boolean planes;
  private final boolean vectors;

  /**
   * Vectors, or floats, that are a part of a virtual vector and computed together; 0 if a vector is
   * as long.
   */
  private final int parts;

  private final JavaText text = new JavaText();

  // Of the loop that is being written.
  private List<String> lines;
  private List<String> arrays;
  private List<String> sums;
  private int copies;

  private NormSource(boolean planes, boolean vectors, int parts) {
    this.planes = planes;
    this.vectors = vectors;
    this.parts = parts;
  }

  /** The loops over planes. */
  static String planes(boolean vectors) {
    String comment = "Batch normalization of a channel, or of a unit of its elements.";
    return new NormSource(true, vectors, vectors ? 0 : 4).source(comment, "PlaneNormLoops");
  }

  /** Those for sums of shorter vectors. */
  static String planesOfShortVectors() {
    String comment = "Sums of batch normalization for vectors of less than 16 lanes.";
    return new NormSource(true, true, 2).source(comment, "ShortPlaneNormLoops");
  }

  /** The loops over features. */
  static String features(boolean vectors) {
    String comment = "Batch normalization of neighbouring features";
    String many = vectors ? ", as many as a vector has lanes." : ", some at a time.";
    return new NormSource(false, vectors, 0).source(comment + many, "FeatureNormLoops");
  }

  /** Which of the loops run: a method for each of them. */
  static String choice(boolean planes) {
    String name = planes ? "PlaneNormLoops" : "FeatureNormLoops";
    NormSource source = new NormSource(planes, true, 0);
    source.text.head(
        CHOICE.formatted(name, planes ? "import io.hypertape.kernels.lanes.VirtualVector;\n" : ""));
    source.eachLoop(
        (head, lines) -> {
          source.begin(head, lines);
          source.choose(head, name);
        });
    source.text.close();
    return source.text.toString();
  }

  private void choose(String[] head, String name) {
    List<String> parameters = parameters(head);
    List<String> arguments = JavaText.names(parameters);
    parameters.addFirst("int lanes");
    text.method("Of {@link BatchNorm." + head[1] + "}.", "void " + head[0], parameters);
    boolean isShort = planes && !sums.isEmpty();
    text.lines(isShort ? "if (lanes == VirtualVector.LANES) {" : "if (lanes > 1) {");
    text.call(name + "." + head[0], arguments, ";");
    if (isShort) {
      text.close(" else if (lanes > 1) {");
      text.call("Short" + name + "." + head[0], arguments, ";");
    }
    text.close(" else {");
    text.call("Scalar" + name + "." + head[0], arguments, ";");
    text.close();
    text.close();
  }

  /** A loop's head and its lines. */
  private interface Loop {
    void of(String[] head, List<String> lines);
  }

  private void eachLoop(Loop each) {
    // A loop's lines are those that are indented.
    for (String loop : LOOPS.split("\n(?! )")) {
      List<String> all = loop.lines().map(String::strip).toList();
      String[] head = all.getFirst().split(" [|] ");
      if (planes || !head[4].equals("0")) {
        each.of(head, all.subList(1, all.size()));
      }
    }
  }

  private String source(String comment, String name) {
    List<String> imports = new ArrayList<>();
    Stream.of("Fma", "LeafLoop", "VectorRows", "VirtualVector")
        .filter(lanes -> !lanes.equals(vectors ? "Fma" : "VectorRows"))
        .filter(lanes -> !lanes.equals("VirtualVector") || isOfParts() || !vectors)
        .forEach(lanes -> imports.add("import io.hypertape.kernels.lanes." + lanes + ";\n"));
    Stream.of("FloatVector", "VectorMask", "VectorSpecies")
        .filter(unused -> vectors)
        .forEach(vector -> imports.add("import jdk.incubator.vector." + vector + ";\n"));
    String constants = (vectors ? SPECIES : "") + (isOfParts() || !vectors ? LANES : "");
    String prefix = vectors ? "" : "Scalar";
    text.head(HEAD.formatted(String.join("", imports), comment, prefix + name, constants));
    eachLoop(this::loop);
    text.close();
    return text.toString();
  }

  private boolean isOfParts() {
    return parts > 0;
  }

  /** Whether the loop that is being written has sums of parts of a virtual vector. */
  private boolean hasLanes() {
    return isOfParts() && !sums.isEmpty();
  }

  private void begin(String[] head, List<String> formulas) {
    lines = formulas;
    arrays = named("dy", "x", "z", "y", "dx");
    sums = named("s", "t");
    copies = Integer.parseInt(head[planes ? 3 : 4]);
  }

  private void loop(String[] head, List<String> formulas) {
    begin(head, formulas);
    if (isOfParts() && vectors && sums.isEmpty()) {
      return;
    }
    List<String> factors = factors(head);
    signature(head);
    if (hasLanes()) {
      String step = parts + (vectors ? " * L" : "");
      text.lines("for (int lane = 0; lane < LANES; lane += " + step + ") {");
    } else if (!planes) {
      text.lines(vectors ? "VectorMask<Float> rest = S.indexInRange(0, n);" : "");
      text.lines(vectors ? "" : "for (int j = 0; j < n; j++) {");
    }
    locals(factors);
    if (planes) {
      overPlanes();
    } else {
      overExamples();
    }
    if (!sums.isEmpty()) {
      results();
    } else if (!planes && !vectors) {
      text.close();
    }
    text.close();
  }

  private List<String> named(String... names) {
    return Stream.of(names).filter(name -> lines.stream().anyMatch(l -> has(l, name))).toList();
  }

  private static boolean has(String formula, String name) {
    return Pattern.compile("\\b" + name + "\\b").matcher(formula).find();
  }

  private static List<String> factors(String[] head) {
    return List.of(head[2].split(" "));
  }

  /** Sums are of a unit of elements, of some planes or examples; the rest is of channels. */
  private List<String> parameters(String[] head) {
    boolean some = !sums.isEmpty();
    boolean apart = planes && some;
    List<String> parameters = new ArrayList<>();
    if (apart) {
      parameters.addAll(List.of("int batch", "int apart", "int n"));
      arrays.forEach(x -> parameters.addAll(List.of("float[] " + x + "Array", "int " + x + "Off")));
    } else {
      parameters.addAll(List.of("BatchNorm." + head[1] + " o", "int c"));
      // Scaling by channels is of a piece of their planes.
      parameters.addAll(isOfPieces(head) ? List.of("int from") : List.of());
      parameters.addAll(planes && !isOfPieces(head) ? List.of() : List.of("int n"));
      parameters.addAll(some ? List.of("int from", "int batch") : List.of());
    }
    for (String factor : factors(head)) {
      String value = factor + (factor.equals("center") || !vectors ? "" : "Value");
      parameters.add(planes ? "float " + value : "float[] " + factor + "s");
      parameters.addAll(factor.equals("center") && !planes ? List.of("int centersOff") : List.of());
    }
    parameters.addAll(some ? List.of("float[] sums") : List.of());
    return parameters;
  }

  private boolean isOfPieces(String[] head) {
    return planes && head[1].equals("Scaled");
  }

  private void signature(String[] head) {
    boolean some = !sums.isEmpty();
    boolean apart = planes && some;
    text.method("Of {@link BatchNorm." + head[1] + "}.", "void " + head[0], parameters(head));
    if (!apart) {
      text.lines(some ? "" : "int batch = o.s().batch();");
      String plane = isOfPieces(head) ? "plane" : "n";
      text.lines(planes ? "int " + plane + " = o.s().plane();" : "");
      text.lines("int apart = o.s().channels()" + (planes ? " * " + plane + ";" : ";"));
      String piece = isOfPieces(head) ? " + from" : "";
      String place =
          planes ? " + c * " + plane + piece + ";" : some ? " + from * apart + c;" : " + c;";
      for (String x : arrays) {
        text.lines("float[] " + x + "Array = o." + x + "().array();");
        text.lines("int " + x + "Off = o." + x + "().offset()" + place);
      }
    }
  }

  private void local(String name, String value) {
    text.lines((vectors ? "FloatVector " : "float ") + name + " = " + value + ";");
  }

  /** An element of an array, or a vector of them; with a rest, of those lanes that it has. */
  private String read(String array, String at, String rest) {
    if (vectors) {
      String mask = rest.isEmpty() ? "" : ", " + rest;
      return "FloatVector.fromArray(S, " + array + ", " + at + mask + ")";
    }
    return (rest.isEmpty() ? "A[i]" : rest + " ? A[i] : 0").replace("A[i]", array + "[" + at + "]");
  }

  /**
   * Few bytes of code: those of sums are called from loops, and inlined there if they are short.
   */
  private void locals(List<String> factors) {
    for (String factor : factors) {
      boolean center = factor.equals("center");
      String at = (center ? "centersOff" : "") + (center && !vectors ? " + j" : "");
      if (!planes) {
        String none = vectors ? "0" : "j";
        local(factor, read(factor + "s", center ? at : none, center && vectors ? "rest" : ""));
      } else if (!center && vectors) {
        local(factor, "FloatVector.broadcast(S, " + factor + "Value)");
      }
    }
    for (String sum : sums) {
      for (int k = 0; k < copies * Math.max(1, parts); k++) {
        String zero = copy(sum, k).equals("s0") ? "FloatVector.zero(S)" : "s0";
        local(copy(sum, k), vectors ? zero : "0");
      }
    }
  }

  private void overPlanes() {
    text.lines("for (int image = 0; image < batch; image++) {");
    places(hasLanes() ? " + lane" : "");
    if (sums.isEmpty() && !vectors) {
      text.lines("for (int i = 0; i < n; i++) {");
      body(1, "");
    } else {
      text.lines("int i = 0;");
      String step = hasLanes() ? "LANES" : "L";
      String steps = copies == 1 ? step : copies + " * " + step;
      text.lines(
          copies == 1
              ? "for (; i < S.loopBound(n); i += L) {"
              : "for (; i <= n - " + steps + "; i += " + steps + ") {");
      body(copies, "");
      text.close();
      if (hasLanes()) {
        text.lines("if (i <= n - LANES) {");
        body(1, "");
        text.lines("i += LANES;");
        text.close();
      }
      text.lines(copies == 1 || hasLanes() ? "if (i < n) {" : "for (; i < n; i += L) {");
      for (int part = 0; part < Math.max(1, parts); part++) {
        String from = hasLanes() ? "i + lane" + step(part, "L") : "i";
        text.lines(
            vectors
                ? "VectorMask<Float> rest"
                    + (hasLanes() ? part : "")
                    + " = S.indexInRange("
                    + from
                    + ", n);"
                : "boolean rest" + part + " = " + from + " < n;");
      }
      body(1, "rest");
    }
    text.close();
    text.close();
  }

  private void overExamples() {
    String rest = vectors ? "rest" : "";
    text.lines("int image = 0;");
    if (copies > 1) {
      text.lines("for (; image <= batch - " + copies + "; image += " + copies + ") {");
      places(vectors ? "" : " + j");
      body(copies, rest);
      text.close();
    }
    text.lines("for (; image < batch; image++) {");
    places(vectors ? "" : " + j");
    body(1, rest);
    text.close();
  }

  private void places(String shift) {
    for (String x : arrays) {
      text.lines("int " + x + "At = " + x + "Off + image * apart" + shift + ";");
    }
  }

  /** A turn of a loop: of parts, those of one copy follow each other. */
  private void body(int count, String rest) {
    int all = hasLanes() ? count * parts : count;
    for (String x : arrays) {
      boolean isRead = lines.stream().anyMatch(line -> has(line.split(" (=|<-) ")[1], x));
      for (int k = 0; k < (isRead ? all : 0); k++) {
        local(copy(x, k), read(x + "Array", place(x, k), rest(rest, k)));
      }
    }
    for (String line : lines) {
      for (int k = 0; k < all; k++) {
        line(line.split(" (=|<-) "), k, rest(rest, k));
      }
    }
  }

  private String rest(String rest, int k) {
    return rest.isEmpty() || !hasLanes() ? rest : rest + k;
  }

  private void line(String[] sides, int k, String rest) {
    String name = copy(sides[0], k);
    String value =
        vectors
            ? VectorFormula.of(sides[1], Set.of())
            : sides[1].replaceAll("\\bfma\\(", "Fma.fma(").replaceAll("\\bmax\\(", "Math.max(");
    value = copy(value, k);
    String place = arrays.contains(sides[0]) ? place(sides[0], k) : "";
    if (arrays.contains(sides[0]) && vectors) {
      String mask = rest.isEmpty() ? "" : ", rest";
      text.lines(value + ".intoArray(" + sides[0] + "Array, " + place + mask + ");");
    } else if (arrays.contains(sides[0])) {
      text.lines(sides[0] + "Array[" + place + "] = " + value + ";");
    } else if (sums.contains(sides[0])) {
      text.lines(name + " = " + value + ";");
    } else if (planes && !sums.isEmpty() && !rest.isEmpty()) {
      // In a sum of locals, lanes beyond a plane's end count nothing.
      local(
          name,
          vectors ? value.replaceFirst("\\)$", ", " + rest + ")") : rest + " ? " + value + " : 0");
    } else {
      local(name, value);
    }
  }

  /** Copies' sums; of planes also that of all lanes, which lie behind it if they are parts. */
  private void results() {
    String plus = vectors ? "A.add(B)" : "A + B";
    for (int part = 0; part < (hasLanes() ? parts : 1); part++) {
      for (String sum : sums) {
        int next = part + Math.max(1, parts);
        String two = plus.replace("A", sum + part).replace("B", sum + next);
        String other = two.replace("0", "2").replace("1", "3");
        String four = vectors ? plus : "(A) + (B)";
        String all = copies == 2 ? two : four.replace("B", other).replace("A", two);
        boolean first = sum.equals("s");
        if (planes && !hasLanes()) {
          text.lines("sums[" + (first ? 0 : 1) + "] = VectorRows.sum(" + all + ");");
          continue;
        }
        String second = vectors ? "L" : "LANES + j";
        String lanes = (first ? "2" : "2 + LANES") + " + lane" + step(part, "L");
        String at = planes ? lanes : first ? (vectors ? "0" : "j") : second;
        text.lines(
            vectors ? all + ".intoArray(sums, " + at + ");" : "sums[" + at + "] = " + all + ";");
      }
    }
    if (hasLanes() || !vectors) {
      text.close();
    }
    if (hasLanes()) {
      text.lines(
          "sums[0] = VirtualVector.sum(sums, 2);\nsums[1] = VirtualVector.sum(sums, 2 + LANES);");
    }
  }

  /** A formula on one of several copies of sums and of what is summed. */
  private String copy(String formula, int k) {
    return copies == 1 ? formula : formula.replaceAll("\\b(dy|x|d|s|t)\\b", "$1" + k);
  }

  /** Where a vector or an element lies in an array. */
  private String place(String x, int k) {
    String at = x + "At" + (planes ? " + i" : "");
    if (hasLanes()) {
      return at + step(k / parts, "LANES") + step(k % parts, "L");
    }
    return at + step(k, planes ? "L" : "apart");
  }

  private String step(int k, String unit) {
    if (unit.equals("L") && !vectors) {
      return k == 0 ? "" : " + " + k;
    }
    return k == 0 ? "" : k == 1 ? " + " + unit : " + " + k + " * " + unit;
  }
}
