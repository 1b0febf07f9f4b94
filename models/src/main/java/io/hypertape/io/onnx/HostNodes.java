package io.hypertape.io.onnx;

import io.hypertape.autodiff.Tensor;
import io.hypertape.io.onnx.GraphValue.Wholes;
import io.hypertape.io.onnx.NodeFunction.Factory;
import io.hypertape.models.Mode;
import io.hypertape.tensor.DType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Constants, shapes, and what is computed of them on the host. */
final class HostNodes {

  private HostNodes() {}

  static Map<String, Factory> all() {
    Map<String, Factory> all = new HashMap<>();
    all.put("Constant", HostNodes::known);
    all.put("ConstantOfShape", HostNodes::constantOfShape);
    all.put("Identity", form -> NodeFunction.single(run -> run.value(0)));
    all.put("Cast", HostNodes::cast);
    all.put("Shape", HostNodes::shape);
    all.put("Equal", form -> NodeFunction.single(HostNodes::equal));
    all.put("Where", form -> NodeFunction.single(HostNodes::where));
    return all;
  }

  private static NodeFunction known(NodeForm form) throws OnnxException {
    GraphValue value = constant(form);
    form.values().know(form.outputNames().getFirst(), value);
    return NodeFunction.single(run -> value);
  }

  /** A Constant's value; it does not depend on anything. */
  static GraphValue constant(NodeForm form) throws OnnxException {
    Optional<StoredArray> array = form.array("value");
    if (array.isPresent()) {
      return form.values().constant(form.outputNames().getFirst(), array.get());
    }
    if (form.has("value_int")) {
      return new Wholes(new int[0], new long[] {form.integer("value_int", 0)});
    }
    Optional<long[]> integers = form.integers("value_ints");
    if (integers.isPresent()) {
      return Wholes.of(integers.get());
    }
    if (form.has("value_float")) {
      double[] value = {form.number("value_float", 0)};
      return new GraphValue.Constant(new int[0], value, Optional.empty());
    }
    double[] numbers =
        form.numbers("value_floats")
            .orElseThrow(() -> form.refused("it has no value of a kind that is read: numbers"));
    return new GraphValue.Constant(new int[] {numbers.length}, numbers, Optional.empty());
  }

  private static NodeFunction constantOfShape(NodeForm form) throws OnnxException {
    Optional<StoredArray> array = form.array("value");
    form.require(array.isEmpty() || array.get().size() == 1, "its value is not one number");
    boolean whole = array.isPresent() && !array.get().type().isFloating();
    double number = array.isPresent() && !whole ? array.get().toDoubles()[0] : 0;
    long integer = whole ? array.get().toLongs()[0] : 0;
    return NodeFunction.single(
        run -> {
          int[] shape = Arrays.stream(run.wholes(0).values()).mapToInt(NodeRun::length).toArray();
          if (!whole) {
            return NodeRun.of(run.session().full(run.room(shape), number));
          }
          long[] values = new long[NodeRun.size(WholesArrays.checked(shape))];
          Arrays.fill(values, integer);
          return new Wholes(shape, values);
        });
  }

  private static NodeFunction cast(NodeForm form) throws OnnxException {
    ElementType to = ElementType.of(form.integer("to", 0), form.label());
    form.ignore("saturate");
    form.ignore("round_mode");
    Optional<GraphValue> number = form.known(0).filter(HostNodes::isNumber);
    if (number.isPresent()) {
      // As settings are where an exporter left their type to be changed.
      NodeRun run = new NodeRun(form.session(), List.of(number.get()), Mode.EVALUATE);
      form.values().know(form.outputNames().getFirst(), cast(run, to));
    }
    return NodeFunction.single(run -> cast(run, to));
  }

  private static boolean isNumber(GraphValue value) {
    return value instanceof GraphValue.Constant constant && constant.values().length == 1
        || value instanceof Wholes wholes && wholes.values().length == 1;
  }

  private static GraphValue cast(NodeRun run, ElementType to) {
    GraphValue value = run.value(0);
    if (value instanceof Wholes wholes && to.isFloating()) {
      double[] values = Arrays.stream(wholes.values()).asDoubleStream().toArray();
      return new GraphValue.Constant(wholes.shape(), values, Optional.empty());
    }
    if (value instanceof Wholes wholes && to == ElementType.BOOL) {
      long[] values = Arrays.stream(wholes.values()).map(v -> v == 0 ? 0 : 1).toArray();
      return new Wholes(wholes.shape(), values);
    }
    boolean floating = !(value instanceof Wholes) && run.tensor(0).dtype() != DType.I32;
    if (floating != to.isFloating()) {
      throw new IllegalArgumentException(
          value.text() + " cannot become " + to + " here: only shapes can");
    }
    return value;
  }

  private static NodeFunction shape(NodeForm form) throws OnnxException {
    long start = form.integer("start", 0);
    long end = form.integer("end", Long.MAX_VALUE);
    return NodeFunction.single(
        run -> {
          int[] shape = run.shape(0);
          int from = ShapeNodes.clamped(start, shape.length);
          int to = Math.max(from, ShapeNodes.clamped(end, shape.length));
          return Wholes.of(Arrays.stream(shape, from, to).asLongStream().toArray());
        });
  }

  private static GraphValue equal(NodeRun run) {
    return WholesArrays.combined(run.wholes(0), run.wholes(1), (a, b) -> a == b ? 1 : 0);
  }

  private static GraphValue where(NodeRun run) {
    Wholes chosen = WholesArrays.combined(run.wholes(0), run.wholes(1), (c, a) -> c != 0 ? a : 0);
    Wholes otherwise =
        WholesArrays.combined(run.wholes(0), run.wholes(2), (c, b) -> c != 0 ? 0 : b);
    return WholesArrays.combined(chosen, otherwise, Long::sum);
  }

  /** Of a tensor that is made on the host. */
  static Tensor indices(NodeRun run, Wholes index, int length) {
    int[] places = new int[index.values().length];
    for (int i = 0; i < places.length; i++) {
      places[i] = NodeRun.axis(index.values()[i], length);
    }
    return run.session().indices(places);
  }
}
