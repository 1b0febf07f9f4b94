package io.hypertape.io.onnx;

import java.util.List;
import java.util.function.BiFunction;

/**
 * A graph of some nodes: of inputs x0, x1, … it makes a value.
 *
 * @param name for people
 * @param opset version of ONNX's ops
 * @param inputs shapes
 * @param nodes adds the nodes, and gives the value
 */
record OnnxOpCase(
    String name, int opset, List<int[]> inputs, BiFunction<OnnxGraph, String[], String> nodes) {

  @Override
  public String toString() {
    return name + " " + opset;
  }
}
