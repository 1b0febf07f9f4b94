package io.hypertape.kernels.generator;

import java.util.List;
import java.util.Locale;

/** Java source, written line by line and broken where google-java-format would break it. */
final class JavaText {

  private static final int WIDTH = 100;

  /** What unrolled loops of vectors import, and their species. */
  static final String VECTORS =
      """
      import io.hypertape.kernels.lanes.LeafLoop;
      import io.hypertape.kernels.lanes.VectorRows;
      import jdk.incubator.vector.FloatVector;
      import jdk.incubator.vector.VectorSpecies;
      """;

  static final String SPECIES = "  private static final VectorSpecies<Float> S = VectorRows.S;\n";

  /** What those of floats import. */
  static final String FLOATS =
      """
      import io.hypertape.kernels.lanes.Fma;
      import io.hypertape.kernels.lanes.LeafLoop;
      """;

  private final StringBuilder text = new StringBuilder();
  private int depth;

  /** Names of parameters. */
  static List<String> names(List<String> parameters) {
    return parameters.stream().map(p -> p.substring(p.indexOf(' ') + 1)).toList();
  }

  /** TANH_GRAD is tanhGrad. */
  static String method(String constant) {
    StringBuilder name = new StringBuilder();
    for (String word : constant.toLowerCase(Locale.ROOT).split("_")) {
      name.append(name.isEmpty() ? word.charAt(0) : Character.toUpperCase(word.charAt(0)));
      name.append(word, 1, word.length());
    }
    return name.toString();
  }

  /** The head of a file, or of a class's members, as it is; members are to follow. */
  void head(String lines) {
    text.append(lines);
    depth = 1;
  }

  /** Lines at the present depth; one that ends in '{' opens a block. */
  void lines(String lines) {
    lines.lines().forEach(this::line);
  }

  private void line(String line) {
    text.append(line.isEmpty() ? "" : "  ".repeat(depth) + line).append('\n');
    if (line.endsWith("{")) {
      depth++;
    }
  }

  /** Ends a block. */
  void close() {
    close("");
  }

  /** Ends a block; what follows it in its line may begin another. */
  void close(String end) {
    depth--;
    line("}" + end);
  }

  /** The head of a method, with a comment of one line. */
  void method(String comment, String head, List<String> parameters) {
    line("");
    line("/** " + comment + " */");
    call("static " + head, parameters, " {");
  }

  /** A comment, filled: in one line, or a block of them. */
  void comment(List<String> words) {
    String all = "/** " + String.join(" ", words) + " */";
    if (fits(all)) {
      line(all);
      return;
    }
    line("/**");
    StringBuilder line = new StringBuilder(" *");
    for (String word : words) {
      if (!fits(line + " " + word)) {
        line(line.toString());
        line.setLength(2);
      }
      line.append(' ').append(word);
    }
    line(line.toString());
    line(" */");
  }

  /** A call or a head: in one line, in two, or a line for each argument. */
  void call(String name, List<String> arguments, String end) {
    String all = String.join(", ", arguments) + ")" + end;
    if (fits(name + "(" + all)) {
      line(name + "(" + all);
      return;
    }
    line(name + "(");
    depth += 2;
    String broken = fits(all) ? all : String.join(",\n", arguments) + ")" + end;
    broken.lines().forEach(this::continued);
    depth -= end.endsWith("{") ? 1 : 2;
  }

  /** A case of a switch that is one call. */
  void arrow(String label, String name, List<String> arguments) {
    String all = name + "(" + String.join(", ", arguments) + ");";
    if (fits(label + " -> " + all)) {
      line(label + " -> " + all);
      return;
    }
    line(label + " ->");
    depth += 2;
    call(name, arguments, ";");
    depth -= 2;
  }

  private void continued(String line) {
    text.append("  ".repeat(depth)).append(line).append('\n');
  }

  private boolean fits(String line) {
    return 2 * depth + line.length() <= WIDTH;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
