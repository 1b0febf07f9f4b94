package io.hypertape.kernels.lanes;

import java.util.Arrays;
import java.util.Locale;

/** Checks of a kernel's arguments: each refusal names the operand and what would fit. */
public final class OperandChecks {

  private OperandChecks() {}

  /** A strided operand lies within its array. */
  static void strided(int[] shape, float[] array, int off, int[] strides) {
    if (strides.length != shape.length) {
      throw new IllegalArgumentException(
          "an operand: " + strides.length + " strides for the shape " + Arrays.toString(shape));
    }
    double low = off;
    double high = off;
    boolean empty = false;
    for (int axis = 0; axis < shape.length; axis++) {
      int length = shape[axis];
      if (length < 0) {
        throw new IllegalArgumentException(
            "an operand: negative size in the shape " + Arrays.toString(shape));
      }
      empty |= length == 0;
      // In double: no product of two ints overflows it, nor does it round one that could fit.
      double reach = (length - 1.0) * strides[axis];
      low += Math.min(reach, 0);
      high += Math.max(reach, 0);
    }
    if (!empty && (low < 0 || high >= array.length)) {
      String form = Arrays.toString(shape) + ", strides " + Arrays.toString(strides);
      String operand = "an operand with shape " + form + " and offset " + off;
      throw outside(operand, low, high, array.length);
    }
  }

  /** A matrix lies within its array. */
  static void matrix(int rows, int cols, float[] array, int off, int row, int col) {
    if (rows == 0 || cols == 0) {
      return;
    }
    double down = (rows - 1.0) * row;
    double right = (cols - 1.0) * col;
    double low = off + Math.min(down, 0) + Math.min(right, 0);
    double high = off + Math.max(down, 0) + Math.max(right, 0);
    if (low < 0 || high >= array.length) {
      String form = "a matrix of %d x %d at offset %d, rows %d and columns %d apart";
      String matrix = String.format(Locale.ROOT, form, rows, cols, off, row, col);
      throw outside(matrix, low, high, array.length);
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

  /** An operand has as many elements as a shape. */
  public static void shape(String name, int length, int[] shape) {
    // In double: no product of four ints overflows it, nor does it round one that could fit.
    double size = 1;
    for (int axis : shape) {
      size *= axis;
    }
    if (size != length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s %s has %.0f elements, the operand %d",
              name,
              Arrays.toString(shape),
              size,
              length));
    }
  }

  /** A vector of contiguous elements lies within its array. */
  static void range(String name, int n, int length, int off) {
    if (off < 0 || n > length - off) {
      throw outside(name, off, off + n - 1.0, length);
    }
  }

  private static IndexOutOfBoundsException outside(
      String operand, double first, double last, int length) {
    String form = "%s covers elements %.0f to %.0f of an array of %d";
    return new IndexOutOfBoundsException(
        String.format(Locale.ROOT, form, operand, first, last, length));
  }

  /** Indices of random numbers. */
  public static void sequence(long first, int n) {
    if (first < 0 || first > Long.MAX_VALUE - n) {
      throw new IllegalArgumentException(
          "first is " + first + "; first and first + n lie within 0 to " + Long.MAX_VALUE);
    }
  }
}
