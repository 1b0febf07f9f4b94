package io.hypertape.io;

/**
 * A dense row-major array of double-precision numbers.
 *
 * @param shape lengths of the axes
 * @param data the numbers
 */
public record DoubleArray(int[] shape, double[] data) {

  /** Checks that the numbers fill the shape. */
  public DoubleArray {
    FloatArray.checkSize(shape, data.length);
  }
}
