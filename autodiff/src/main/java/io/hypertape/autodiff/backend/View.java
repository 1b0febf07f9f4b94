package io.hypertape.autodiff.backend;

import io.hypertape.checks.Nulls;

/**
 * A strided window on a storage. Element {@code (i0, i1, …)} is at {@code offset + Σ i_k ·
 * strides[k]}. A stride of 0 repeats an element along its axis (broadcasting); views that are
 * written to have none. The arrays are shared, not copied, since every operation has several of
 * them and a recorded one reads them at each replay: never change them.
 *
 * @param storage the storage
 * @param offset index of the first element
 * @param shape length of every axis, outermost first; empty for a scalar
 * @param strides distance of neighbours along every axis, in elements
 */
public record View(Storage storage, int offset, int[] shape, int[] strides) {

  /** Checks that all is there. */
  public View {
    Nulls.check(storage, "view: storage");
    Nulls.check(shape, "view: shape");
    Nulls.check(strides, "view: strides");
  }

  /**
   * A row-major view of a whole storage's beginning.
   *
   * @param storage the storage
   * @param shape length of every axis
   * @return the contiguous view at offset 0
   */
  public static View contiguous(Storage storage, int... shape) {
    return new View(storage, 0, shape, rowMajorStrides(shape));
  }

  /**
   * Strides of a dense row-major array.
   *
   * @param shape length of every axis
   * @return its strides, in elements
   */
  public static int[] rowMajorStrides(int... shape) {
    Nulls.check(shape, "rowMajorStrides: shape");
    int[] strides = new int[shape.length];
    int step = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      strides[axis] = step;
      step *= Math.max(shape[axis], 1);
    }
    return strides;
  }

  /**
   * Number of elements the view shows.
   *
   * @return the product of the axes' lengths; 1 for a scalar
   */
  public int size() {
    int size = 1;
    for (int length : shape) {
      size *= length;
    }
    return size;
  }

  /**
   * Number of axes.
   *
   * @return the rank; 0 for a scalar
   */
  public int rank() {
    return shape.length;
  }

  /**
   * A matrix's transpose, on the same storage.
   *
   * @return [n, m] for [m, n]
   */
  public View transposed() {
    return new View(
        storage, offset, new int[] {shape[1], shape[0]}, new int[] {strides[1], strides[0]});
  }

  /**
   * Whether the elements lie densely in row-major order.
   *
   * @return true if so; axes of length 1 may have any stride
   */
  public boolean isContiguous() {
    int step = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      if (shape[axis] != 1 && strides[axis] != step) {
        return size() == 0;
      }
      step *= shape[axis];
    }
    return true;
  }
}
