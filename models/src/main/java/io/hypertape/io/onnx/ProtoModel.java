package io.hypertape.io.onnx;

import java.util.List;
import java.util.Map;

/**
 * What a file has.
 *
 * @param opset version of ONNX's own ops
 * @param metadata texts by name
 * @param nodes in an order in which they can be computed
 * @param initializers tensors by name
 * @param inputs of the graph, initializers left out
 * @param outputs of the graph
 */
record ProtoModel(
    long opset,
    Map<String, String> metadata,
    List<ProtoNode> nodes,
    Map<String, StoredArray> initializers,
    List<ProtoValue> inputs,
    List<ProtoValue> outputs) {}
