package io.hypertape.io.onnx;

import io.hypertape.models.Layer;

/**
 * A layer of one's own that says which ONNX nodes it is, so that {@link Onnx#write} can write a
 * network that has it.
 */
public interface OnnxLayer extends Layer {

  /**
   * Adds what the layer does in use, {@link io.hypertape.models.Mode#EVALUATE}, to a graph.
   *
   * @param graph takes nodes, parameters and buffers
   * @param input name of the value that the layer is applied to
   * @return name of the value that it gives
   */
  String addTo(OnnxGraph graph, String input);
}
