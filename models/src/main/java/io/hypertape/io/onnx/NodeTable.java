package io.hypertape.io.onnx;

import io.hypertape.io.onnx.NodeFunction.Factory;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** All that is read, by the names of ONNX's ops. */
final class NodeTable {

  private static final Map<String, Factory> ALL = new TreeMap<>();

  static {
    Stream.of(
            ElementwiseNodes.all(),
            HostNodes.all(),
            ShapeNodes.all(),
            SliceNodes.all(),
            MatrixNodes.all(),
            ImageNodes.all(),
            RecurrentNodes.all())
        .forEach(ALL::putAll);
  }

  private NodeTable() {}

  static boolean has(String op) {
    return ALL.containsKey(op);
  }

  /** Names, in their order. */
  static String names() {
    return String.join(", ", ALL.keySet());
  }

  static NodeFunction create(String op, NodeForm form) throws OnnxException {
    NodeFunction function = ALL.get(op).create(form);
    form.checkAttributes();
    return function;
  }
}
