package io.hypertape.io.onnx;

import io.hypertape.autodiff.Session;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Makes a model of what a file has, or says what of it is not read. */
final class ModelReader {

  /** Before, ops had other forms; newer ones are not known. */
  private static final int FIRST_OPSET = 11;

  private static final int LAST_OPSET = 28;
  private static final int SHOWN = 8;

  /** Inputs of ops that are running statistics. */
  private static final Map<String, List<Integer>> STATISTICS =
      Map.of("BatchNormalization", List.of(3, 4));

  /** Inputs of ops that are settings, not weights. */
  private static final Map<String, List<Integer>> SETTINGS =
      Map.of("Clip", List.of(1, 2), "Pad", List.of(2), "Dropout", List.of(1));

  private final Path file;
  private final ProtoModel proto;
  private final ModelValues values;
  private final List<GraphNode> nodes = new ArrayList<>();

  private ModelReader(Path file, ProtoModel proto, Session session) {
    this.file = file;
    this.proto = proto;
    this.values = new ModelValues(session);
  }

  static OnnxModel read(Session session, Path file) throws IOException {
    ModelReader reader = new ModelReader(file, ModelParser.parse(file), session);
    try {
      reader.checkOps();
      reader.addInitializers();
      reader.addNodes();
      return new OnnxModel(reader.proto, reader.values, reader.nodes);
    } catch (Throwable e) {
      reader.values.close();
      throw e;
    }
  }

  private OnnxException refused(String why) {
    return new OnnxException(file + ": " + why);
  }

  private void checkOps() throws OnnxException {
    if (proto.opset() < FIRST_OPSET || proto.opset() > LAST_OPSET) {
      throw refused(
          String.format(
              Locale.ROOT,
              "its ops are of version %d; %d to %d are read. In Python,"
                  + " onnx.save(onnx.version_converter.convert_version(onnx.load(\"%s\"), 17),"
                  + " \"model17.onnx\") converts them",
              proto.opset(),
              FIRST_OPSET,
              LAST_OPSET,
              file));
    }
    Set<String> unknown = new TreeSet<>();
    String first = "";
    for (ProtoNode node : proto.nodes()) {
      if (!node.domain().isEmpty() || !NodeTable.has(node.op())) {
        first = first.isEmpty() ? node.label() : first;
        unknown.add(node.domain().isEmpty() ? node.op() : node.domain() + "." + node.op());
      }
    }
    if (!unknown.isEmpty()) {
      throw refused(
          "has ops that are not read: "
              + String.join(", ", unknown.stream().limit(SHOWN).toList())
              + (unknown.size() > SHOWN ? " and " + (unknown.size() - SHOWN) + " more" : "")
              + ", the first of them "
              + first
              + "; read are "
              + NodeTable.names());
    }
  }

  private Set<String> inputs(Map<String, List<Integer>> places) {
    Set<String> names = new HashSet<>();
    for (ProtoNode node : proto.nodes()) {
      for (int place : places.getOrDefault(node.op(), List.of())) {
        if (place < node.inputs().size()) {
          names.add(node.inputs().get(place));
        }
      }
    }
    return names;
  }

  private void addInitializers() {
    Set<String> statistics = inputs(STATISTICS);
    Set<String> settings = inputs(SETTINGS);
    proto
        .initializers()
        .forEach(
            (name, array) -> {
              boolean number = array.shape().length == 0 || settings.contains(name);
              if (!array.type().isFloating() || number) {
                values.know(name, values.constant(name, array));
              } else if (statistics.contains(name)) {
                values.buffer(name, array);
              } else {
                values.parameter(name, array);
              }
            });
  }

  private void addNodes() throws OnnxException {
    Set<String> known = new HashSet<>(proto.initializers().keySet());
    for (ProtoValue input : proto.inputs()) {
      if (input.name().isEmpty() || !known.add(input.name())) {
        throw refused("has two inputs '" + input.name() + "', or one without a name");
      }
      ElementType.of(input.type(), file + ": input '" + input.name() + "'");
    }
    for (ProtoNode node : proto.nodes()) {
      NodeForm form = new NodeForm(file.toString(), node, proto.opset(), values);
      for (String input : node.inputs()) {
        form.require(
            input.isEmpty() || known.contains(input), "its input '" + input + "' is not known");
      }
      form.require(!node.outputs().isEmpty(), "it has no output");
      NodeFunction function = NodeTable.create(node.op(), form);
      for (String output : node.outputs()) {
        form.require(
            output.isEmpty() || known.add(output), "there is another value '" + output + "'");
      }
      nodes.add(new GraphNode(node.label(), node.inputs(), node.outputs(), function));
    }
    if (proto.outputs().isEmpty()) {
      throw refused("has no outputs");
    }
    for (ProtoValue output : proto.outputs()) {
      if (!known.contains(output.name())) {
        throw refused("its output '" + output.name() + "' is not computed");
      }
    }
  }
}
