package io.hypertape.io.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** What changes shapes, and shapes that are computed. */
final class ShapeOpCases {

  private static final List<OnnxOpCase> CASES = new ArrayList<>();

  static {
    shapes();
    onTheHost();
  }

  private ShapeOpCases() {}

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

  /** A whole number without axes. */
  private static String scalar(OnnxGraph graph, long value) {
    return graph.node("Squeeze", graph.wholes(value), graph.wholes(0)).output();
  }

  private static void shapes() {
    add("Reshape", (g, x) -> g.node("Reshape", x[0], g.wholes(0, -1, 2)).output(), of(3, 4, 2));
    node("Flatten", "Flatten", of(2, 3, 4));
    add("Flatten all", (g, x) -> g.node("Flatten", x).with("axis", 0).output(), of(2, 3, 4));
    add("Flatten last", (g, x) -> g.node("Flatten", x).with("axis", -1).output(), of(2, 3, 4));
    node("Transpose", "Transpose", of(2, 3, 4));
    add(
        "Transpose by axes",
        (g, x) -> g.node("Transpose", x).with("perm", longs(1, 2, 0)).output(),
        of(2, 3, 4));
    node("Squeeze all", "Squeeze", of(1, 3, 1));
    add("Squeeze", (g, x) -> g.node("Squeeze", x[0], g.wholes(-1)).output(), of(1, 3, 1));
    add("Squeeze", 11, (g, x) -> g.node("Squeeze", x).with("axes", longs(0)).output(), of(1, 3));
    add("Unsqueeze", (g, x) -> g.node("Unsqueeze", x[0], g.wholes(0, -1)).output(), of(2, 3));
    add("Unsqueeze", 11, (g, x) -> g.node("Unsqueeze", x).with("axes", longs(1)).output(), of(2));
    add(
        "Concat",
        (g, x) -> g.node("Concat", x).with("axis", -1).output(),
        of(2, 3),
        of(2, 1),
        of(2, 2));
    for (int k = 0; k < 2; k++) {
      int part = k;
      add(
          "Split, part " + part,
          (g, x) -> g.node("Split", x[0], g.wholes(1, 4)).with("axis", 1).outputs(2).get(part),
          of(2, 5));
    }
    add(
        "Split evenly",
        (g, x) -> g.node("Split", x).with("axis", 1).outputs(2).getLast(),
        of(2, 6));
    add(
        "Split by count",
        18,
        (g, x) -> g.node("Split", x).with("axis", 1).with("num_outputs", 2).outputs(2).getLast(),
        of(2, 5));
    add(
        "Split",
        11,
        (g, x) -> g.node("Split", x).with("split", longs(1, 2)).outputs(2).get(1),
        of(3));
    add("Gather", (g, x) -> g.node("Gather", x[0], g.wholes(2, 0, -1, 2)).output(), of(3, 4));
    add(
        "Gather one",
        (g, x) -> g.node("Gather", x[0], scalar(g, 1)).with("axis", 1).output(),
        of(3, 4, 2));
    add("Expand", (g, x) -> g.node("Expand", x[0], g.wholes(2, 1, 4)).output(), of(3, 1));
    add(
        "Slice",
        (g, x) ->
            g.node("Slice", x[0], g.wholes(1, -3), g.wholes(100, -1), g.wholes(0, 1)).output(),
        of(4, 5));
    add(
        "Slice in steps",
        (g, x) ->
            g.node("Slice", x[0], g.wholes(-100), g.wholes(4), g.wholes(-1), g.wholes(3)).output(),
        of(4, 5));
    add("Pad", (g, x) -> g.node("Pad", x[0], g.wholes(0, 1, 2, 0)).output(), of(2, 3));
    add(
        "Pad by a number",
        (g, x) -> g.node("Pad", x[0], g.wholes(1, 0, 0, 2), g.number(7)).output(),
        of(2, 3));
    add(
        "Pad an axis",
        18,
        (g, x) -> g.node("Pad", x[0], g.wholes(1, 2), "", g.wholes(-1)).output(),
        of(2, 3));
  }

  private static void onTheHost() {
    add(
        "shapes that are computed",
        (g, x) -> {
          String shape = g.node("Shape", x[0]).output();
          String first = g.node("Gather", shape, g.wholes(0)).output();
          String rest = g.node("Slice", shape, g.wholes(1), g.wholes(3)).output();
          String product =
              g.node("Mul", rest, g.node("Gather", rest, g.wholes(1, 0)).output()).output();
          String half = g.node("Div", product, g.wholes(3)).output();
          String sum =
              g.node("Sub", g.node("Add", half, g.wholes(5)).output(), g.wholes(5)).output();
          String wanted = g.node("Concat", first, sum).with("axis", 0).output();
          return g.node("Reshape", x[0], g.node("Cast", wanted).with("to", 7).output()).output();
        },
        of(4, 3, 3));
    add(
        "a shape of which parts are the input's",
        (g, x) -> {
          String wanted = g.wholes(-1, 5);
          String minus = g.wholes(-1);
          String equal = g.node("Equal", wanted, minus).output();
          String zeros = g.node("Sub", wanted, wanted).output();
          String same = g.node("Add", zeros, g.wholes(1)).output();
          return g.node("Expand", x[0], g.node("Where", equal, same, wanted).output()).output();
        },
        of(3, 1));
    add(
        "paddings in another order",
        (g, x) -> {
          String pairs = g.node("Reshape", g.wholes(1, 2, 3, 4), g.wholes(-1, 2)).output();
          String turned =
              g.node(
                      "Slice",
                      pairs,
                      g.wholes(-1),
                      g.wholes(Long.MIN_VALUE),
                      g.wholes(0),
                      g.wholes(-1))
                  .output();
          String columns = g.node("Transpose", turned).with("perm", longs(1, 0)).output();
          return g.node("Pad", x[0], g.node("Reshape", columns, g.wholes(-1)).output()).output();
        },
        of(2, 3));
    add(
        "a number of a shape",
        (g, x) -> {
          String size = g.node("Gather", g.node("Shape", x[0]).output(), scalar(g, 1)).output();
          String root = g.node("Sqrt", g.node("Cast", size).with("to", 1).output()).output();
          return g.node("Div", x[0], root).output();
        },
        of(2, 3));
    add(
        "zeros of a shape",
        (g, x) -> {
          String zeros = g.node("ConstantOfShape", g.node("Shape", x[0]).output()).output();
          return g.node("Add", x[0], zeros).output();
        },
        of(2, 3));
    add(
        "Shape, a part",
        (g, x) ->
            g.node(
                    "Reshape",
                    x[0],
                    g.node("Concat", g.node("Shape", x[0]).with("start", -1).output(), g.wholes(-1))
                        .with("axis", 0)
                        .output())
                .output(),
        of(2, 3));
  }
}
