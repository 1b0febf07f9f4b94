package io.hypertape.kernels.generator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Recurrent cells, and their loops of vectors or of floats, from formulas over the named vectors of
 * a row. All that a loop reads of an element is read before something of it is written.
 */
final class CellSource {

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

  /** Loops of floats, each a whole cell: the formulas above, in the same order. */
  private static final String SCALARS =
      """
      lstm | Lstm | operands
        input = sigmoid(i + iBias)
        forget = sigmoid(f + fBias)
        candidate = tanh(g + gBias)
        output = sigmoid(o + oBias)
        state = fma(forget, c, input * candidate)
        t = tanh(state)
        i <- input
        f <- forget
        g <- candidate
        o <- output
        newC <- state
        tanhC <- t
        h <- output * t
      lstmGrad | LstmGrad | operands
        dState = (dy + dh) * o
        dCell = fma(dState, 1 - tanhC * tanhC, dc)
        before = dCell * f
        input = dCell * i
        dOut <- dState * tanhC * (1 - o)
        dc <- before
        df <- before * c * (1 - f)
        di <- input * g * (1 - i)
        dg <- input * (1 - g * g)
      gru | Gru | operands
        reset = sigmoid(r + rAlso + rBias)
        update = sigmoid(z + zAlso + zBias)
        innerNew = u + uBias
        candidate = tanh(fma(reset, innerNew, a) + aBias)
        r <- reset
        z <- update
        a <- candidate
        inner <- innerNew
        newH <- fma(update, h - candidate, candidate)
      gruGrad | GruGrad | operands
        d = dy + dh
        kept = d * z
        left = 1 - z
        dUpdate = kept * left * (h - a)
        dCandidate = d * left * (1 - a * a)
        dInner = dCandidate * r
        dReset = dInner * (1 - r) * inner
        dr <- dReset
        dz <- dUpdate
        da <- dCandidate
        drAlso <- dReset
        dzAlso <- dUpdate
        du <- dInner
        dh <- kept
      """;

  /**
   * What is done with a row of a cell: kernels with a function, how many parts at once, and the
   * parts; and loops of vectors. What is left by those that stop at the last whole vector is for
   * scalars.
   */
  private static final String STEPS =
      """
      lstm | Lstm
        apply UnaryOp.SIGMOID 2 i iBias
        apply UnaryOp.TANH 1 g gBias
        apply UnaryOp.SIGMOID 1 o oBias
        lstmState
        VectorUnary.row UnaryOp.TANH 1 newC tanhC
        VectorBinary.row BinaryOp.MUL 1 o tanhC h
      lstmGrad | LstmGrad
        lstmOutputGrad
        lstmStateGrad
      gru | Gru
        VectorBinary.row BinaryOp.ADD 2 r rAlso r
        apply UnaryOp.SIGMOID 2 r rBias
        VectorBinary.row BinaryOp.ADD 1 u uBias inner
        gruCandidate
        apply UnaryOp.TANH 1 a aBias
        gruState
      gruGrad | GruGrad
        gruStateGrad
        gruInnerGrad
      """;

  private static final String STEPS_HEAD =
      """
      package io.hypertape.kernels.layers;

      import io.hypertape.kernels.elementwise.VectorBinary;
      import io.hypertape.kernels.elementwise.VectorUnary;
      import io.hypertape.kernels.lanes.BinaryOp;
      import io.hypertape.kernels.lanes.UnaryOp;
      import io.hypertape.kernels.lanes.VectorRows;

      /**
       * Recurrent cells, row by row: a loop for each function of a row, since one loop with all of them
       * is beyond what the compiler inlines; a row stays in the first-level cache meanwhile. The last,
       * incomplete vector of derivatives is left to the scalar twin.
       */
      final class VectorCells {

        private VectorCells() {}

        /** x = f(x + bias). */
        private static void apply(UnaryOp f, int n, float[] x, int xOff, float[] bias, int biasOff) {
          VectorBinary.row(BinaryOp.ADD, n, x, xOff, bias, biasOff, x, xOff);
          VectorUnary.row(f, n, x, xOff, x, xOff);
        }
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

      import static io.hypertape.kernels.lanes.Fma.fma;
      import static io.hypertape.kernels.lanes.ScalarMath.sigmoid;
      import static io.hypertape.kernels.lanes.ScalarMath.tanh;

      /**
       * Recurrent cells in plain loops: a row from an element on. An element has the bits that it has in
       * vectors.
       */
      final class ScalarCells {

        private ScalarCells() {}
      """;

  private static final String CHOICE_HEAD =
      """
      package io.hypertape.kernels.layers;

      /** {@link VectorCells} or, without vectors, {@link ScalarCells}, row by row. */
      final class AnyCells {

        private AnyCells() {}
      """;

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

  /** Cells of the loops of vectors and other kernels of rows. */
  static String steps() {
    CellSource source = new CellSource(true);
    source.text.head(STEPS_HEAD);
    loops(STEPS).forEach((name, lines) -> source.steps(name.split(" \\| "), lines));
    source.text.close();
    return source.text.toString();
  }

  /** A choice between the cells of vectors and those of floats. */
  static String choice() {
    JavaText text = new JavaText();
    text.head(CHOICE_HEAD);
    for (String loop : loops(STEPS).keySet()) {
      String[] head = loop.split(" \\| ");
      List<String> parameters =
          List.of("boolean vectors", "Cells." + head[1] + " cell", "int from", "int to");
      text.method("Of {@link Cells." + head[1] + "}.", "void " + head[0], parameters);
      text.lines("if (vectors) {\nVectorCells." + head[0] + "(cell, from, to);\nreturn;");
      text.close();
      text.lines("for (int row = from; row < to; row++) {");
      text.lines("ScalarCells." + head[0] + "(cell, row, 0);");
      text.close();
      text.close();
    }
    text.close();
    return text.toString();
  }

