package io.hypertape.kernels.lanes;

import java.util.Arrays;
import java.util.Locale;

/** Checks of a kernel's arguments: each refusal names the operand and what would fit. */
public final class OperandChecks {

  private OperandChecks() {}

  /** A strided operand lies within its array. */
  public static void strided(String name, int[] shape, float[] array, int off, int[] strides) {
    if (strides.length != shape.length) {
      throw new IllegalArgumentException(
          name
              + ": "
              + strides.length
              + " strides for a shape of "
              + shape.length
              + " axes, "
              + Arrays.toString(shape));
    }
    double low = off;
    double high = off;
    boolean empty = false;
    for (int axis = 0; axis < shape.length; axis++) {
      int length = shape[axis];
      if (length < 0) {
        throw new IllegalArgumentException(
            name + ": negative size in the shape " + Arrays.toString(shape));
      }
      empty |= length == 0;
      // In double: no product of two ints overflows it, nor does it round one that could fit.
      double reach = (length - 1.0) * strides[axis];
      low += Math.min(reach, 0);
      high += Math.max(reach, 0);
    }
    if (!empty && (low < 0 || high >= array.length)) {
      throw new IndexOutOfBoundsException(
          String.format(
              Locale.ROOT,
              "%s with shape %s, strides %s and offset %d covers elements %.0f to %.0f of an array"
                  + " of %d",
              name,
              Arrays.toString(shape),
              Arrays.toString(strides),
              off,
              low,
              high,
              array.length));
    }
  }

  /** An output has one place for each element. */
  public static void distinct(String name, int[] shape, int[] strides) {
    for (int axis = 0; axis < shape.length; axis++) {
      if (strides[axis] == 0 && shape[axis] > 1) {
        throw new IllegalArgumentException(
            name + ": stride 0 on axis " + axis + " of length " + shape[axis] + " of an output");
      }
    }
  }

  /** A matrix lies within its array. */
  public static void matrix(
      String name, int rows, int cols, float[] array, int off, int row, int col) {
    if (rows == 0 || cols == 0) {
      return;
    }
    double down = (rows - 1.0) * row;
    double right = (cols - 1.0) * col;
    double low = off + Math.min(down, 0) + Math.min(right, 0);
    double high = off + Math.max(down, 0) + Math.max(right, 0);
    if (low < 0 || high >= array.length) {
      throw new IndexOutOfBoundsException(
          String.format(
              Locale.ROOT,
              "%s of %d x %d at offset %d, rows %d and columns %d apart, covers elements %.0f to"
                  + " %.0f of an array of %d",
              name,
              rows,
              cols,
              off,
              row,
              col,
              low,
              high,
              array.length));
    }
  }

  /** Rows of an output do not overlap. */
  public static void rowsApart(String name, int rows, int cols, int row) {
    if (rows > 1 && row < cols) {
      throw new IllegalArgumentException(
          "rows of " + name + " overlap: they are " + row + " apart and " + cols + " long");
    }
  }

  /** A size is not negative. */
  public static void size(String name, int n) {
    if (n < 0) {
      throw new IllegalArgumentException(name + " is " + n + "; a size is 0 or more");
    }
  }

  /** An operand has as many elements as fit. */
  public static void length(String name, int length, int fits) {
    if (length != fits) {
      throw new IllegalArgumentException(name + " has " + length + " elements; " + fits + " fit");
    }
  }

  /** A vector of contiguous elements lies within its array. */
  public static void range(String name, int n, int length, int off) {
    if (off < 0 || n > length - off) {
      throw new IndexOutOfBoundsException(
          name
              + " covers elements "
              + off
              + " to "
              + ((long) off + n - 1)
              + " of an array of "
              + length);
    }
  }

  /** Indices of random numbers. */
  public static void sequence(long first, int n) {
    if (first < 0 || first > Long.MAX_VALUE - n) {
      throw new IllegalArgumentException(
          "first is " + first + "; first and first + n lie within 0 to " + Long.MAX_VALUE);
    }
  }
}
