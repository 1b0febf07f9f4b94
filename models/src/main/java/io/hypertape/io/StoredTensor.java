package io.hypertape.io;

import io.hypertape.checks.Nulls;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the header of a safetensors file says of a tensor.
 *
 * @param type how numbers are stored
 * @param shape lengths of the axes, without a sign: only a tensor without elements can have one
 *     that is above 2⁶³
 */
public record StoredTensor(StoredType type, List<Long> shape) {

  /** Keeps a copy of the shape. */
  public StoredTensor {
    Nulls.check(type, "stored tensor: type");
    shape = Nulls.copy(shape, "stored tensor: shape");
  }

  /**
   * For people.
   *
   * @return such as {@code F16 [3, 2]}
   */
  @Override
  public String toString() {
    return type + " " + text(shape);
  }

  static String text(List<Long> shape) {
    return shape.stream().map(Long::toUnsignedString).collect(Collectors.joining(", ", "[", "]"));
  }
}
