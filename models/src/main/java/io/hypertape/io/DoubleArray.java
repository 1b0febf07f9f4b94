package io.hypertape.io;

import io.hypertape.checks.Nulls;
import java.util.Arrays;

/**
 * A dense row-major array of double-precision numbers. Equal are those of equal shape and numbers.
 *
 * @param shape lengths of the axes; copied
 * @param data the numbers; not copied, since they are many: this is the caller's array
 */
public record DoubleArray(int[] shape, double[] data) {

  /** Checks that the numbers fill the shape. */
  public DoubleArray {
    shape = Nulls.check(shape, "array: shape").clone();
    Nulls.check(data, "array: data");
    FloatArray.checkSize(shape, data.length);
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
    return other instanceof DoubleArray a
        && Arrays.equals(shape, a.shape)
        && Arrays.equals(data, a.data);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(shape) + Arrays.hashCode(data);
  }

  @Override
  public String toString() {
    return "F64" + Arrays.toString(shape);
  }
}
