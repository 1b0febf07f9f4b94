package io.hypertape.io.onnx;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.DropoutCounter;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import io.hypertape.models.Layer;
import io.hypertape.models.Mode;
import io.hypertape.models.Model;
import io.hypertape.tensor.DType;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A network from an ONNX file ({@link Onnx#read}). Its floating-point weights are parameters, under
 * the file's names, and may be trained: {@link Mode#TRAIN} lets batch norm take the batch's
 * statistics and dropout drop. Numbers without axes, and those in nodes, are constants.
 */
public final class OnnxModel implements Layer, Model {

  private final ModelValues values;
  private final List<GraphNode> nodes;
  private final Map<String, String> metadata;
  private final List<ProtoValue> inputs;
  private final List<ProtoValue> outputs;

  OnnxModel(ProtoModel proto, ModelValues values, List<GraphNode> nodes) {
    this.values = values;
    this.nodes = List.copyOf(nodes);
    this.metadata = Collections.unmodifiableMap(new TreeMap<>(proto.metadata()));
    this.inputs = List.copyOf(proto.inputs());
    this.outputs = List.copyOf(proto.outputs());
  }

  /**
   * What the file says beside the graph, as {@link io.hypertape.run.Checkpoint#metadata} has it of
   * a safetensors file.
   *
   * @return texts by name
   */
  public Map<String, String> metadata() {
    return metadata;
  }

  /**
   * What the graph takes.
   *
   * @return by the inputs' names, in their order, lengths of the axes, 0 where any does
   */
  public Map<String, List<Integer>> inputs() {
    return shapes(inputs);
  }

  /**
   * What the graph gives.
   *
   * @return by the outputs' names, in their order, lengths of the axes, 0 where they vary; none if
   *     the file does not say
   */
  public Map<String, List<Integer>> outputs() {
    return shapes(outputs);
  }

  private static Map<String, List<Integer>> shapes(List<ProtoValue> described) {
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    for (ProtoValue value : described) {
      shapes.put(
          value.name(),
          value.shape().orElse(List.of()).stream()
              .map(length -> Math.clamp(length.number(), 0, Integer.MAX_VALUE))
              .toList());
    }
    return Collections.unmodifiableMap(shapes);
  }

  /**
   * The graph's output, where it has one input and one output.
   *
   * @param input of the shape that {@link #inputs} says, or one whose axes but the first make its
   *     second; I32 where the file has whole numbers
   * @param mode whether the model is being trained
   * @return the output
   * @throws IllegalArgumentException if the input does not fit, or a node cannot be computed of it,
   *     which is named
   */
  @Override
  public Tensor forward(Tensor input, Mode mode) {
    Nulls.check(input, "onnx model: input");
    Nulls.check(mode, "onnx model: mode");
    if (inputs.size() != 1 || outputs.size() != 1) {
      throw new IllegalArgumentException(
          "ONNX: the model goes from "
              + inputs().keySet()
              + " to "
              + outputs().keySet()
              + "; forward(Map, Mode) takes and gives them by name");
    }
    return forward(Map.of(inputs.getFirst().name(), input), mode).get(outputs.getFirst().name());
  }

  /**
   * The graph's outputs.
   *
   * @param given the inputs by name
   * @param mode whether the model is being trained
   * @return the outputs by name, in their order
   * @throws IllegalArgumentException if inputs are missing or do not fit, or a node cannot be
   *     computed of them, which is named
   */
  public Map<String, Tensor> forward(Map<String, Tensor> given, Mode mode) {
    Nulls.copy(given, "onnx model: given");
    Nulls.check(mode, "onnx model: mode");
    Map<String, GraphValue> all = new HashMap<>(values.known());
    for (ProtoValue input : inputs) {
      Tensor tensor = given.get(input.name());
      if (tensor == null || given.size() != inputs.size()) {
        throw new IllegalArgumentException(
            "ONNX: given are " + given.keySet() + "; the inputs are " + inputs().keySet());
      }
      all.put(input.name(), NodeRun.of(fitting(input, tensor)));
    }
    for (GraphNode node : nodes) {
      node.run(session(), all, mode);
    }
    Map<String, Tensor> results = new LinkedHashMap<>();
    for (ProtoValue output : outputs) {
      NodeRun last = new NodeRun(session(), List.of(all.get(output.name())), mode);
      results.put(output.name(), last.tensor(0));
    }
    return results;
  }

  /** An input of the right kind and shape. */
  private static Tensor fitting(ProtoValue input, Tensor tensor) {
    boolean whole =
        input.type() != ElementType.FLOAT.number()
            && input.type() != ElementType.DOUBLE.number()
            && input.type() != ElementType.FLOAT16.number()
            && input.type() != ElementType.BFLOAT16.number();
    Optional<List<ProtoValue.Length>> shape = input.shape();
    Tensor x =
        shape.isPresent() && shape.get().size() == 2 && tensor.rank() > 2
            ? tensor.reshape(tensor.shape()[0], -1)
            : tensor;
    boolean fits = whole == (x.dtype() == DType.I32);
    if (shape.isPresent()) {
      fits &= x.rank() == shape.get().size();
      for (int axis = 0; fits && axis < x.rank(); axis++) {
        long length = shape.get().get(axis).number();
        fits = length < 0 || length == x.shape()[axis];
      }
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "ONNX: input '"
              + input.name()
              + "' is "
              + tensor.dtype()
              + Arrays.toString(tensor.shape())
              + "; "
              + (whole ? "I32" : "floating-point numbers")
              + " of shape "
              + input.shapeText()
              + " are needed");
    }
    return x;
  }

  @Override
  public List<Parameter> parameters() {
    return values.parameters();
  }

  @Override
  public List<Buffer> buffers() {
    return values.buffers();
  }

  @Override
  public List<DropoutCounter> dropoutCounters() {
    return values.counters();
  }

  @Override
  public String family() {
    return "onnx";
  }

  @Override
  public Map<String, String> form() {
    return Map.of();
  }

  /**
   * Where it lives.
   *
   * @return the session of its parameters
   */
  public Session session() {
    return values.session();
  }

  @Override
  public void close() {
    values.close();
  }
}
