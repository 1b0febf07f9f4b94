package io.hypertape.optim;

import io.hypertape.autodiff.Tensor;
import io.hypertape.tensor.DType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Tensors by name, of which all must be used, and in the shape that is needed. */
final class NamedTensors {

  private final Map<String, Tensor> tensors;
  private final Set<String> left;

  NamedTensors() {
    this(Map.of());
  }

  NamedTensors(Map<String, Tensor> tensors) {
    this.tensors = new LinkedHashMap<>(tensors);
    this.left = new TreeSet<>(tensors.keySet());
  }

  void put(String name, Tensor tensor) {
    if (tensors.put(name, tensor) != null) {
      throw new IllegalArgumentException(
          "state of a tower: two parameters have the name of " + name + "; names must differ");
    }
  }

  Map<String, Tensor> all() {
    return tensors;
  }

  /** Refuses what is missing or of another form; so it is known before anything is used. */
  void check(String name, int... shape) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("state of a tower: " + name + " is missing");
    }
    if (!Arrays.equals(tensor.shape(), shape)) {
      throw new IllegalArgumentException(
          "state of a tower: "
              + name
              + " has shape "
              + Arrays.toString(tensor.shape())
              + "; "
              + Arrays.toString(shape)
              + " is needed");
    }
    if (tensor.dtype() == DType.I32) {
      throw new IllegalArgumentException(
          "state of a tower: " + name + " has integers; floating-point numbers are needed");
    }
    left.remove(name);
  }

  /** What need not be there. */
  Optional<Tensor> find(String name, int... shape) {
    if (!tensors.containsKey(name)) {
      return Optional.empty();
    }
    check(name, shape);
    return Optional.of(tensors.get(name));
  }

  /** A copy in the current scope. */
  Tensor copy(String name, int... shape) {
    check(name, shape);
    return tensors.get(name).copy();
  }

  void checkNothingLeft() {
    if (!left.isEmpty()) {
      throw new IllegalArgumentException(
          "state of a tower: this one's parameters and levels have no " + String.join(", ", left));
    }
  }
}
