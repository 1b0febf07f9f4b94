package io.hypertape.io.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

/** Layers of images and of sequences. */
final class LayerOpCases {

  private static final List<OnnxOpCase> CASES = new ArrayList<>();

  static {
    images();
    recurrent();
  }

  private LayerOpCases() {}

  static List<OnnxOpCase> all() {
    return CASES;
  }

  private static void add(
      String name, BiFunction<OnnxGraph, String[], String> nodes, int[]... inputs) {
    add(name, 17, nodes, inputs);
  }

  private static void add(
      String name, int opset, BiFunction<OnnxGraph, String[], String> nodes, int[]... inputs) {
    CASES.add(new OnnxOpCase(name, opset, List.of(inputs), nodes));
  }

  private static int[] of(int... shape) {
    return shape;
  }

  private static long[] longs(long... values) {
    return values;
  }

  private static void node(String name, String op, int[]... inputs) {
    add(name, (g, x) -> g.node(op, x).output(), inputs);
  }

  private static void images() {
    add("Conv", (g, x) -> g.node("Conv", x).output(), of(2, 3, 6, 5), of(4, 3, 3, 2), of(4));
    add(
        "Conv with uneven padding",
        (g, x) ->
            g.node("Conv", x)
                .with("pads", longs(1, 0, 2, 1))
                .with("strides", longs(2, 1))
                .with("dilations", longs(1, 2))
                .with("group", 2)
                .with("kernel_shape", longs(3, 2))
                .output(),
        of(2, 4, 6, 5),
        of(4, 2, 3, 2));
    for (String auto : List.of("SAME_UPPER", "SAME_LOWER", "VALID")) {
      add(
          "Conv " + auto,
          (g, x) -> g.node("Conv", x).with("auto_pad", auto).with("strides", longs(2, 2)).output(),
          of(1, 2, 5, 6),
          of(3, 2, 4, 3));
      add(
          "AveragePool " + auto,
          (g, x) ->
              g.node("AveragePool", x)
                  .with("auto_pad", auto)
                  .with("kernel_shape", longs(2, 3))
                  .output(),
          of(1, 2, 5, 6));
    }
    for (int count = 0; count < 2; count++) {
      int counted = count;
      add(
          "AveragePool, zeros counted: " + counted,
          (g, x) ->
              g.node("AveragePool", x)
                  .with("kernel_shape", longs(3, 2))
                  .with("pads", longs(1, 1, 1, 1))
                  .with("strides", longs(2, 1))
                  .with("count_include_pad", counted)
                  .output(),
          of(2, 2, 5, 4));
    }
    add(
        "MaxPool",
        (g, x) ->
            g.node("MaxPool", x)
                .with("kernel_shape", longs(3, 2))
                .with("pads", longs(1, 1, 1, 1))
                .with("strides", longs(2, 1))
                .with("ceil_mode", 1)
                .output(),
        of(2, 2, 5, 4));
    for (String op : List.of("GlobalAveragePool", "GlobalMaxPool")) {
      node(op, op, of(2, 3, 4, 5));
      node(op + " of signals", op, of(2, 3, 4));
    }
    for (int[] shape : List.of(of(2, 3), of(2, 3, 4), of(2, 3, 4, 5))) {
      add(
          "BatchNormalization " + Arrays.toString(shape),
          (g, x) ->
              g.node("BatchNormalization", x[0], x[1], x[2], x[3], g.node("Exp", x[4]).output())
                  .with("epsilon", 0.01)
                  .output(),
          shape,
          of(3),
          of(3),
          of(3),
          of(3));
    }
  }

  private static void recurrent() {
    for (int k = 0; k < 3; k++) {
      int output = k;
      add(
          "LSTM, output " + output,
          (g, x) ->
              g.node("LSTM", x[0], x[1], x[2], x[3], "", x[4], x[5])
                  .with("hidden_size", 3)
                  .with("direction", "forward")
                  .outputs(3)
                  .get(output),
          of(4, 2, 5),
          of(1, 12, 5),
          of(1, 12, 3),
          of(1, 24),
          of(1, 2, 3),
          of(1, 2, 3));
    }
    add(
        "LSTM of weights alone",
        (g, x) -> g.node("LSTM", x).with("hidden_size", 3).output(),
        of(4, 2, 5),
        of(1, 12, 5),
        of(1, 12, 3));
    for (int k = 0; k < 2; k++) {
      int output = k;
      add(
          "GRU, output " + output,
          (g, x) ->
              g.node("GRU", x[0], x[1], x[2], x[3], "", x[4])
                  .with("hidden_size", 3)
                  .with("linear_before_reset", 1)
                  .outputs(2)
                  .get(output),
          of(4, 2, 5),
          of(1, 9, 5),
          of(1, 9, 3),
          of(1, 18),
          of(1, 2, 3));
    }
  }
}
