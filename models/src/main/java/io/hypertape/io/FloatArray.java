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
    checkSize(shape, data.length);
  }

  static void checkSize(int[] shape, int numbers) {
    long size = 1;
    for (int length : shape) {
      size *= length;
    }
    if (size != numbers) {
      throw new IllegalArgumentException(
          numbers + " numbers do not fill shape " + Arrays.toString(shape));
    }
  }
}
