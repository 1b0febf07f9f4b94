package io.hypertape.kernels.elementwise;

/**
 * Up to three operands' axes with what can be merged merged: axes of length 1 dropped, neighbours
 * that lie end to end in every operand joined. Reused from call to call.
 */
public final class Layout {

  private static final int[] NONE = {};

  private int[] lengths = new int[8];
  private final int[][] strides = {new int[8], new int[8], new int[8]};
  private final int[] offsets = new int[3];
  private int[] counter = new int[8];
  private int rank;
  private boolean empty;

  /** Prepares a walk over rows along the innermost merged axis; strides may be null if unused. */
  public Layout of(int[] shape, int aOff, int[] a, int bOff, int[] b, int cOff, int[] c) {
    grow(shape.length);
    offsets[0] = aOff;
    offsets[1] = bOff;
    offsets[2] = cOff;
    rank = 0;
    empty = false;
    int[] sb = b == null ? NONE : b;
    int[] sc = c == null ? NONE : c;
    for (int axis = 0; axis < shape.length; axis++) {
      int length = shape[axis];
      empty |= length == 0;
      if (length != 1) {
        append(length, a[axis], b == null ? 0 : sb[axis], c == null ? 0 : sc[axis]);
      }
    }
    if (rank == 0) {
      append(1, 1, 1, 1);
    }
    java.util.Arrays.fill(counter, 0, rank, 0);
    return this;
  }

  private void append(int length, int a, int b, int c) {
    if (rank > 0
        && strides[0][rank - 1] == a * length
        && strides[1][rank - 1] == b * length
        && strides[2][rank - 1] == c * length
        && (long) lengths[rank - 1] * length <= Integer.MAX_VALUE) {
      lengths[rank - 1] *= length;
      rank--;
    } else {
      lengths[rank] = length;
    }
    strides[0][rank] = a;
    strides[1][rank] = b;
    strides[2][rank] = c;
    rank++;
  }

  private void grow(int needed) {
    if (needed > lengths.length) {
      lengths = new int[needed];
      counter = new int[needed];
      for (int k = 0; k < 3; k++) {
        strides[k] = new int[needed];
      }
    }
  }

  public boolean isEmpty() {
    return empty;
  }

  /** Whether one row is all there is. */
  public boolean isRow() {
    return rank == 1;
  }

  /** Length of a row. */
  public int length() {
    return lengths[rank - 1];
  }

  /** Stride of operand k along a row. */
  public int stride(int k) {
    return strides[k][rank - 1];
  }

  /** Offset of operand k's current row. */
  public int offset(int k) {
    return offsets[k];
  }

  /** Moves to the next row; false after the last. */
  public boolean next() {
    for (int axis = rank - 2; axis >= 0; axis--) {
      if (++counter[axis] < lengths[axis]) {
        advance(axis, 1);
        return true;
      }
      advance(axis, 1 - lengths[axis]);
      counter[axis] = 0;
    }
    return false;
  }

  private void advance(int axis, int steps) {
    offsets[0] += steps * strides[0][axis];
    offsets[1] += steps * strides[1][axis];
    offsets[2] += steps * strides[2][axis];
  }
}
