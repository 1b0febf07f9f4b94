package io.hypertape.io.onnx;

import io.hypertape.io.onnx.GraphValue.Wholes;
import java.util.Arrays;
import java.util.function.LongBinaryOperator;

/** Small arrays of whole numbers on the host: shapes, axes, and what is computed of them. */
final class WholesArrays {

  /** More than shapes and paddings need; whoever wants more computes with tensors. */
  private static final int MOST = 1 << 16;

  private WholesArrays() {}

  /** A shape that may be made. */
  static int[] checked(int... shape) {
    int size = NodeRun.size(shape);
    if (size > MOST) {
      throw new IllegalArgumentException(
          size + " whole numbers would be computed; at most " + MOST + " are");
    }
    return shape;
  }

  /** Elements at regular places: out[i, j, …] = x[from + i·strides₀ + j·strides₁ + …]. */
  private static Wholes at(Wholes x, int from, int[] shape, int[] strides) {
    long[] values = new long[NodeRun.size(checked(shape))];
    for (int i = 0; i < values.length; i++) {
      int place = from;
      int rest = i;
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        place += rest % shape[axis] * strides[axis];
        rest /= shape[axis];
      }
      values[i] = x.values()[place];
    }
    return new Wholes(shape, values);
  }

  private static int[] strides(int[] shape) {
    int[] strides = new int[shape.length];
    int stride = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= shape[axis];
    }
    return strides;
  }

  static Wholes transposed(Wholes x, int[] order) {
    int[] strides = strides(x.shape());
    return at(
        x,
        0,
        Arrays.stream(order).map(axis -> x.shape()[axis]).toArray(),
        Arrays.stream(order).map(axis -> strides[axis]).toArray());
  }

  /** Elements along an axis from a place on, count of them, at a distance that may be negative. */
  static Wholes sliced(Wholes x, int axis, int from, int count, int step) {
    int[] strides = strides(x.shape());
    int[] shape = x.shape().clone();
    shape[axis] = count;
    int first = count == 0 ? 0 : from * strides[axis];
    strides[axis] *= count > 1 ? step : 0;
    return at(x, first, shape, strides);
  }

  /** Places along the first axis of a list, or a list of places. */
  static Wholes taken(Wholes from, int axis, Wholes index) {
    if (from.shape().length != 1 || axis != 0 || index.shape().length > 1) {
      throw new IllegalArgumentException(
          from.text() + " by " + index.text() + "; lists are needed");
    }
    checked(index.shape());
    int n = from.values().length;
    long[] values =
        Arrays.stream(index.values()).map(i -> from.values()[NodeRun.axis(i, n)]).toArray();
    return new Wholes(index.shape(), values);
  }

  /** Of numbers, or of lists of equal length; one number stands for as many as there are others. */
  static Wholes combined(Wholes a, Wholes b, LongBinaryOperator function) {
    int most = Math.max(a.values().length, b.values().length);
    int n = Math.min(a.values().length, b.values().length) == 0 ? 0 : most;
    boolean fits =
        (a.values().length == n || a.values().length == 1)
            && (b.values().length == n || b.values().length == 1)
            && a.shape().length <= 1
            && b.shape().length <= 1;
    if (!fits) {
      throw new IllegalArgumentException(
          a.text() + " and " + b.text() + "; lists of equal length, or a number, are needed");
    }
    long[] values = new long[checked(n)[0]];
    for (int i = 0; i < n; i++) {
      values[i] =
          function.applyAsLong(
              a.values()[a.values().length == 1 ? 0 : i],
              b.values()[b.values().length == 1 ? 0 : i]);
    }
    boolean number = a.shape().length + b.shape().length == 0;
    return new Wholes(number ? new int[0] : new int[] {n}, values);
  }
}
