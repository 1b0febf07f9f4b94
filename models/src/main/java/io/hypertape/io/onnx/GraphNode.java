package io.hypertape.io.onnx;

import io.hypertape.autodiff.Session;
import io.hypertape.models.Mode;
import java.util.List;
import java.util.Map;

/**
 * A node at work, without what the file has of it: a model does not keep its file in memory.
 *
 * @param label for errors
 * @param inputs names of values; empty where one is left out
 * @param outputs names of values; empty where one is not wanted
 * @param function what it does
 */
record GraphNode(String label, List<String> inputs, List<String> outputs, NodeFunction function) {

  /** Adds what the node gives to the values that there are. */
  void run(Session session, Map<String, GraphValue> values, Mode mode) {
    List<GraphValue> given =
        inputs.stream()
            .map(name -> name.isEmpty() ? new GraphValue.Absent() : values.get(name))
            .toList();
    List<GraphValue> results;
    try {
      results = function.apply(new NodeRun(session, given, mode));
    } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("ONNX: " + label + ": " + e.getMessage(), e);
    }
    if (outputs.size() > results.size()) {
      throw new IllegalArgumentException(
          "ONNX: " + label + ": it gives " + results.size() + " values, not " + outputs);
    }
    for (int i = 0; i < outputs.size(); i++) {
      values.put(outputs.get(i), results.get(i));
    }
  }
}
