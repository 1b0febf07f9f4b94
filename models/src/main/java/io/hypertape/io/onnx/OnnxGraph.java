package io.hypertape.io.onnx;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Parameter;
import io.hypertape.checks.Nulls;
import io.hypertape.io.proto.ProtoWriter;
import io.hypertape.models.Layer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Nodes and weights on their way into an ONNX file of opset {@value #OPSET}. Values are known by
 * their names; parameters and buffers keep theirs.
 */
public final class OnnxGraph {

  /** Version of ONNX's ops that nodes are of. */
  public static final int OPSET = 17;

  private final List<OnnxNode> nodes = new ArrayList<>();
  // By the names of their values; of a parameter the parameter itself, to be told from another.
  private final Map<String, Object> stored = new LinkedHashMap<>();
  private final List<ProtoWriter> initializers = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final Map<List<Long>, String> wholes = new HashMap<>();

  /** A graph in which some names will be those of parameters and buffers. */
  OnnxGraph(Collection<String> reserved) {
    names.addAll(reserved);
  }

  /**
   * Adds a node.
   *
   * @param op one of ONNX's own, such as {@code Relu}
   * @param inputs names of the values that it takes; an empty one is left out
   * @return the node, for its attributes and its outputs
   */
  public OnnxNode node(String op, String... inputs) {
    Nulls.check(op, "onnx graph: op");
    List<String> copies = Nulls.copy(inputs, "onnx graph: inputs");
    OnnxNode node =
        new OnnxNode(this, op, fresh(op + "_" + counts.merge(op, 1, Integer::sum)), copies);
    nodes.add(node);
    return node;
  }

  /**
   * Adds what a layer does.
   *
   * @param layer one of this library's, or an {@link OnnxLayer}
   * @param input name of the value that it is applied to
   * @return name of the value that it gives
   * @throws IllegalArgumentException if it is another one
   */
  public String layer(Layer layer, String input) {
    Nulls.check(layer, "onnx graph: layer");
    Nulls.check(input, "onnx graph: input");
    return LayerExport.add(this, layer, input);
  }

  /**
   * Adds a parameter's values, once.
   *
   * @param parameter which
   * @return its name
   * @throws IllegalArgumentException if another one has its name
   * @throws IllegalStateException if one of its numbers is NaN or infinite in single precision
   */
  public String parameter(Parameter parameter) {
    Nulls.check(parameter, "onnx graph: parameter");
    if (isNew(parameter.name(), parameter)) {
      store(parameter.name(), parameter.shape(), parameter.value().toFloats());
    }
    return parameter.name();
  }

  /**
   * Adds a buffer's values, once.
   *
   * @param buffer which
   * @return its name
   * @throws IllegalArgumentException if another one has its name
   * @throws IllegalStateException if one of its numbers is NaN or infinite in single precision
   */
  public String buffer(Buffer buffer) {
    Nulls.check(buffer, "onnx graph: buffer");
    if (isNew(buffer.name(), buffer)) {
      store(buffer.name(), buffer.shape(), buffer.toFloats());
    }
    return buffer.name();
  }

  /**
   * Adds whole numbers, as shapes and axes are.
   *
   * @param values the numbers, a tensor of one axis
   * @return name of the value
   */
  public String wholes(long... values) {
    Nulls.check(values, "onnx graph: values");
    List<Long> key = Arrays.stream(values).boxed().toList();
    return wholes.computeIfAbsent(
        key,
        unused -> {
          String name = fresh("wholes_" + (wholes.size() + 1));
          initializers.add(array(name, ElementType.INT64, values.length).longs(9, values));
          return name;
        });
  }

  /**
   * Adds a number of single precision.
   *
   * @param value the number, a tensor without axes
   * @return name of the value
   */
  public String number(double value) {
    String name = fresh("number_" + (initializers.size() + 1));
    initializers.add(array(name, ElementType.FLOAT).floats(9, new float[] {(float) value}));
    return name;
  }

  private boolean isNew(String name, Object what) {
    Object before = stored.putIfAbsent(name, what);
    if (before != null && before != what) {
      throw new IllegalArgumentException("the model has two tensors of the name " + name);
    }
    names.add(name);
    return before == null;
  }

  private void store(String name, int[] shape, float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new IllegalStateException(
            "nothing was written: in single precision " + name + " has " + value);
      }
    }
    initializers.add(array(name, ElementType.FLOAT, shape).floats(9, values));
  }

  /** A TensorProto without numbers. */
  private static ProtoWriter array(String name, ElementType type, int... shape) {
    ProtoWriter array = new ProtoWriter();
    for (int length : shape) {
      array.integer(1, length);
    }
    return array.integer(2, type.number()).text(8, name);
  }

  /** A name that no other value has: this one, or a longer one. */
  String fresh(String wanted) {
    String name = wanted;
    for (int k = 2; !names.add(name); k++) {
      name = wanted + "_" + k;
    }
    return name;
  }

  /** Calls a value as an output of the graph. */
  String output(String value, String wanted) {
    String name = fresh(wanted);
    boolean computed = nodes.stream().anyMatch(node -> node.gives(value));
    if (computed) {
      nodes.forEach(node -> node.rename(value, name));
    } else {
      OnnxNode identity = node("Identity", value);
      identity.rename(identity.output(), name);
    }
    return name;
  }

  /** As a GraphProto. */
  ProtoWriter message(String name, List<ProtoWriter> inputs, List<ProtoWriter> outputs) {
    ProtoWriter message = new ProtoWriter();
    nodes.forEach(node -> message.message(1, node.message()));
    message.text(2, name);
    initializers.forEach(array -> message.message(5, array));
    inputs.forEach(input -> message.message(11, input));
    outputs.forEach(output -> message.message(12, output));
    return message;
  }
}