  private String source(String head, String table) {
    text.head(head);
    loops(table).forEach((name, lines) -> loop(name.split(" \\| "), lines));
    text.close();
    return text.toString();
  }

  /** Lines by the head above them. */
  private static LinkedHashMap<String, List<String>> loops(String table) {
    LinkedHashMap<String, List<String>> loops = new LinkedHashMap<>();
    for (String line : table.lines().toList()) {
      if (line.startsWith("  ")) {
        loops.lastEntry().getValue().add(line.strip());
      } else {
        loops.put(line, new ArrayList<>());
      }
    }
    return loops;
  }

  /** A head is a name, a cell, and what the method takes. */
  private void loop(String[] head, List<String> lines) {
    Map<String, CellPart> parts = CellPart.of(head[1]);
    List<String> read =
        CellPart.named(parts, lines.stream().map(line -> line.split(" (=|<-) ")[1]).toList());
    boolean rest = head[2].equals("rest");
    signature(head, CellPart.operands(parts, lines));
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

  private List<String> parameters(String[] head, Map<String, CellPart> operands) {
    if (head[2].equals("operands")) {
      String end = vectors ? "int whole" : "int from";
      return List.of("Cells." + head[1] + " cell", "int row", end);
    }
    List<String> parameters = new ArrayList<>(List.of("int n"));
    parameters.addAll(head[2].equals("rest") ? List.of() : List.of("int whole"));
    for (CellPart part : operands.values()) {
      parameters.add("float[] " + part.array());
      parameters.add("int " + part.operand() + "Off");
    }
    return parameters;
  }

  private void signature(String[] head, Map<String, CellPart> operands) {
    List<String> parameters = parameters(head, operands);
    text.method("Of {@link Cells." + head[1] + "}.", "void " + head[0], parameters);
    if (head[2].equals("operands")) {
      text.lines("int n = cell.hidden();");
      for (CellPart part : operands.values()) {
        text.lines("float[] " + part.array() + " = cell." + part.operand() + "().array();");
        text.lines("int " + part.operand() + "Off = " + part.offset() + ";");
      }
    }
  }

  private void body(
      boolean ofVectors, Map<String, CellPart> parts, List<String> read, List<String> lines) {
    String type = ofVectors ? "FloatVector " : "float ";
    for (String name : read) {
      CellPart part = parts.get(name);
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
              : sides[1].replace("fma(", vectors ? "Math.fma(" : "fma(");
      if (line.contains(" = ")) {
        text.lines(type + sides[0] + " = " + value + ";");
      } else if (ofVectors) {
        CellPart part = parts.get(sides[0]);
        text.call(value + ".intoArray", List.of(part.array(), part.place()), ";");
      } else {
        CellPart part = parts.get(sides[0]);
        text.lines(part.array() + "[" + part.place() + "] = " + value + ";");
      }
    }
  }

  /** A call in a cell's loop over rows. */
  private record Step(String method, List<String> arguments) {}

  /** A cell, row by row. */
  private void steps(String[] head, List<String> lines) {
    Map<String, CellPart> parts = CellPart.of(head[1]);
    Map<String, CellPart> operands = new LinkedHashMap<>();
    List<Step> steps = new ArrayList<>();
    boolean whole = false;
    for (String line : lines) {
      String[] words = line.split(" ");
      if (words.length > 1) {
        CellPart.operands(parts, List.of(line)).forEach(operands::putIfAbsent);
        steps.add(new Step(words[0], arguments(parts, words)));
        continue;
      }
      for (Map.Entry<String, List<String>> loop : loops(VECTORS).entrySet()) {
        String[] loopHead = loop.getKey().split(" \\| ");
        if (loopHead[0].equals(line)) {
          Map<String, CellPart> its = CellPart.operands(parts, loop.getValue());
          List<String> arguments = JavaText.names(parameters(loopHead, its));
          steps.add(new Step("VectorCellLoops." + line, arguments));
          its.forEach(loopHead[2].equals("operands") ? (name, part) -> {} : operands::putIfAbsent);
          whole |= !loopHead[2].equals("rest");
        }
      }
    }
    List<String> parameters = List.of("Cells." + head[1] + " cell", "int from", "int to");
    text.method("Of {@link Cells." + head[1] + "}.", "void " + head[0], parameters);
    text.lines("int n = cell.hidden();");
    text.lines(whole ? "int whole = VectorRows.S.loopBound(n);" : "");
    for (CellPart part : operands.values()) {
      text.lines("float[] " + part.array() + " = cell." + part.operand() + "().array();");
    }
    text.lines("for (int row = from; row < to; row++) {");
    for (CellPart part : operands.values()) {
      text.lines("int " + part.operand() + "Off = " + part.offset() + ";");
    }
    steps.forEach(step -> text.call(step.method(), step.arguments(), ";"));
    if (whole) {
      text.lines("if (whole < n) {\nScalarCells." + head[0] + "(cell, row, whole);");
      text.close();
    }
    text.close();
    text.close();
  }

  private static List<String> arguments(Map<String, CellPart> parts, String[] words) {
    List<String> arguments = new ArrayList<>();
    arguments.add(words[1]);
    arguments.add(words[2].equals("1") ? "n" : words[2] + " * n");
    for (String name : List.of(words).subList(3, words.length)) {
      arguments.add(parts.get(name).array());
      arguments.add(parts.get(name).begin());
    }
    return arguments;
  }
}
