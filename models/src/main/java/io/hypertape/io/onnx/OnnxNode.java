package io.hypertape.io.onnx;

import io.hypertape.checks.Nulls;
import io.hypertape.io.proto.ProtoWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A node of an {@link OnnxGraph}: its attributes are set one after another, then it is asked for
 * what it gives.
 */
public final class OnnxNode {

  private final OnnxGraph graph;
  private final String op;
  private final String name;
  private final List<String> inputs;
  private final List<String> outputs = new ArrayList<>();
  private final List<ProtoWriter> attributes = new ArrayList<>();

  OnnxNode(OnnxGraph graph, String op, String name, List<String> inputs) {
    this.graph = graph;
    this.op = op;
    this.name = name;
    this.inputs = new ArrayList<>(inputs);
  }

  /**
   * An attribute that is a whole number.
   *
   * @param attribute its name, such as {@code axis}
   * @param value its value
   * @return this
   */
  public OnnxNode with(String attribute, long value) {
    attributes.add(attribute(attribute, ProtoAttribute.Kind.INT).integer(3, value));
    return this;
  }

  /**
   * An attribute that is a number of single precision.
   *
   * @param attribute its name, such as {@code epsilon}
   * @param value its value, which is rounded
   * @return this
   */
  public OnnxNode with(String attribute, double value) {
    attributes.add(attribute(attribute, ProtoAttribute.Kind.FLOAT).single(2, (float) value));
    return this;
  }

  /**
   * An attribute that is a text.
   *
   * @param attribute its name, such as {@code mode}
   * @param value its value
   * @return this
   */
  public OnnxNode with(String attribute, String value) {
    Nulls.check(value, "onnx node: value");
    attributes.add(attribute(attribute, ProtoAttribute.Kind.STRING).text(4, value));
    return this;
  }

  /**
   * An attribute of several whole numbers.
   *
   * @param attribute its name, such as {@code strides}
   * @param values its values
   * @return this
   */
  public OnnxNode with(String attribute, long[] values) {
    Nulls.check(values, "onnx node: values");
    ProtoWriter list = attribute(attribute, ProtoAttribute.Kind.INTS);
    for (long value : values) {
      list.integer(8, value);
    }
    attributes.add(list);
    return this;
  }

  private static ProtoWriter attribute(String attribute, ProtoAttribute.Kind kind) {
    Nulls.check(attribute, "onnx node: attribute");
    return new ProtoWriter().text(1, attribute).integer(20, kind.ordinal());
  }

  /**
   * What the node gives, where that is one value.
   *
   * @return the value's name
   */
  public String output() {
    return outputs(1).getFirst();
  }

  /**
   * What the node gives.
   *
   * @param count how many values, at least 1
   * @return the values' names
   * @throws IllegalArgumentException if it has been asked for another number of them
   */
  public List<String> outputs(int count) {
    if (count < 1 || !outputs.isEmpty() && outputs.size() != count) {
      throw new IllegalArgumentException(
          "onnx node " + name + ": asked for " + count + " outputs, and before for " + outputs);
    }
    while (outputs.size() < count) {
      outputs.add(graph.fresh(count == 1 ? name + ":y" : name + ":y" + outputs.size()));
    }
    return List.copyOf(outputs);
  }

  void rename(String before, String after) {
    inputs.replaceAll(value -> value.equals(before) ? after : value);
    outputs.replaceAll(value -> value.equals(before) ? after : value);
  }

  boolean gives(String value) {
    return outputs.contains(value);
  }

  /** As a NodeProto. */
  ProtoWriter message() {
    ProtoWriter message = new ProtoWriter();
    inputs.forEach(input -> message.text(1, input));
    outputs(Math.max(1, outputs.size())).forEach(output -> message.text(2, output));
    message.text(3, name).text(4, op);
    attributes.forEach(attribute -> message.message(5, attribute));
    return message;
  }
}
