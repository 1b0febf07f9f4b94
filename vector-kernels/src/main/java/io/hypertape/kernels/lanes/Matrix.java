package io.hypertape.kernels.lanes;

/**
 * A matrix in an array: element (i, j) is at {@code offset + i · rowStride + j · colStride}.
 *
 * @param array where it lies
 * @param offset of element (0, 0)
 * @param rows how many rows
 * @param cols how many columns
 * @param rowStride elements from a row to the next
 * @param colStride elements from a column to the next
 */
public record Matrix(float[] array, int offset, int rows, int cols, int rowStride, int colStride) {

  /**
   * Checks that it lies within the array.
   *
   * @throws IllegalArgumentException if rows or cols is negative
   * @throws IndexOutOfBoundsException if the array is shorter
   */
  public Matrix {
    OperandChecks.size("rows", rows);
    OperandChecks.size("cols", cols);
    OperandChecks.matrix(rows, cols, array, offset, rowStride, colStride);
  }

  /**
   * Rows that lie one behind the other, without gaps.
   *
   * @param array where they lie
   * @param offset of the first
   * @param rows how many rows
   * @param cols how many columns
   * @return the matrix
   */
  public static Matrix dense(float[] array, int offset, int rows, int cols) {
    return new Matrix(array, offset, rows, cols, cols, 1);
  }

  /**
   * Where a row begins.
   *
   * @param i the row, from 0
   * @return the place of its first element in the array
   */
  public int row(int i) {
    return offset + i * rowStride;
  }

  /**
   * The same elements, rows for columns.
   *
   * @return the transpose
   */
  public Matrix transposed() {
    return new Matrix(array, offset, cols, rows, colStride, rowStride);
  }

  /**
   * Some of the rows and columns.
   *
   * @param row the first row
   * @param height how many rows
   * @param col the first column
   * @param width how many columns
   * @return the part
   */
  public Matrix part(int row, int height, int col, int width) {
    // Of an empty part nothing is read, wherever it would begin.
    int at = height == 0 || width == 0 ? offset : offset + row * rowStride + col * colStride;
    return new Matrix(array, at, height, width, rowStride, colStride);
  }

  /**
   * Refuses another shape.
   *
   * @param name what the kernel calls this operand
   * @param m rows that fit
   * @param n columns that fit
   * @return this
   * @throws IllegalArgumentException if this has another shape
   */
  public Matrix ofShape(String name, int m, int n) {
    if (rows != m || cols != n) {
      throw new IllegalArgumentException(
          name + " is " + rows + " x " + cols + "; " + m + " x " + n + " fits");
    }
    return this;
  }

  /**
   * Refuses rows that do not lie element beside element.
   *
   * @param name what the kernel calls this operand
   * @return this
   * @throws IllegalArgumentException if elements of a row are apart
   */
  public Matrix withDenseRows(String name) {
    if (colStride != 1 && cols > 1) {
      throw new IllegalArgumentException(
          name + " has columns " + colStride + " apart; 1 fits, as rows are read in one piece");
    }
    return this;
  }

  /**
   * Refuses an output of whose elements two share a place.
   *
   * @param name what the kernel calls this output
   * @return this
   * @throws IllegalArgumentException if rows overlap, or elements of a row are apart
   */
  public Matrix writable(String name) {
    withDenseRows(name);
    if (rows > 1 && rowStride < cols) {
      throw new IllegalArgumentException(
          "rows of " + name + " overlap: they are " + rowStride + " apart and " + cols + " long");
    }
    return this;
  }
}
