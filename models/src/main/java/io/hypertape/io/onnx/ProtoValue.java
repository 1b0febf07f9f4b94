package io.hypertape.io.onnx;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An input or output of a graph.
 *
 * @param name its name
 * @param type of its elements, by ONNX's number
 * @param shape lengths of the axes, or what they are called; empty if the file does not say
 */
record ProtoValue(String name, long type, Optional<List<Length>> shape) {

  /**
   * Length of an axis.
   *
   * @param number how long; −1 where any length does
   * @param name what it is called then; may be empty
   */
  record Length(long number, String name) {

    @Override
    public String toString() {
      return number >= 0 ? Long.toString(number) : name.isEmpty() ? "?" : name;
    }
  }

  /** Such as {@code [batch, 3, 32, 32]}. */
  String shapeText() {
    return shape
        .map(s -> s.stream().map(Length::toString).collect(Collectors.joining(", ", "[", "]")))
        .orElse("[…]");
  }
}
