package io.hypertape.kernels.generator;

import io.hypertape.kernels.generator.UpdateTable.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The loops of optimizers' updates, of vectors or of floats. */
final class UpdateSource {

  private static final String VECTOR_HEAD =
      """
      package io.hypertape.kernels.updates;

      import io.hypertape.kernels.lanes.VectorRows;
      import io.hypertape.kernels.lanes.VirtualVector;
      import jdk.incubator.vector.FloatVector;
      import jdk.incubator.vector.VectorOperators;
      import jdk.incubator.vector.VectorSpecies;

      /**
       * Updates in one pass over memory, of whole vectors of 16 lanes, from one element to another. Each
       * sum goes on from such a vector, one sum's behind the other's. Where the processor's vectors are
       * shorter, loops with sums run for some of the lanes after the others.
       */
      final class VectorUpdateLoops {

        private static final VectorSpecies<Float> S = VectorRows.S;
        private static final int L = S.length();
        private static final int LANES = VirtualVector.LANES;

        private VectorUpdateLoops() {}

        private static FloatVector load(float[] a, int at) {
          return FloatVector.fromArray(S, a, at);
        }

        private static FloatVector all(float value) {
          return FloatVector.broadcast(S, value);
        }

      """;

  private static final String SCALAR_HEAD =
      """
      package io.hypertape.kernels.updates;

      import io.hypertape.kernels.lanes.Fma;
      import io.hypertape.kernels.lanes.VirtualVector;

      /** The scalar twins of {@link VectorUpdateLoops}: the same bits. */
      final class ScalarUpdateLoops {

        private static final int LANES = VirtualVector.LANES;

        private ScalarUpdateLoops() {}

        private static float sqrt(float x) {
          return (float) Math.sqrt(x);
        }

        private static float abs(float x) {
          return Math.abs(x);
        }

        private static float fma(float a, float b, float c) {
          return Fma.fma(a, b, c);
        }

        /** β·m + x, of a decay's parts. */
        private static float keep(float m, float x, float high, float low) {
          return Fma.fma(m, high, Fma.fma(m, low, x));
        }

        /** β·m + (1 − β)·x. */
        private static float mean(float m, float x, float high, float low, float rest) {
          return keep(m, x * rest, high, low);
        }

      """;

  private static final List<String> PARAMETERS =
      List.of(
          "float[] factors",
          "int from",
          "int to",
          "float[][] vectors",
          "int[] offsets",
          "float[] lanes",
          "int at");

  private final boolean vectors;
  private final List<Row> rows;
  private final JavaText text = new JavaText();

  /** The loops of vectors. A derivative that is a dot product is none of them. */
  static String vectors() {
    List<Row> rows = new ArrayList<>(UpdateTable.rows());
    rows.removeIf(row -> row.name().equals("SGD_HYPER"));
    return new UpdateSource(true, rows).source();
  }

  /** The loops of floats, of which a single element needs that derivative's. */
  static String scalars() {
    return new UpdateSource(false, UpdateTable.rows()).source();
  }

  private UpdateSource(boolean vectors, List<Row> rows) {
    this.vectors = vectors;
    this.rows = rows;
  }

  private String source() {
    text.head(vectors ? VECTOR_HEAD : SCALAR_HEAD);
    dispatch();
    rows.forEach(this::loop);
    text.close();
    return text.toString();
  }

  private void dispatch() {
    List<String> arguments = PARAMETERS.stream().map(parameter -> parameter.split(" ")[1]).toList();
    List<String> all = new ArrayList<>(List.of("UpdateOp update"));
    all.addAll(PARAMETERS);
    text.call("static void run", all, " {");
    text.lines("switch (update) {");
    for (Row row : rows) {
      text.arrow("case " + row.name(), row.method(), arguments);
    }
    if (vectors) {
      text.lines(
          "default -> throw new IllegalArgumentException(\"no loop of vectors: \" + update);");
    }
    text.close();
    text.close();
  }

