package io.hypertape.io.onnx;

import java.util.List;

/** What a node does. */
@FunctionalInterface
interface NodeFunction {

  /** Values of the node's outputs, one for each at least. */
  List<GraphValue> apply(NodeRun run);

  /** Of one output. */
  @FunctionalInterface
  interface Single {
    GraphValue apply(NodeRun run);
  }

  /** Made of a node's attributes, which are checked then. */
  @FunctionalInterface
  interface Factory {
    NodeFunction create(NodeForm form) throws OnnxException;
  }

  static NodeFunction single(Single function) {
    return run -> List.of(function.apply(run));
  }
}
