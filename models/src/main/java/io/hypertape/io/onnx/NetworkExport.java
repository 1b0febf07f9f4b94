package io.hypertape.io.onnx;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.checks.Nulls;
import io.hypertape.io.proto.ProtoWriter;
import io.hypertape.models.Classifier;
import io.hypertape.models.Embedding;
import io.hypertape.models.Gru;
import io.hypertape.models.Layer;
import io.hypertape.models.Lstm;
import io.hypertape.models.Mode;
import io.hypertape.models.Sequential;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes a layer as a graph of one input and one output. The layer itself is asked which shapes it
 * gives: it is applied to zeros, in batches of two lengths.
 *
 * @param layer the network
 * @param example lengths of the input's axes after the first, 0 where any does
 */
record NetworkExport(Layer layer, int[] example) {

  private static final String BATCH = "batch";

  /** What the axes of images are called. */
  private static final List<String> IMAGE = List.of("channels", "height", "width");

  // Lengths to try; images of such sides pass through usual networks.
  private static final int FEW = 2;
  private static final int MORE = 3;
  private static final int SIDE = 32;
  private static final int LONGER_SIDE = 40;

  private record Axis(long length, String name) {

    static Axis any(String name) {
      return new Axis(0, name);
    }
  }

  /** As a GraphProto. */
  ProtoWriter message() {
    List<Axis> in = inputAxes();
    List<Axis> out = outputAxes(in.getFirst().name());
    OnnxGraph graph =
        new OnnxGraph(
            Stream.concat(
                    parameters().stream().map(Parameter::name),
                    Nulls.checkAll(layer.buffers(), "layer.buffers()").stream().map(Buffer::name))
                .toList());
    String input = graph.fresh("input");
    String value = graph.layer(layer, input);
    String output =
        graph.output(value, layer instanceof Classifier ? "log_probabilities" : "output");
    ElementType type = takesSymbols(layer) ? ElementType.INT64 : ElementType.FLOAT;
    return graph.message(
        "network", List.of(value(input, type, in)), List.of(value(output, ElementType.FLOAT, out)));
  }

  private List<Parameter> parameters() {
    return Nulls.checkAll(layer.parameters(), "layer.parameters()");
  }

  private List<Axis> inputAxes() {
    boolean recurrent = first(layer) instanceof Lstm || first(layer) instanceof Gru;
    List<Axis> axes = new ArrayList<>();
    axes.add(Axis.any(recurrent ? "steps" : BATCH));
    for (int length : example) {
      if (length < 0) {
        throw new IllegalArgumentException(
            "ONNX: an axis of length " + length + "; 0 is for any length");
      }
      String name = example.length == 3 ? IMAGE.get(axes.size() - 1) : "length_" + axes.size();
      name = recurrent && axes.size() == 1 ? BATCH : name;
      axes.add(length == 0 ? Axis.any(name) : new Axis(length, ""));
    }
    return axes;
  }

  /** The layer that the input meets. */
  private static Layer first(Layer layer) {
    return layer instanceof Sequential chain && !chain.layers().isEmpty()
        ? first(chain.layers().getFirst())
        : layer;
  }

  private static boolean takesSymbols(Layer layer) {
    return first(layer) instanceof Embedding;
  }

  private List<Axis> outputAxes(String firstAxis) {
    if (parameters().isEmpty()) {
      try (Session session = Session.open(Device.REFERENCE)) {
        return outputAxes(session, firstAxis);
      }
    }
    return outputAxes(parameters().getFirst().session(), firstAxis);
  }

  private List<Axis> outputAxes(Session session, String firstAxis) {
    int[] few = shape(session, FEW, SIDE);
    int[] more = shape(session, MORE, SIDE);
    boolean rigid = IntStream.of(example).noneMatch(length -> length == 0);
    int[] longer = rigid ? more : shape(session, MORE, LONGER_SIDE);
    List<Axis> axes = new ArrayList<>();
    for (int axis = 0; axis < few.length; axis++) {
      boolean ofBatch = few[axis] == FEW && more[axis] == MORE;
      boolean fixed = few[axis] == more[axis] && more[axis] == longer[axis];
      axes.add(fixed ? new Axis(few[axis], "") : Axis.any(ofBatch ? firstAxis : ""));
    }
    return axes;
  }

  private int[] shape(Session session, int batch, int side) {
    int[] shape =
        IntStream.concat(
                IntStream.of(batch),
                IntStream.of(example).map(length -> length == 0 ? side : length))
            .toArray();
    return session.scoped(
        () -> {
          Tensor input =
              takesSymbols(layer)
                  ? session.indices(new int[IntStream.of(shape).reduce(1, Math::multiplyExact)])
                  : session.zeros(shape);
          return Nulls.check(layer.forward(input, Mode.EVALUATE), "layer.forward(input, mode)")
              .shape();
        });
  }

  private static ProtoWriter value(String name, ElementType type, List<Axis> axes) {
    return value(
        name,
        type,
        axes.stream().map(axis -> axis.name().isEmpty() ? axis.length() : axis.name()).toArray());
  }

  /** A ValueInfoProto; axes are numbers, 0 where nothing is said, or texts. */
  static ProtoWriter value(String name, ElementType type, Object... axes) {
    ProtoWriter shape = new ProtoWriter();
    for (Object axis : axes) {
      ProtoWriter dimension = new ProtoWriter();
      if (axis instanceof String text) {
        dimension.text(2, text);
      } else if (axis instanceof Number length && length.longValue() > 0) {
        dimension.integer(1, length.longValue());
      }
      shape.message(1, dimension);
    }
    ProtoWriter tensor = new ProtoWriter().integer(1, type.number()).message(2, shape);
    return new ProtoWriter().text(1, name).message(2, new ProtoWriter().message(1, tensor));
  }
}
