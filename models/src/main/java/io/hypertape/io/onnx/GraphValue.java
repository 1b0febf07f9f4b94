package io.hypertape.io.onnx;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Tensor;
import java.util.Arrays;
import java.util.Optional;

/** What flows through a graph. Whole numbers, of which shapes are made, stay on the host. */
sealed interface GraphValue {

  /** An input that a node leaves out. */
  record Absent() implements GraphValue {}

  /** A tensor of the session. */
  record Computed(Tensor tensor) implements GraphValue {}

  /** A parameter. */
  record Learned(Parameter parameter) implements GraphValue {}

  /** A running statistic. */
  record Kept(Buffer buffer) implements GraphValue {}

  /** Whole numbers, or true and false as 1 and 0. */
  record Wholes(int[] shape, long[] values) implements GraphValue {

    /** A tensor of one axis. */
    static Wholes of(long... values) {
      return new Wholes(new int[] {values.length}, values);
    }
  }

  /**
   * Numbers that do not change.
   *
   * @param values the numbers, if they are not in the session's memory
   * @param stored the same there
   */
  record Constant(int[] shape, double[] values, Optional<Buffer> stored) implements GraphValue {}

  /** For errors. */
  default String text() {
    return switch (this) {
      case Absent absent -> "nothing";
      case Computed computed ->
          computed.tensor().dtype() + Arrays.toString(computed.tensor().shape());
      case Learned learned -> learned.parameter().toString();
      case Kept kept -> kept.buffer().toString();
      case Wholes wholes -> "whole numbers " + Arrays.toString(wholes.shape());
      case Constant constant -> "constants " + Arrays.toString(constant.shape());
    };
  }
}
