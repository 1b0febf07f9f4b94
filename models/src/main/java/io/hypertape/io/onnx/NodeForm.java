package io.hypertape.io.onnx;

import io.hypertape.autodiff.Session;
import io.hypertape.io.onnx.ProtoAttribute.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A node as it is read: its attributes, each of which must be known, and what is known of its
 * inputs.
 */
final class NodeForm {

  private final String file;
  private final ProtoNode node;
  private final long opset;
  private final ModelValues values;
  private final Set<String> taken = new HashSet<>();

  NodeForm(String file, ProtoNode node, long opset, ModelValues values) {
    this.file = file;
    this.node = node;
    this.opset = opset;
    this.values = values;
  }

  String label() {
    return node.label();
  }

  int outputs() {
    return node.outputs().size();
  }

  long opset() {
    return opset;
  }

  Session session() {
    return values.session();
  }

  ModelValues values() {
    return values;
  }

  boolean hasInput(int i) {
    return i < node.inputs().size() && !node.inputs().get(i).isEmpty();
  }

  /** What an input is, if the file has it. */
  Optional<GraphValue> known(int i) {
    return hasInput(i) ? values.known(node.inputs().get(i)) : Optional.empty();
  }

  boolean has(String attribute) {
    return node.attributes().containsKey(attribute);
  }

  long integer(String attribute, long otherwise) throws OnnxException {
    return value(attribute, Kind.INT, ProtoAttribute::integer).orElse(otherwise);
  }

  double number(String attribute, double otherwise) throws OnnxException {
    return value(attribute, Kind.FLOAT, a -> (double) a.single()).orElse(otherwise);
  }

  String text(String attribute, String otherwise) throws OnnxException {
    return value(attribute, Kind.STRING, ProtoAttribute::text).orElse(otherwise);
  }

  Optional<long[]> integers(String attribute) throws OnnxException {
    return value(attribute, Kind.INTS, ProtoAttribute::integers);
  }

  Optional<double[]> numbers(String attribute) throws OnnxException {
    return value(attribute, Kind.FLOATS, ProtoAttribute::singles);
  }

  Optional<StoredArray> array(String attribute) throws OnnxException {
    return value(attribute, Kind.TENSOR, Function.identity()).flatMap(ProtoAttribute::array);
  }

  /** Sizes of several axes, each from a least number on and not beyond what arrays can have. */
  int[] sizes(String attribute, int[] otherwise, int least) throws OnnxException {
    Optional<long[]> given = integers(attribute);
    if (given.isEmpty()) {
      return otherwise;
    }
    int[] sizes = new int[given.get().length];
    for (int i = 0; i < sizes.length; i++) {
      long size = given.get()[i];
      require(
          size >= least && size < 1 << 24,
          attribute + " has " + size + "; " + least + " or more is needed, below 2^24");
      sizes[i] = (int) size;
    }
    require(
        sizes.length == otherwise.length,
        attribute + " has " + sizes.length + " numbers; " + otherwise.length + " are needed");
    return sizes;
  }

  /** An attribute that may say nothing else than what is done. */
  void only(String attribute, long value) throws OnnxException {
    long given = integer(attribute, value);
    require(given == value, attribute + " = " + given + " is not read; " + value + " is");
  }

  /** An attribute that makes no difference here. */
  void ignore(String attribute) {
    taken.add(attribute);
  }

  private <T> Optional<T> value(String attribute, Kind kind, Function<ProtoAttribute, T> value)
      throws OnnxException {
    taken.add(attribute);
    ProtoAttribute given = node.attributes().get(attribute);
    if (given == null) {
      return Optional.empty();
    }
    require(given.kind() == kind, attribute + " is " + given.kind() + "; " + kind + " is needed");
    return Optional.of(value.apply(given));
  }

  /** Attributes that nobody has asked for might mean anything. */
  void checkAttributes() throws OnnxException {
    for (String attribute : node.attributes().keySet()) {
      require(taken.contains(attribute), "its attribute " + attribute + " is not known here");
    }
  }

  void require(boolean fits, String otherwise) throws OnnxException {
    if (!fits) {
      throw refused(otherwise);
    }
  }

  OnnxException refused(String why) {
    return new OnnxException(file + ": " + label() + ": " + why);
  }

  List<String> outputNames() {
    return node.outputs();
  }
}
