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
      import jdk.incubator.vector.FloatVector;
      import jdk.incubator.vector.VectorOperators;
      import jdk.incubator.vector.VectorSpecies;

      /**
       * Updates in one pass over memory, of whole vectors, from one element to another. Each sum goes on
       * from a vector of them, one sum's behind the other's.
       */
      final class VectorUpdateLoops {

        private static final VectorSpecies<Float> S = VectorRows.S;
        private static final int L = S.length();

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

      /** Updates in plain loops. New values have the bits of vectors; sums are in double precision. */
      final class ScalarUpdateLoops {

        private ScalarUpdateLoops() {}

        private static float sqrt(float x) {
          return (float) Math.sqrt(x);
        }

        private static float abs(float x) {
          return Math.abs(x);
        }

        /** Of a sum that is none of a vector's lanes; rounded twice, where vectors round once. */
        private static float fma(float a, float b, float c) {
          return a * b + c;
        }

        /** β·m + x, of a decay's parts at a place. */
        private static float keep(float m, float x, float[] factors, int at) {
          return Fma.fma(m, factors[at], Fma.fma(m, factors[at + 1], x));
        }

        /** β·m + (1 − β)·x. */
        private static float mean(float m, float x, float[] factors, int at) {
          return keep(m, x * factors[at + 2], factors, at);
        }

      """;

  private static final List<String> VECTOR_PARAMETERS =
      List.of(
          "float[] factors",
          "int from",
          "int to",
          "float[][] vectors",
          "int[] offsets",
          "float[] lanes",
          "int at");

  private static final List<String> SCALAR_PARAMETERS =
      List.of("float[] factors", "int n", "float[][] vectors", "int[] offsets", "double[] sums");

  private final boolean vectors;
  private final List<Row> rows;
  private final JavaText text = new JavaText();

  /** The loops of vectors. A derivative that is a dot product is none of them. */
  static String vectors() {
    List<Row> rows = new ArrayList<>(UpdateTable.rows());
    rows.removeIf(row -> row.name().equals("SGD_HYPER"));
    return new UpdateSource(true, rows).source();
  }

  /** The loops of floats. */
  static String scalars() {
    return new UpdateSource(false, UpdateTable.rows()).source();
  }

  private UpdateSource(boolean vectors, List<Row> rows) {
    this.vectors = vectors;
    this.rows = rows;
  }

  private List<String> parameters() {
    return vectors ? VECTOR_PARAMETERS : SCALAR_PARAMETERS;
  }

  private String source() {
    text.head(vectors ? VECTOR_HEAD : SCALAR_HEAD);
    dispatch();
    rows.forEach(this::loop);
    text.close();
    return text.toString();
  }

  private void dispatch() {
    List<String> arguments =
        parameters().stream().map(parameter -> parameter.split(" ")[1]).toList();
    List<String> all = new ArrayList<>(List.of("UpdateOp update"));
    all.addAll(parameters());
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
    text.method("{@link UpdateOp#" + row.name() + "}.", "void " + row.method(), parameters());
    if (vectors) {
      operands(row);
    }
    Set<String> floats = factors(row);
    for (int k = 0; k < row.sums(); k++) {
      text.lines(
          vectors
              ? "FloatVector sum" + k + " = load(lanes, " + lane(k) + ");"
              : "double sum" + k + " = 0;");
    }
    text.lines(vectors ? "for (int i = from; i < to; i += L) {" : "for (int i = 0; i < n; i++) {");
    String type = vectors ? "FloatVector " : "float ";
    for (int k = 0; k < row.inputs().size(); k++) {
      String in = row.inputs().get(k);
      String loaded = "load(" + in + "Array, " + in + "Off + i)";
      text.lines(type + in + " = " + (vectors ? loaded : element(k)) + ";");
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
    for (int k = 0; k < row.outputs().size(); k++) {
      String out = row.outputs().get(k);
      text.lines(
          vectors
              ? out + ".intoArray(" + out + "Array, " + out + "Off + i);"
              : element(row.inputs().size() + k) + " = " + out + ";");
    }
    text.close();
    for (int k = 0; k < row.sums(); k++) {
      text.lines(
          vectors
              ? "sum" + k + ".intoArray(lanes, " + lane(k) + ");"
              : "sums[" + k + "] = sum" + k + ";");
    }
    text.close();
  }

  private static String element(int vector) {
    return "vectors[" + vector + "][offsets[" + vector + "] + i]";
  }

  private static String lane(int sum) {
    return sum == 0 ? "at" : sum == 1 ? "at + L" : "at + " + sum + " * L";
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
      if (vectors) {
        text.lines("FloatVector " + name + "High = all(factors[" + at + "]);");
        text.lines("FloatVector " + name + "Low = all(factors[" + (at + 1) + "]);");
        if (row.uses("mean\\(.*, " + name)) {
          text.lines("float " + name + "Rest = factors[" + (at + 2) + "];");
        }
      }
      at += 3;
    }
    return floats;
  }

  private void sum(Row row, int sum, String line, Set<String> floats) {
    String[] parts = line.split(" where ");
    String term = formula(row, parts[0], floats);
    String name = "sum" + sum;
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

  /** A float's is Java as it is, but that a decay lies in three places. */
  private String formula(Row row, String formula, Set<String> floats) {
    if (vectors) {
      return VectorFormula.of(formula, floats);
    }
    String java = formula;
    int at = 0;
    for (String factor : row.factors()) {
      if (factor.endsWith("~")) {
        java = java.replace(", " + factor.replace("~", ")"), ", factors, " + at + ")");
        at += 3;
      } else {
        at++;
      }
    }
    return java;
  }
}
