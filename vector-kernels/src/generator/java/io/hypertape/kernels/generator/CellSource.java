package io.hypertape.kernels.generator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The loops of recurrent cells, of vectors or of floats, from formulas over the named vectors of a
 * row. All that a loop reads of an element is read before something of it is written.
 */
final class CellSource {

  /** Operands of each cell: those that have several kinds of gates side by side, then states. */
  private static final String OPERANDS =
      """
      Lstm | gates i f g o | bias iBias fBias gBias oBias | c newC tanhC h
      LstmGrad | gates i f g o | dGates di df dg dOut | c tanhC dy dh dc
      Gru | gates r z a | recurrent rAlso zAlso u | bias rBias zBias aBias uBias | inner h newH
      GruGrad | gates r z a | dGates dr dz da | dRecurrent drAlso dzAlso du | inner h dy dh
      """;

  /**
   * Loops of vectors: locals, and behind arrows what is written. Rows with a rest go on in scalars
   * to their end; others stop at the last whole vector. Those that take apart the operands
   * themselves have too many for parameters.
   */
  private static final String VECTORS =
      """
      lstmState | Lstm | rest
        newC <- fma(f, c, i * g)
      lstmOutputGrad | LstmGrad | operands
        dState = (dy + dh) * o
        dOut <- dState * tanhC * (1 - o)
        dc <- fma(dState, 1 - tanhC * tanhC, dc)
      lstmStateGrad | LstmGrad | arrays
        before = dc * f
        input = dc * i
        dc <- before
        df <- before * c * (1 - f)
        di <- input * g * (1 - i)
        dg <- input * (1 - g * g)
      gruCandidate | Gru | rest
        a <- fma(r, inner, a)
      gruState | Gru | rest
        newH <- fma(z, h - a, a)
      gruStateGrad | GruGrad | operands
        d = dy + dh
        kept = d * z
        left = 1 - z
        dUpdate = kept * left * (h - a)
        dh <- kept
        dz <- dUpdate
        dzAlso <- dUpdate
        da <- d * left * (1 - a * a)
      gruInnerGrad | GruGrad | arrays
        dInner = da * r
        dReset = dInner * (1 - r) * inner
        du <- dInner
        dr <- dReset
        drAlso <- dReset
      """;

  /** Loops of floats, each a whole cell; products are rounded before they are added. */
  private static final String SCALARS =
      """
      lstm | Lstm | operands
        input = sigmoid(i + iBias)
        forget = sigmoid(f + fBias)
        candidate = tanh(g + gBias)
        output = sigmoid(o + oBias)
        state = forget * c + input * candidate
        t = tanh(state)
        i <- input
        f <- forget
        g <- candidate
        o <- output
        newC <- state
        tanhC <- t
        h <- output * t
      lstmGrad | LstmGrad | operands
        d = dy + dh
        dState = dc + d * o * (1 - tanhC * tanhC)
        di <- dState * g * i * (1 - i)
        df <- dState * c * f * (1 - f)
        dg <- dState * i * (1 - g * g)
        dOut <- d * tanhC * o * (1 - o)
        dc <- dState * f
      gru | Gru | operands
        reset = sigmoid(r + rAlso + rBias)
        update = sigmoid(z + zAlso + zBias)
        innerNew = u + uBias
        candidate = tanh(a + aBias + reset * innerNew)
        r <- reset
        z <- update
        a <- candidate
        inner <- innerNew
        newH <- candidate + update * (h - candidate)
      gruGrad | GruGrad | operands
        d = dy + dh
        dCandidate = d * (1 - z) * (1 - a * a)
        dUpdate = d * (h - a) * z * (1 - z)
        dReset = dCandidate * inner * r * (1 - r)
        dr <- dReset
        dz <- dUpdate
        da <- dCandidate
        drAlso <- dReset
        dzAlso <- dUpdate
        du <- dCandidate * r
        dh <- d * z
      """;

  private static final String VECTOR_HEAD =
      """
      package io.hypertape.kernels.layers;

      import io.hypertape.kernels.lanes.LeafLoop;
      import io.hypertape.kernels.lanes.VectorRows;
      import jdk.incubator.vector.FloatVector;
      import jdk.incubator.vector.VectorSpecies;

      /**
       * Parts of recurrent cells on a row, each short enough to be inlined wherever it is compiled.
       * Without masks: with several masked operands the compiler stops inlining now and then, and makes
       * an object of each vector.
       */
      @LeafLoop
      final class VectorCellLoops {

        private static final VectorSpecies<Float> S = VectorRows.S;
        private static final int L = S.length();
        private static final FloatVector ONE = FloatVector.broadcast(S, 1);

        private VectorCellLoops() {}
      """;

  private static final String SCALAR_HEAD =
      """
      package io.hypertape.kernels.layers;

      import io.hypertape.kernels.lanes.UnaryOp;

      /** Recurrent cells in plain loops: a row from an element on. */
      final class ScalarCells {

        private ScalarCells() {}

        private static float sigmoid(float x) {
          return UnaryOp.SIGMOID.of(x);
        }

        private static float tanh(float x) {
          return UnaryOp.TANH.of(x);
        }
      """;

  /** A vector of a row: the operand that it is of, and as which of its parts. */
  private record Part(String operand, int index, boolean isState) {

    String array() {
      return operand + "Array";
    }

