package io.hypertape.io;

/**
 * A dense row-major array of whole numbers.
 *
 * @param shape lengths of the axes
 * @param data the numbers
 */
public record LongArray(int[] shape, long[] data) {

  /** Checks that the numbers fill the shape. */
  public LongArray {
    FloatArray.checkSize(shape, data.length);
  }
}
