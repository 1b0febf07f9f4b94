package io.hypertape.kernels.generator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A vector of a row of a recurrent cell: the operand that it is of, and as which of its parts. */
record CellPart(String operand, int index, boolean isState) {

  /** Operands of each cell: those that have several kinds of gates side by side, then states. */
  private static final String OPERANDS =
      """
      Lstm | gates i f g o | bias iBias fBias gBias oBias | c newC tanhC h
      LstmGrad | gates i f g o | dGates di df dg dOut | c tanhC dy dh dc
      Gru | gates r z a | recurrent rAlso zAlso u | bias rBias zBias aBias uBias | inner h newH
      GruGrad | gates r z a | dGates dr dz da | dRecurrent drAlso dzAlso du | inner h dy dh
      """;

  /** A cell's, by their names. */
  static Map<String, CellPart> of(String cell) {
    Map<String, CellPart> parts = new LinkedHashMap<>();
    String row = OPERANDS.lines().filter(line -> line.startsWith(cell + " |")).findFirst().get();
    String[] operands = row.split(" \\| ");
    for (int k = 1; k < operands.length; k++) {
      String[] names = operands[k].split(" ");
      boolean states = k == operands.length - 1;
      for (int i = states ? 0 : 1; i < names.length; i++) {
        parts.put(
            names[i],
            states ? new CellPart(names[i], 0, true) : new CellPart(names[0], i - 1, false));
      }
    }
    return parts;
  }

  /** Those that lines name. */
  static List<String> named(Map<String, CellPart> parts, List<String> lines) {
    return parts.keySet().stream()
        .filter(name -> lines.stream().anyMatch(line -> line.matches(".*\\b" + name + "\\b.*")))
        .toList();
  }

  /** Those whose parts lines name: a part of each. */
  static Map<String, CellPart> operands(Map<String, CellPart> parts, List<String> lines) {
    Map<String, CellPart> operands = new LinkedHashMap<>();
    for (String name : named(parts, lines)) {
      operands.putIfAbsent(parts.get(name).operand(), parts.get(name));
    }
    return operands;
  }

  String array() {
    return operand + "Array";
  }

  /** Where its first element lies. */
  String begin() {
    String first = index == 0 ? "" : index == 1 ? " + n" : " + " + index + " * n";
    return operand + "Off" + first;
  }

  String place() {
    return begin() + " + j";
  }

  String offset() {
    String offset = "cell." + operand + "()." + (isState ? "offset() + row * n" : "row(row)");
    return operand.equals("bias") ? "cell.bias().offset()" : offset;
  }
}
