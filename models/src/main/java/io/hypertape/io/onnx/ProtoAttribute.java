package io.hypertape.io.onnx;

import java.util.Optional;

/**
 * An attribute of a node.
 *
 * @param kind which of the values it has
 */
record ProtoAttribute(
    String name,
    Kind kind,
    long integer,
    float single,
    String text,
    long[] integers,
    double[] singles,
    Optional<StoredArray> array) {

  /** Kinds of values, by the numbers that ONNX gives them (AttributeProto.AttributeType). */
  enum Kind {
    UNKNOWN,
    FLOAT,
    INT,
    STRING,
    TENSOR,
    GRAPH,
    FLOATS,
    INTS,
    OTHER;

    static Kind of(long number) {
      return number < 0 || number >= OTHER.ordinal() ? OTHER : values()[(int) number];
    }
  }
}
