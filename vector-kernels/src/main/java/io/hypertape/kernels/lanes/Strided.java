package io.hypertape.kernels.lanes;

import java.util.Arrays;

/**
 * Elements of any number of axes in an array: element (i₀, i₁, …) is at {@code offset + Σ iₖ ·
 * strides[k]}. A stride of 0 repeats an element along its axis.
 *
 * @param array where they lie
 * @param offset of the element whose indices are all 0
 * @param shape length of each axis
 * @param strides elements from one index to the next, of each axis
 */
public record Strided(float[] array, int offset, int[] shape, int[] strides) {

  /**
   * Checks that they lie within the array. The arrays of lengths and strides are not copied.
   *
   * @throws IllegalArgumentException if there is not a stride for each axis, or a length is
   *     negative
   * @throws IndexOutOfBoundsException if the array is shorter
   */
  public Strided {
    OperandChecks.strided(shape, array, offset, strides);
  }

  /**
   * Elements that lie in their order, without gaps.
   *
   * @param array where they lie
   * @param offset of the first
   * @param shape length of each axis
   * @return the elements
   */
  public static Strided dense(float[] array, int offset, int[] shape) {
    int[] strides = new int[shape.length];
    int step = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      strides[axis] = step;
      step *= Math.max(shape[axis], 1);
    }
    return new Strided(array, offset, shape, strides);
  }

  /**
   * Refuses another shape.
   *
   * @param name what the kernel calls this operand
   * @param fits the shape that fits
   * @return this
   * @throws IllegalArgumentException if this has another shape
   */
  public Strided ofShape(String name, int[] fits) {
    if (!Arrays.equals(shape, fits)) {
      throw new IllegalArgumentException(
          name
              + " has the shape "
              + Arrays.toString(shape)
              + "; "
              + Arrays.toString(fits)
              + " fits");
    }
    return this;
  }

  /**
   * Refuses an output of whose elements two share a place.
   *
   * @param name what the kernel calls this output
   * @return this
   * @throws IllegalArgumentException if a stride is 0
   */
  public Strided writable(String name) {
    for (int axis = 0; axis < shape.length; axis++) {
      if (strides[axis] == 0 && shape[axis] > 1) {
        throw new IllegalArgumentException(
            name + ": stride 0 on axis " + axis + " of length " + shape[axis] + " of an output");
      }
    }
    return this;
  }
}
