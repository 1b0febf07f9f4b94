package io.hypertape.io.onnx;

import io.hypertape.autodiff.Session;
import io.hypertape.models.Mode;
import java.util.List;
import java.util.Map;

/**
 * A node at work.
 *
 * @param form what it takes and gives
 * @param function what it does
 */
record GraphNode(NodeForm form, NodeFunction function) {

  /** Adds what the node gives to the values that there are. */
  void run(Session session, Map<String, GraphValue> values, Mode mode) {
    List<GraphValue> outputs;
    try {
      outputs = function.apply(new NodeRun(session, form.inputs(values), mode));
    } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("ONNX: " + form.label() + ": " + e.getMessage(), e);
    }
    List<String> names = form.outputNames();
    if (names.size() > outputs.size()) {
      throw new IllegalArgumentException(
          "ONNX: " + form.label() + ": it gives " + outputs.size() + " values, not " + names);
    }
    for (int i = 0; i < names.size(); i++) {
      values.put(names.get(i), outputs.get(i));
    }
  }
}
