package io.hypertape.benchmarks.study;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A step size that training starts from.
 *
 * @param text as it is written, such as {@code 1e-8}
 * @param value its value, above 0
 */
record Start(String text, double value) {

  /** Ten decades, from a hundred-millionth to ten. */
  static final List<Start> DECADES =
      IntStream.rangeClosed(-8, 1).mapToObj(e -> of("1e" + e)).toList();

  /** For a first look. */
  static final List<Start> FEW = List.of(of("1e-8"), of("1e-5"), of("1e-2"), of("1e1"));

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is no number above 0
   */
  static Start of(String text) {
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(text + " is no number", e);
    }
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(text + " is no step size; a number above 0 is needed");
    }
    return new Start(text, value);
  }
}
