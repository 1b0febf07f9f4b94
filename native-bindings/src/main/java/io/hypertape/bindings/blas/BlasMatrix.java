package io.hypertape.bindings.blas;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A matrix in an array as a BLAS takes it: its rows or its columns are contiguous, and do not
 * overlap. Element (i, j) is at {@code offset + i · rowStride + j · colStride}.
 *
 * @param array where it lies
 * @param offset of element (0, 0)
 * @param rows how many rows, at least 1
 * @param cols how many columns, at least 1
 * @param rowStride elements from a row to the next
 * @param colStride elements from a column to the next
 */
public record BlasMatrix(
    float[] array, int offset, int rows, int cols, int rowStride, int colStride) {

  /**
   * Checks that a BLAS can take it, and that it lies within the array: native code checks nothing.
   *
   * @throws IllegalArgumentException if it {@linkplain #fits does not fit}
   * @throws IndexOutOfBoundsException if the array is shorter
   */
  public BlasMatrix {
    if (!fits(rows, cols, rowStride, colStride)) {
      throw new IllegalArgumentException(
          "a matrix of "
              + rows
              + " x "
              + cols
              + " with rows "
              + rowStride
              + " and columns "
              + colStride
              + " apart is none that a BLAS takes: contiguous rows or columns fit");
    }
    long last = (long) offset + (rows - 1L) * rowStride + (cols - 1L) * colStride;
    Objects.checkFromToIndex(offset, last + 1, array.length);
  }

  /**
   * Whether a BLAS can take a matrix as it lies.
   *
   * @param rows how many rows
   * @param cols how many columns
   * @param rowStride elements from a row to the next
   * @param colStride elements from a column to the next
   * @return false if it is empty, or neither its rows nor its columns are contiguous, or these
   *     overlap
   */
  public static boolean fits(int rows, int cols, int rowStride, int colStride) {
    return rows > 0
        && cols > 0
        && (isRuns(rows, cols, rowStride, colStride) || isRuns(cols, rows, colStride, rowStride));
  }

  /** Whether there are so many runs of so many elements side by side. */
  private static boolean isRuns(int runs, int length, int apart, int step) {
    return (step == 1 || length == 1) && (apart >= length || runs == 1);
  }

  /** Whether its columns are its runs. */
  boolean isTransposed() {
    return !isRuns(rows, cols, rowStride, colStride);
  }

  /** Elements from one run to the next: a BLAS wants no fewer than a run has, even of one run. */
  long leading() {
    return isTransposed() ? Math.max(colStride, rows) : Math.max(rowStride, cols);
  }

  /** From its first element to the end of the array. */
  MemorySegment segment() {
    return MemorySegment.ofArray(array).asSlice(Float.BYTES * (long) offset);
  }

  @Override
  public String toString() {
    return rows + " x " + cols + (isTransposed() ? " transposed" : "") + ", leading " + leading();
  }
}
