package io.hypertape.io.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** Functions of elements, products and sums. */
final class TensorOpCases {

  private static final List<OnnxOpCase> CASES = new ArrayList<>();

  static {
    elementwise();
    matrices();
    reductions();
  }

  private TensorOpCases() {}

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

  private static void elementwise() {
    for (String op :
        List.of("Relu", "Tanh", "Sigmoid", "Exp", "Neg", "Abs", "Sign", "Softplus", "Identity")) {
      node(op, op, of(3, 4));
    }
    for (String op : List.of("Sqrt", "Log", "Reciprocal")) {
      add(op, (g, x) -> g.node(op, g.node("Exp", x).output()).output(), of(3, 4));
    }
    for (String op : List.of("Add", "Sub", "Mul", "Div", "Max", "Min")) {
      node(op + " broadcast", op, of(2, 1, 4), of(3, 1));
    }
    node("Max of three", "Max", of(2, 3), of(3), of(2, 1));
    node("Sum of three", "Sum", of(2, 3), of(3), of(2, 1));
    node("Max of one", "Max", of(2, 3));
    add("Pow by a number", (g, x) -> g.node("Pow", x[0], g.number(3)).output(), of(3, 4));
    add(
        "Pow by a tensor",
        (g, x) -> g.node("Pow", g.node("Exp", x[0]).output(), x[1]).output(),
        of(3, 4),
        of(4));
    add("LeakyRelu", (g, x) -> g.node("LeakyRelu", x).with("alpha", 0.2).output(), of(3, 4));
    add("Elu", (g, x) -> g.node("Elu", x).with("alpha", 1.5).output(), of(3, 4));
    add("Clip", (g, x) -> g.node("Clip", x[0], g.number(-1), g.number(0.5)).output(), of(3, 4));
    add("Clip above", (g, x) -> g.node("Clip", x[0], "", g.number(0.5)).output(), of(3, 4));
    node("Dropout", "Dropout", of(3, 4));
    add("Dropout", 11, (g, x) -> g.node("Dropout", x).with("ratio", 0.25).output(), of(3, 4));
  }

  private static void matrices() {
    node("MatMul", "MatMul", of(3, 4), of(4, 2));
    node("MatMul of stacks", "MatMul", of(5, 1, 3, 4), of(2, 4, 2));
    node("MatMul of a stack", "MatMul", of(5, 3, 4), of(4, 2));
    node("MatMul by a vector", "MatMul", of(5, 3, 4), of(4));
    node("MatMul of a vector", "MatMul", of(4), of(5, 4, 3));
    node("MatMul of vectors", "MatMul", of(4), of(4));
    node("Gemm", "Gemm", of(3, 4), of(4, 2), of(3, 1));
    node("Gemm without C", "Gemm", of(3, 4), of(4, 2));
    add(
        "Gemm transposed and scaled",
        (g, x) ->
            g.node("Gemm", x)
                .with("transA", 1)
                .with("transB", 1)
                .with("alpha", 0.5)
                .with("beta", 2.0)
                .output(),
        of(4, 3),
        of(2, 4),
        of(2));
    add(
        "Gemm of a layer",
        (g, x) -> g.node("Gemm", x).with("transB", 1).output(),
        of(3, 4),
        of(2, 4),
        of(2));
    add("Softmax", (g, x) -> g.node("Softmax", x).with("axis", 1).output(), of(2, 3, 4));
    node("Softmax last", "Softmax", of(2, 3, 4));
    node("LogSoftmax last", "LogSoftmax", of(2, 3, 4));
    for (String op : List.of("Softmax", "LogSoftmax")) {
      add(op, 11, (g, x) -> g.node(op, x).output(), of(2, 3, 4));
    }
    node("LayerNormalization", "LayerNormalization", of(2, 3, 4), of(4), of(4));
    add(
        "LayerNormalization of two axes",
        (g, x) -> g.node("LayerNormalization", x).with("axis", 1).with("epsilon", 0.1).output(),
        of(2, 3, 4),
        of(3, 4));
  }

  private static void reductions() {
    for (String op : List.of("ReduceMean", "ReduceMax", "ReduceMin")) {
      add(op, (g, x) -> g.node(op, x).with("axes", longs(0, -1)).output(), of(2, 3, 4));
      add(op + " all", (g, x) -> g.node(op, x).with("keepdims", 0).output(), of(2, 3));
      add(
          op,
          18,
          (g, x) -> g.node(op, x[0], g.wholes(1)).with("keepdims", 0).output(),
          of(2, 3, 4));
    }
    add(
        "ReduceSum",
        (g, x) -> g.node("ReduceSum", x[0], g.wholes(1)).with("keepdims", 0).output(),
        of(2, 3, 4));
    add(
        "ReduceSum",
        11,
        (g, x) -> g.node("ReduceSum", x).with("axes", longs(1)).output(),
        of(2, 3));
  }
}
