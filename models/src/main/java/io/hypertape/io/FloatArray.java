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
    boolean fits = true;
    long size = 1;
    for (int length : shape) {
      fits &= length >= 0;
      // Beyond what any array has it stays: a product that wraps round would fit by chance.
      size = Math.min(size, Integer.MAX_VALUE) * length;
    }
    if (!fits || size != numbers) {
      throw new IllegalArgumentException(
          numbers + " numbers do not fill shape " + Arrays.toString(shape));
    }
  }
}