    String place() {
      String first = index == 0 ? "" : index == 1 ? " + n" : " + " + index + " * n";
      return operand + "Off" + first + " + j";
    }

    String offset() {
      String offset = "cell." + operand + "()." + (isState ? "offset() + row * n" : "row(row)");
      return operand.equals("bias") ? "cell.bias().offset()" : offset;
    }
  }

  private final boolean vectors;
  private final JavaText text = new JavaText();

  private CellSource(boolean vectors) {
    this.vectors = vectors;
  }

  /** The loops of vectors. */
  static String vectors() {
    return new CellSource(true).source(VECTOR_HEAD, VECTORS);
  }

  /** The loops of floats. */
  static String scalars() {
    return new CellSource(false).source(SCALAR_HEAD, SCALARS);
  }

  private String source(String head, String table) {
    text.head(head);
    LinkedHashMap<String, List<String>> loops = new LinkedHashMap<>();
    for (String line : table.lines().toList()) {
      if (line.startsWith("  ")) {
        loops.lastEntry().getValue().add(line.strip());
      } else {
        loops.put(line, new ArrayList<>());
      }
    }
    loops.forEach((name, lines) -> loop(name.split(" \\| "), lines));
    text.close();
    return text.toString();
  }

  private static Map<String, Part> parts(String cell) {
    Map<String, Part> parts = new LinkedHashMap<>();
    String row = OPERANDS.lines().filter(line -> line.startsWith(cell + " |")).findFirst().get();
    String[] operands = row.split(" \\| ");
    for (int k = 1; k < operands.length; k++) {
      String[] names = operands[k].split(" ");
      boolean states = k == operands.length - 1;
      for (int i = states ? 0 : 1; i < names.length; i++) {
        parts.put(
            names[i], states ? new Part(names[i], 0, true) : new Part(names[0], i - 1, false));
      }
    }
    return parts;
  }

  /** A head is a name, a cell, and what the method takes. */
  private void loop(String[] head, List<String> lines) {
    Map<String, Part> parts = parts(head[1]);
    List<String> written =
        lines.stream().filter(line -> line.contains(" <- ")).map(l -> l.split(" <- ")[0]).toList();
    List<String> formulas = lines.stream().map(line -> line.split(" (=|<-) ")[1]).toList();
    List<String> read = new ArrayList<>(parts.keySet());
    read.removeIf(name -> formulas.stream().noneMatch(f -> f.matches(".*\\b" + name + "\\b.*")));
    Map<String, Part> operands = new LinkedHashMap<>();
    parts.forEach(
        (name, part) -> {
          if (read.contains(name) || written.contains(name)) {
            operands.putIfAbsent(part.operand(), part);
          }
        });
    boolean rest = head[2].equals("rest");
    signature(head, operands, rest);
    if (rest) {
      text.lines("int j = 0;");
      text.lines("for (; j < S.loopBound(n); j += L) {");
    } else {
      text.lines(
          vectors ? "for (int j = 0; j < whole; j += L) {" : "for (int j = from; j < n; j++) {");
    }
    body(vectors, parts, read, lines);
    text.close();
    if (rest) {
      text.lines("for (; j < n; j++) {");
      body(false, parts, read, lines);
      text.close();
    }
    text.close();
  }

  private void signature(String[] head, Map<String, Part> operands, boolean rest) {
    List<String> parameters = new ArrayList<>();
    boolean apart = head[2].equals("operands");
    if (apart) {
      parameters.addAll(
          List.of("Cells." + head[1] + " cell", "int row", vectors ? "int whole" : "int from"));
    } else {
      parameters.addAll(rest ? List.of("int n") : List.of("int n", "int whole"));
      for (Part part : operands.values()) {
        parameters.add("float[] " + part.array());
        parameters.add("int " + part.operand() + "Off");
      }
    }
    text.method("Of {@link Cells." + head[1] + "}.", "void " + head[0], parameters);
    if (apart) {
      text.lines("int n = cell.hidden();");
      for (Part part : operands.values()) {
        text.lines("float[] " + part.array() + " = cell." + part.operand() + "().array();");
        text.lines("int " + part.operand() + "Off = " + part.offset() + ";");
      }
    }
  }

  private void body(
      boolean ofVectors, Map<String, Part> parts, List<String> read, List<String> lines) {
    String type = ofVectors ? "FloatVector " : "float ";
    for (String name : read) {
      Part part = parts.get(name);
      text.lines(
          type
              + name
              + " = "
              + (ofVectors
                  ? "FloatVector.fromArray(S, " + part.array() + ", " + part.place() + ");"
                  : part.array() + "[" + part.place() + "];"));
    }
    for (String line : lines) {
      String[] sides = line.split(" (=|<-) ");
      String value =
          ofVectors
              ? VectorFormula.of(sides[1].replace("1 - ", "ONE - "), Set.of())
              : sides[1].replace("fma(", "Math.fma(");
      if (line.contains(" = ")) {
        text.lines(type + sides[0] + " = " + value + ";");
      } else if (ofVectors) {
        Part part = parts.get(sides[0]);
        text.call(value + ".intoArray", List.of(part.array(), part.place()), ";");
      } else {
        Part part = parts.get(sides[0]);
        text.lines(part.array() + "[" + part.place() + "] = " + value + ";");
      }
    }
  }
}
