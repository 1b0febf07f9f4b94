package io.hypertape.io;

import io.hypertape.checks.Nulls;
import java.util.Arrays;

/**
 * A dense row-major array of single-precision numbers. Equal are those of equal shape and numbers.
 *
 * @param shape lengths of the axes; copied
 * @param data the numbers; not copied, since they are many: this is the caller's array
 */
public record FloatArray(int[] shape, float[] data) {

  /** Checks that the numbers fill the shape. */
  public FloatArray {
    shape = Nulls.check(shape, "array: shape").clone();
    Nulls.check(data, "array: data");
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

  /**
   * Lengths of the axes.
   *
   * @return a copy of the shape
   */
  @Override
  public int[] shape() {
    return shape.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FloatArray a
        && Arrays.equals(shape, a.shape)
        && Arrays.equals(data, a.data);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(shape) + Arrays.hashCode(data);
  }

  @Override
  public String toString() {
    return "F32" + Arrays.toString(shape);
  }
}