  private void loop(Row row) {
    text.method("{@link UpdateOp#" + row.name() + "}.", "void " + row.method(), PARAMETERS);
    operands(row);
    Set<String> floats = factors(row);
    begin(row);
    String type = vectors ? "FloatVector " : "float ";
    for (String in : row.inputs()) {
      String loaded = vectors ? "load(" + in + "Array, " + in + "Off + i)" : element(in);
      text.lines(type + in + " = " + loaded + ";");
    }
    int sum = 0;
    for (String line : row.lines()) {
      if (line.startsWith("sum ")) {
        sum(row, sum++, line.substring(4), floats);
      } else if (line.startsWith("//")) {
        text.lines(line);
      } else {
        String[] sides = line.split(" = ");
        text.lines(type + sides[0] + " = " + formula(row, sides[1], floats) + ";");
      }
    }
    for (String out : row.outputs()) {
      String stored = out + ".intoArray(" + out + "Array, " + out + "Off + i);";
      text.lines(vectors ? stored : element(out) + " = " + out + ";");
    }
    text.close();
    if (vectors && row.sums() > 0) {
      for (int k = 0; k < row.sums(); k++) {
        text.lines("sum" + k + ".intoArray(lanes, " + place(k) + ");");
      }
      text.close();
    }
    text.close();
  }

  /** The loops' heads, and what sums go on from. */
  private void begin(Row row) {
    if (!vectors) {
      text.lines("for (int i = from; i < to; i++) {");
      if (row.sums() > 0) {
        text.lines("int lane = at + (i - from) % LANES;");
      }
      return;
    }
    if (row.sums() == 0) {
      text.lines("for (int i = from; i < to; i += L) {");
      return;
    }
    text.lines("for (int first = 0; first < LANES; first += L) {");
    text.lines("int lane = at + first;");
    for (int k = 0; k < row.sums(); k++) {
      text.lines("FloatVector sum" + k + " = load(lanes, " + place(k) + ");");
    }
    text.lines("for (int i = from + first; i < to; i += LANES) {");
  }

  private static String element(String vector) {
    return vector + "Array[" + vector + "Off + i]";
  }

  /** Where a sum's lane is. */
  private static String place(int sum) {
    return sum == 0 ? "lane" : sum == 1 ? "lane + LANES" : "lane + " + sum + " * LANES";
  }

  private void operands(Row row) {
    List<String> names = new ArrayList<>(row.inputs());
    names.addAll(row.outputs());
    for (int i = 0; i < names.size(); i++) {
      text.lines("float[] " + names.get(i) + "Array = vectors[" + i + "];");
      text.lines("int " + names.get(i) + "Off = offsets[" + i + "];");
    }
  }

  /** Those that are used, as local variables; those that are floats. */
  private Set<String> factors(Row row) {
    Set<String> floats = new TreeSet<>();
    int at = 0;
    for (String factor : row.factors()) {
      String name = factor.replace("~", "");
      if (!factor.endsWith("~")) {
        if (row.uses(name)) {
          text.lines("float " + name + " = factors[" + at + "];");
        }
        floats.add(name);
        at++;
        continue;
      }
      String type = vectors ? "FloatVector " : "float ";
      text.lines(type + name + "High = " + part(at) + ";");
      text.lines(type + name + "Low = " + part(at + 1) + ";");
      if (row.uses("mean\\(.*, " + name)) {
        text.lines("float " + name + "Rest = factors[" + (at + 2) + "];");
      }
      at += 3;
    }
    return floats;
  }

  private String part(int at) {
    return vectors ? "all(factors[" + at + "])" : "factors[" + at + "]";
  }

  private void sum(Row row, int sum, String line, Set<String> floats) {
    String[] parts = line.split(" where ");
    String term = formula(row, parts[0], floats);
    String name = vectors ? "sum" + sum : "lanes[" + place(sum) + "]";
    if (vectors) {
      String mask =
          parts.length == 1 ? "" : ", " + parts[1] + ".compare(VectorOperators.EQ, 0).not()";
      text.lines(name + " = " + name + ".add(" + term + mask + ");");
    } else if (parts.length == 1) {
      text.lines(name + " += " + term + ";");
    } else {
      text.lines("if (" + parts[1] + " != 0) {");
      text.lines(name + " += " + term + ";");
      text.close();
    }
  }

  /** A float's is Java as it is, but that a decay has two parts, or three. */
  private String formula(Row row, String formula, Set<String> floats) {
    if (vectors) {
      return VectorFormula.of(formula, floats);
    }
    String java = formula;
    for (String factor : row.factors()) {
      if (factor.endsWith("~")) {
        String name = factor.replace("~", "");
        String parts = ", " + name + "High, " + name + "Low";
        String rest = java.startsWith("mean(") ? ", " + name + "Rest)" : ")";
        java = java.replace(", " + name + ")", parts + rest);
      }
    }
    return java;
  }
}
