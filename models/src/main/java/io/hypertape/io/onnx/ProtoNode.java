package io.hypertape.io.onnx;

import java.util.List;
import java.util.Map;

/**
 * A node of a file.
 *
 * @param name for people; may be empty
 * @param op what it does
 * @param domain whose op it is; empty for ONNX's own
 * @param inputs names of values; empty where one is left out
 * @param outputs names of values; empty where one is not wanted
 * @param attributes by name
 */
record ProtoNode(
    String name,
    String op,
    String domain,
    List<String> inputs,
    List<String> outputs,
    Map<String, ProtoAttribute> attributes) {

  /** For errors. */
  String label() {
    String first = outputs.isEmpty() ? "" : outputs.getFirst();
    return op + " (node '" + (name.isEmpty() ? first : name) + "')";
  }
}
