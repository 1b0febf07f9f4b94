package io.hypertape.io.onnx;

import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.io.guard.HeapRoom;
import io.hypertape.models.Mode;
import io.hypertape.tensor.DType;
import java.util.Arrays;
import java.util.List;

/**
 * One call of a node.
 *
 * @param session where it is computed
 * @param inputs values, in the node's order
 * @param mode whether the model is being trained
 */
record NodeRun(Session session, List<GraphValue> inputs, Mode mode) {

  boolean has(int i) {
    return i < inputs.size() && !(inputs.get(i) instanceof GraphValue.Absent);
  }

  GraphValue value(int i) {
    if (!has(i)) {
      throw new IllegalArgumentException("its input " + i + " is missing");
    }
    return inputs.get(i);
  }

  /** Whether an input is whole numbers on the host. */
  boolean isWhole(int i) {
    return has(i) && inputs.get(i) instanceof GraphValue.Wholes;
  }

  /** A tensor of floating-point numbers, or of indices. */
  Tensor tensor(int i) {
    return switch (value(i)) {
      case GraphValue.Computed computed -> computed.tensor();
      case GraphValue.Learned learned -> learned.parameter().value();
      case GraphValue.Kept kept -> kept.buffer().read();
      case GraphValue.Constant constant ->
          constant.stored().isPresent() ? constant.stored().get().read() : tensor(constant);
      case GraphValue other ->
          throw new IllegalArgumentException(
              "its input " + i + " is " + other.text() + "; a tensor is needed");
    };
  }

  private Tensor tensor(GraphValue.Constant constant) {
    return constant.values().length == 1
        ? session.constant(constant.values()[0]).reshape(constant.shape())
        : session.tensor(constant.values(), constant.shape());
  }

  GraphValue.Wholes wholes(int i) {
    if (value(i) instanceof GraphValue.Wholes wholes) {
      return wholes;
    }
    throw new IllegalArgumentException(
        "its input "
            + i
            + " is "
            + value(i).text()
            + "; whole numbers are needed that depend on"
            + " shapes alone");
  }

  int[] shape(int i) {
    return value(i) instanceof GraphValue.Wholes wholes ? wholes.shape() : tensor(i).shape();
  }

  static GraphValue of(Tensor tensor) {
    return new GraphValue.Computed(tensor);
  }

  /** An axis, counted from the last one if it is negative. */
  static int axis(long axis, int rank) {
    long positive = axis < 0 ? axis + rank : axis;
    if (positive < 0 || positive >= rank) {
      throw new IllegalArgumentException("axis " + axis + " of " + rank + " axes");
    }
    return (int) positive;
  }

  static int[] axes(long[] axes, int rank) {
    return Arrays.stream(axes).mapToInt(axis -> axis(axis, rank)).toArray();
  }

  /** A length, or an error if no array can be so long. */
  static int length(long length) {
    if (length < 0 || length > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException("a length of " + length);
    }
    return (int) length;
  }

  static int size(int... shape) {
    long size = 1;
    for (int length : shape) {
      size = Math.min(size, Integer.MAX_VALUE) * length;
    }
    return length(size);
  }

  /** What becomes larger than what it is made of is compared with the memory that there is. */
  int[] room(int... shape) {
    long bytes = (long) size(shape) * (session.dtype() == DType.F64 ? 8 : 4);
    HeapRoom room = HeapRoom.ofJvm();
    if (!room.fits(bytes)) {
      throw new IllegalArgumentException(
          room.lacking("its output's " + Arrays.toString(shape) + " numbers", bytes));
    }
    return shape;
  }

  /** The shape that two shapes are broadcast to. */
  int[] broadcast(int[] a, int[] b) {
    int rank = Math.max(a.length, b.length);
    int[] shape = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      int ofA = axis < rank - a.length ? 1 : a[axis - rank + a.length];
      int ofB = axis < rank - b.length ? 1 : b[axis - rank + b.length];
      if (ofA != ofB && ofA != 1 && ofB != 1) {
        throw new IllegalArgumentException(
            "shapes " + Arrays.toString(a) + " and " + Arrays.toString(b) + " do not broadcast");
      }
      shape[axis] = ofA == 1 ? ofB : ofA;
    }
    return room(shape);
  }
}
