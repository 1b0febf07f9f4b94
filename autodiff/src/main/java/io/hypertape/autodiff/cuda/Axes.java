package io.hypertape.autodiff.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Up to three operands' axes with what can be merged merged: axes of length 1 dropped, neighbours
 * that lie end to end in every operand joined. The kernels' {@code struct Axes}; reused from call
 * to call.
 */
final class Axes {

  /** Axes that the kernels' struct holds. */
  static final int MOST = 8;

  private static final int[] NONE = {};

  private int[] lengths = new int[MOST];
  private final int[][] strides = {new int[MOST], new int[MOST], new int[MOST]};
  private final MemorySegment struct;
  private int rank;

  Axes(Arena arena) {
    this.struct = arena.allocate(ValueLayout.JAVA_INT, 1 + 4 * MOST);
  }

  void clear() {
    rank = 0;
  }

  /** Takes the axes of a shape; NONE stands for an operand that is not there. */
  Axes of(int[] shape, int[] a, int[] b, int[] c) {
    clear();
    for (int axis = 0; axis < shape.length; axis++) {
      append(shape[axis], a[axis], b.length == 0 ? 0 : b[axis], c.length == 0 ? 0 : c[axis]);
    }
    return this;
  }

  Axes of(int[] shape, int[] a, int[] b) {
    return of(shape, a, b, NONE);
  }

  /** Appends an axis inside those that are there. */
  void append(int length, int a, int b, int c) {
    if (length == 1) {
      return;
    }
    int outer = rank - 1;
    if (rank > 0
        && strides[0][outer] == (long) a * length
        && strides[1][outer] == (long) b * length
        && strides[2][outer] == (long) c * length) {
      lengths[outer] *= length;
    } else {
      grow();
      outer = rank++;
      lengths[outer] = length;
    }
    strides[0][outer] = a;
    strides[1][outer] = b;
    strides[2][outer] = c;
  }

  private void grow() {
    if (rank == lengths.length) {
      lengths = Arrays.copyOf(lengths, 2 * rank);
      for (int k = 0; k < strides.length; k++) {
        strides[k] = Arrays.copyOf(strides[k], 2 * rank);
      }
    }
  }

  int rank() {
    return rank;
  }

  int length(int axis) {
    return lengths[axis];
  }

  /** Stride of operand 0, 1 or 2 along an axis. */
  int stride(int operand, int axis) {
    return strides[operand][axis];
  }

  /** Number of elements. */
  int size() {
    int size = 1;
    for (int axis = 0; axis < rank; axis++) {
      size *= lengths[axis];
    }
    return size;
  }

  /** Whether an operand lies densely in row-major order. */
  boolean isDense(int operand) {
    int step = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      if (strides[operand][axis] != step) {
        return false;
      }
      step *= lengths[axis];
    }
    return true;
  }

  /** The kernels' struct with these axes. */
  MemorySegment struct(String op) {
    if (rank > MOST) {
      throw new IllegalArgumentException(
          op
              + ": the cuda backend takes operands of up to "
              + MOST
              + " axes that no stride joins, not "
              + rank
              + "; make them contiguous first");
    }
    struct.setAtIndex(ValueLayout.JAVA_INT, 0, rank);
    MemorySegment.copy(lengths, 0, struct, ValueLayout.JAVA_INT, 4L, rank);
    for (int k = 0; k < strides.length; k++) {
      MemorySegment.copy(
          strides[k], 0, struct, ValueLayout.JAVA_INT, 4L * (1 + MOST * (k + 1)), rank);
    }
    return struct;
  }
}
