package io.hypertape.io;

import java.util.Arrays;

/**
 * A dense row-major array of single-precision numbers.
 *
 * @param shape lengths of the axes
 * @param data the numbers
 */
public record FloatArray(int[] shape, float[] data) {

  /** Checks that the numbers fill the shape. */
  public FloatArray {
    long size = 1;
    for (int length : shape) {
      size *= length;
    }
    if (size != data.length) {
      throw new IllegalArgumentException(
          data.length + " numbers do not fill shape " + Arrays.toString(shape));
    }
  }
}
