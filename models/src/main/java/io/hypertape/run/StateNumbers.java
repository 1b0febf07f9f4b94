package io.hypertape.run;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.io.DoubleArray;
import io.hypertape.io.FloatArray;
import io.hypertape.tensor.DType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Arrays by name, in the precision of the session that they are of, so that no bit is lost. */
record StateNumbers(Map<String, FloatArray> floats, Map<String, DoubleArray> doubles) {

  StateNumbers() {
    this(new LinkedHashMap<>(), new LinkedHashMap<>());
  }

  void put(Session session, String name, Tensor tensor) {
    if (session.dtype() == DType.F32) {
      floats.put(name, new FloatArray(tensor.shape(), tensor.toFloats()));
    } else {
      doubles.put(name, new DoubleArray(tensor.shape(), tensor.toDoubles()));
    }
  }

  void put(Session session, String part, Buffer value) {
    String name = part + value.name();
    if (names().contains(name)) {
      throw new IllegalArgumentException(
          "state of a run: the model has two values of the name " + value.name());
    }
    if (session.dtype() == DType.F32) {
      floats.put(name, new FloatArray(value.shape(), value.toFloats()));
    } else {
      doubles.put(name, new DoubleArray(value.shape(), value.toDoubles()));
    }
  }

  private Set<String> names() {
    Set<String> names = new TreeSet<>(floats.keySet());
    names.addAll(doubles.keySet());
    return names;
  }

  /** Numbers of another precision would be rounded, and further steps be others. */
  void checkPrecision(Session session) {
    Map<String, ?> wrong = session.dtype() == DType.F32 ? doubles : floats;
    if (!wrong.isEmpty()) {
      throw new IllegalArgumentException(
          "state of a run: it is in "
              + (wrong == doubles ? "float64" : "float32")
              + ", and this session computes in "
              + (wrong == doubles ? "float32" : "float64"));
    }
  }

  /** The arrays of a part as tensors in the current scope, by what follows the part's name. */
  Map<String, Tensor> tensors(Session session, String part) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name : names()) {
      if (name.startsWith(part)) {
        tensors.put(name.substring(part.length()), tensor(session, name));
      }
    }
    return tensors;
  }

  private Tensor tensor(Session session, String name) {
    FloatArray narrow = floats.get(name);
    return narrow != null
        ? session.tensor(narrow.data(), narrow.shape())
        : session.tensor(doubles.get(name).data(), doubles.get(name).shape());
  }

  /** What follows a part's name, as numbers by themselves. */
  StateNumbers part(String part) {
    StateNumbers found = new StateNumbers();
    copy(part, floats, found.floats);
    copy(part, doubles, found.doubles);
    return found;
  }

  private static <T> void copy(String part, Map<String, T> from, Map<String, T> into) {
    from.forEach(
        (name, array) -> {
          if (name.startsWith(part)) {
            into.put(name.substring(part.length()), array);
          }
        });
  }

  /** Adds others under a part's name. */
  void putAll(String part, StateNumbers others) {
    others.floats.forEach((name, array) -> floats.put(part + name, array));
    others.doubles.forEach((name, array) -> doubles.put(part + name, array));
  }

  /** The shape of an array; empty if there is none of the name. */
  Optional<int[]> shape(String name) {
    return floats.containsKey(name)
        ? Optional.of(floats.get(name).shape())
        : Optional.ofNullable(doubles.get(name)).map(DoubleArray::shape);
  }

  /** The arrays of a part must be these values', and these values' arrays must be there. */
  void check(String part, List<Buffer> values) {
    Set<String> left = names();
    left.removeIf(name -> !name.startsWith(part));
    for (Buffer value : values) {
      String name = part + value.name();
      if (!left.remove(name)) {
        throw new IllegalArgumentException("state of a run: " + name + " is missing");
      }
      int[] shape = shape(name).orElseThrow();
      if (!Arrays.equals(shape, value.shape())) {
        throw new IllegalArgumentException(
            "state of a run: "
                + name
                + " has shape "
                + Arrays.toString(shape)
                + "; the model needs "
                + Arrays.toString(value.shape()));
      }
    }
    if (!left.isEmpty()) {
      throw new IllegalArgumentException(
          "state of a run: this model has no " + String.join(", ", left));
    }
  }

  void set(String part, List<Buffer> values) {
    for (Buffer value : values) {
      String name = part + value.name();
      if (floats.containsKey(name)) {
        value.set(floats.get(name).data());
      } else {
        value.set(doubles.get(name).data());
      }
    }
  }

  void set(String name, Parameter value) {
    if (floats.containsKey(name)) {
      value.set(floats.get(name).data());
    } else {
      value.set(doubles.get(name).data());
    }
  }
}
