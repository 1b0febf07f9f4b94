package io.hypertape.io.onnx;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.DropoutCounter;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.tensor.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a model has in the session's memory, and all that a graph knows before it runs. */
final class ModelValues implements AutoCloseable {

  private final Session session;
  private final Map<String, GraphValue> known = new HashMap<>();
  private final List<Parameter> parameters = new ArrayList<>();
  private final List<Buffer> buffers = new ArrayList<>();
  private final List<Buffer> constants = new ArrayList<>();
  private final List<DropoutCounter> counters = new ArrayList<>();

  ModelValues(Session session) {
    this.session = session;
  }

  Session session() {
    return session;
  }

  List<Parameter> parameters() {
    return List.copyOf(parameters);
  }

  List<Buffer> buffers() {
    return List.copyOf(buffers);
  }

  List<DropoutCounter> counters() {
    return List.copyOf(counters);
  }

  Map<String, GraphValue> known() {
    return known;
  }

  Optional<GraphValue> known(String name) {
    return Optional.ofNullable(known.get(name));
  }

  void know(String name, GraphValue value) {
    known.put(name, value);
  }

  void parameter(String name, StoredArray array) {
    try (Scope unused = session.scratch()) {
      Parameter parameter = new Parameter(name, tensor(array));
      parameters.add(parameter);
      know(name, new GraphValue.Learned(parameter));
    }
  }

  void buffer(String name, StoredArray array) {
    try (Scope unused = session.scratch()) {
      Buffer buffer = new Buffer(name, tensor(array));
      buffers.add(buffer);
      know(name, new GraphValue.Kept(buffer));
    }
  }

  /** Numbers that are neither learned nor kept up to date. */
  GraphValue constant(String name, StoredArray array) {
    if (!array.type().isFloating()) {
      return new GraphValue.Wholes(array.shape(), array.toLongs());
    }
    if (array.size() == 1) {
      return new GraphValue.Constant(array.shape(), array.toDoubles(), Optional.empty());
    }
    try (Scope unused = session.scratch()) {
      Buffer buffer = new Buffer(name, tensor(array));
      constants.add(buffer);
      return new GraphValue.Constant(array.shape(), new double[0], Optional.of(buffer));
    }
  }

  DropoutCounter counter() {
    // Another seed for each; the file tells none.
    DropoutCounter counter = new DropoutCounter(session, counters.size() + 1L);
    counters.add(counter);
    return counter;
  }

  private Tensor tensor(StoredArray array) {
    return session.dtype() == DType.F64
        ? session.tensor(array.toDoubles(), array.shape())
        : session.tensor(array.toFloats(), array.shape());
  }

  @Override
  public void close() {
    parameters.forEach(Parameter::close);
    buffers.forEach(Buffer::close);
    constants.forEach(Buffer::close);
    counters.forEach(DropoutCounter::close);
  }
}
