package io.hypertape.io.onnx;

import io.hypertape.autodiff.Parameter;
import io.hypertape.models.CharLstm;
import io.hypertape.models.Gru;
import io.hypertape.models.Lstm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which nodes recurrent layers are. ONNX has the gates in another order, and an axis of directions
 * before all: weights stay as they are, named as they are, and nodes bring them into that form,
 * which runtimes do once.
 */
final class RecurrentExport {

  /** Weights of a layer: Wᵢₕ, Wₕₕ, bᵢₕ, bₕₕ. */
  private static final int WEIGHTS = 4;

  // ONNX's gates, by their numbers here.
  /** Of i, f, g, o (f is ONNX's forget gate, g its cell gate): i, o, f, c. */
  private static final int[] LSTM = {0, 3, 1, 2};

  /** Of r, z, n: z, r, h. */
  private static final int[] GRU = {1, 0, 2};

  /** Values of a layer: its output [T, B, H], h and c in the end [1, B, H]. */
  private record Layered(String output, String hidden, String cell) {}

  private RecurrentExport() {}

  static String lstm(OnnxGraph graph, Lstm lstm, String x) {
    return stack(graph, "LSTM", lstm.parameters(), lstm.dropout(), x);
  }

  static String gru(OnnxGraph graph, Gru gru, String x) {
    return stack(graph, "GRU", gru.parameters(), gru.dropout(), x);
  }

  /** From states of zeros. */
  private static String stack(
      OnnxGraph graph, String op, List<Parameter> weights, double dropout, String x) {
    String y = x;
    for (int k = 0; k < weights.size(); k += WEIGHTS) {
      String in = k == 0 ? y : LayerExport.dropout(graph, dropout, y);
      y = layer(graph, op, weights.subList(k, k + WEIGHTS), in, Optional.empty()).output();
    }
    return y;
  }

  /**
   * A language model: from symbols [T, B], h and c [L, B, H] to log-probabilities [T, B, symbols],
   * h and c.
   */
  static List<String> charLstm(
      OnnxGraph graph, CharLstm model, String symbols, String hidden, String cell) {
    List<Parameter> parameters = model.parameters();
    int layers = model.spec().layers();
    String y = graph.node("Gather", graph.parameter(parameters.getFirst()), symbols).output();
    List<String> startHidden = split(graph, hidden, layers);
    List<String> startCell = split(graph, cell, layers);
    List<String> endHidden = new ArrayList<>();
    List<String> endCell = new ArrayList<>();
    for (int k = 0; k < layers; k++) {
      List<Parameter> weights = parameters.subList(1 + WEIGHTS * k, 1 + WEIGHTS * (k + 1));
      String in = k == 0 ? y : LayerExport.dropout(graph, model.spec().dropout(), y);
      Layered start = new Layered("", startHidden.get(k), startCell.get(k));
      Layered end = layer(graph, "LSTM", weights, in, Optional.of(start));
      y = end.output();
      endHidden.add(end.hidden());
      endCell.add(end.cell());
    }
    Parameter weight = parameters.get(parameters.size() - 2);
    Parameter bias = parameters.getLast();
    String turned =
        graph.node("Transpose", graph.parameter(weight)).with("perm", new long[] {1, 0}).output();
    String product = graph.node("MatMul", y, turned).output();
    String logits = graph.node("Add", product, graph.parameter(bias)).output();
    return List.of(
        LayerExport.logSoftmax(graph, logits), joined(graph, endHidden), joined(graph, endCell));
  }

  /** [L, B, H] → L times [1, B, H]. */
  private static List<String> split(OnnxGraph graph, String state, int layers) {
    return layers == 1
        ? List.of(state)
        : graph.node("Split", state).with("axis", 0).outputs(layers);
  }

  private static String joined(OnnxGraph graph, List<String> states) {
    return states.size() == 1
        ? states.getFirst()
        : graph.node("Concat", states.toArray(String[]::new)).with("axis", 0).output();
  }

  private static Layered layer(
      OnnxGraph graph, String op, List<Parameter> weights, String x, Optional<Layered> start) {
    int[] gates = op.equals("LSTM") ? LSTM : GRU;
    List<String> ordered = new ArrayList<>();
    for (Parameter weight : weights) {
      ordered.add(ordered(graph, gates, graph.parameter(weight)));
    }
    String biases = graph.node("Concat", ordered.get(2), ordered.get(3)).with("axis", 0).output();
    List<String> inputs =
        new ArrayList<>(
            List.of(
                x,
                directed(graph, ordered.get(0)),
                directed(graph, ordered.get(1)),
                directed(graph, biases)));
    // No lengths of sequences: all are as long as the input.
    start.ifPresent(s -> inputs.addAll(List.of("", s.hidden(), s.cell())));
    boolean isLstm = op.equals("LSTM");
    OnnxNode node =
        graph
            .node(op, inputs.toArray(String[]::new))
            .with("hidden_size", weights.get(1).shape()[1]);
    if (!isLstm) {
      // n = tanh(Wx + b + r·(Uh + c)): the product first, then the reset.
      node.with("linear_before_reset", 1);
    }
    List<String> outputs = node.outputs(isLstm ? 3 : 2);
    String y = graph.node("Squeeze", outputs.getFirst(), graph.wholes(1)).output();
    return new Layered(y, outputs.get(1), outputs.getLast());
  }

  private static String ordered(OnnxGraph graph, int[] gates, String weight) {
    List<String> parts = graph.node("Split", weight).with("axis", 0).outputs(gates.length);
    String[] ordered = new String[gates.length];
    for (int k = 0; k < gates.length; k++) {
      ordered[k] = parts.get(gates[k]);
    }
    return graph.node("Concat", ordered).with("axis", 0).output();
  }

  private static String directed(OnnxGraph graph, String weight) {
    return graph.node("Unsqueeze", weight, graph.wholes(0)).output();
  }
}
