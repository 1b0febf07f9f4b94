package io.hypertape.kernels.elementwise;

import io.hypertape.kernels.lanes.Strided;

/**
 * A way past the elements of three operands, the last axis fastest. Axes of length 1 are left out,
 * and neighbours that lie end to end in every operand are joined.
 */
final class RowWalk {

  /** Of an axis: its length, the three operands' steps along it, and how far the walk has come. */
  private static final int FIELDS = 5;

  private static final int COME = 4;

  private final int[] axes;
  private final int firstA;
  private final int firstB;
  private final int firstC;
  private int end;
  private boolean empty;

  // Where the walk is.
  private int a;
  private int b;
  private int c;

  /** Begins at these offsets; up to so many axes will be added. */
  RowWalk(int axes, int a, int b, int c) {
    this.axes = new int[FIELDS * axes];
    this.firstA = a;
    this.firstB = b;
    this.firstC = c;
  }

  /** Past rows, which the innermost joined axis is: a row's length and steps are not walked. */
  static RowWalk rows(Strided a, Strided b, Strided c) {
    int[] shape = c.shape();
    RowWalk walk = new RowWalk(Math.max(shape.length, 1), a.offset(), b.offset(), c.offset());
    for (int axis = 0; axis < shape.length; axis++) {
      walk.axis(shape[axis], a.strides()[axis], b.strides()[axis], c.strides()[axis]);
    }
    if (walk.end == 0) {
      walk.append(1, 1, 1, 1);
    }
    walk.end -= FIELDS;
    walk.begin();
    return walk;
  }

  /** Adds the rows' axis, which is joined with none, and begins. */
  RowWalk row(int length, int stepA, int stepB, int stepC) {
    append(length, stepA, stepB, stepC);
    end -= FIELDS;
    begin();
    return this;
  }

  /** Adds an axis, inside those before. */
  void axis(int length, int stepA, int stepB, int stepC) {
    empty |= length == 0;
    if (length == 1) {
      return;
    }
    int last = end - FIELDS;
    if (last >= 0
        && axes[last + 1] == stepA * length
        && axes[last + 2] == stepB * length
        && axes[last + 3] == stepC * length
        && (long) axes[last] * length <= Integer.MAX_VALUE) {
      end = last;
      append(axes[last] * length, stepA, stepB, stepC);
    } else {
      append(length, stepA, stepB, stepC);
    }
  }

  private void append(int length, int stepA, int stepB, int stepC) {
    axes[end] = length;
    axes[end + 1] = stepA;
    axes[end + 2] = stepB;
    axes[end + 3] = stepC;
    end += FIELDS;
  }

  boolean isEmpty() {
    return empty;
  }

  /** Whether one row is all there is. */
  boolean isRow() {
    return end == 0;
  }

  /** Whether it is one row, contiguous in every operand. */
  boolean isDenseRow() {
    return isRow() && (length() == 1 || stepA() == 1 && stepB() == 1 && stepC() == 1);
  }

  /** Length of a row. */
  int length() {
    return axes[end];
  }

  int stepA() {
    return axes[end + 1];
  }

  int stepB() {
    return axes[end + 2];
  }

  int stepC() {
    return axes[end + 3];
  }

  int a() {
    return a;
  }

  int b() {
    return b;
  }

  int c() {
    return c;
  }

  /** Goes back to the beginning. */
  void begin() {
    a = firstA;
    b = firstB;
    c = firstC;
    for (int i = COME; i < end; i += FIELDS) {
      axes[i] = 0;
    }
  }

  /** Moves on; false after the last. */
  boolean next() {
    for (int i = end - FIELDS; i >= 0; i -= FIELDS) {
      if (++axes[i + COME] < axes[i]) {
        advance(i, 1);
        return true;
      }
      advance(i, 1 - axes[i]);
      axes[i + COME] = 0;
    }
    return false;
  }

  private void advance(int i, int steps) {
    a += steps * axes[i + 1];
    b += steps * axes[i + 2];
    c += steps * axes[i + 3];
  }
}
