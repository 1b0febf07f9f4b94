package io.hypertape.io.onnx;

import io.hypertape.autodiff.Parameter;
import io.hypertape.io.proto.ProtoWriter;
import io.hypertape.models.CharLstm;
import io.hypertape.models.CharLstmSpec;
import java.util.List;

/** Writes a character-level language model as a graph that takes its state and gives the next. */
final class LanguageExport {

  private LanguageExport() {}

  static ProtoWriter message(CharLstm model) {
    CharLstmSpec spec = model.spec();
    OnnxGraph graph = new OnnxGraph(model.parameters().stream().map(Parameter::name).toList());
    String symbols = graph.fresh("symbols");
    String hidden = graph.fresh("hidden");
    String cell = graph.fresh("cell");
    List<String> values = RecurrentExport.charLstm(graph, model, symbols, hidden, cell);
    Object[] state = {spec.layers(), "batch", spec.hidden()};
    return graph.message(
        "char-lstm",
        List.of(
            NetworkExport.value(symbols, ElementType.INT64, "steps", "batch"),
            NetworkExport.value(hidden, ElementType.FLOAT, state),
            NetworkExport.value(cell, ElementType.FLOAT, state)),
        List.of(
            NetworkExport.value(
                graph.output(values.get(0), "log_probabilities"),
                ElementType.FLOAT,
                "steps",
                "batch",
                spec.vocabulary()),
            NetworkExport.value(
                graph.output(values.get(1), "hidden_out"), ElementType.FLOAT, state),
            NetworkExport.value(
                graph.output(values.get(2), "cell_out"), ElementType.FLOAT, state)));
  }
}
