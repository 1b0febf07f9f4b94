package io.hypertape.kernels.lanes;

import java.util.Locale;

/**
 * A run of floats in an array.
 *
 * @param array where they lie
 * @param offset of the first
 * @param length how many
 */
public record Floats(float[] array, int offset, int length) {

  /**
   * Checks that they lie within the array.
   *
   * @throws IllegalArgumentException if the length is negative
   * @throws IndexOutOfBoundsException if the array is shorter
   */
  public Floats {
    OperandChecks.size("a length", length);
    OperandChecks.range("a run of floats", length, array.length, offset);
  }

  /**
   * All of an array.
   *
   * @param array the floats
   * @return the run of them
   */
  public static Floats of(float... array) {
    return new Floats(array, 0, array.length);
  }

  /**
   * One of them.
   *
   * @param i its index, from 0
   * @return the number
   */
  public float get(int i) {
    return array[offset + i];
  }

  /**
   * Writes one of them.
   *
   * @param i its index, from 0
   * @param value the number
   */
  public void set(int i, float value) {
    array[offset + i] = value;
  }

  /**
   * Refuses a run of another length.
   *
   * @param name what the kernel calls this operand
   * @param n the length that fits
   * @return this
   * @throws IllegalArgumentException if this has another length
   */
  public Floats ofLength(String name, int n) {
    OperandChecks.length(name, length, n);
    return this;
  }

  /**
   * Refuses an output that shares some of its places with an operand, but is not just that.
   *
   * @param name what the kernel calls this output
   * @param otherName what it calls the operand
   * @param other the operand
   * @throws IllegalArgumentException if they overlap in part
   */
  public void apartFrom(String name, String otherName, Floats other) {
    if (offset != other.offset || length != other.length) {
      disjointFrom(name, otherName, other);
    }
  }

  /**
   * Refuses two runs that have a place in common.
   *
   * @param name what the kernel calls this output
   * @param otherName what it calls the other
   * @param other the other
   * @throws IllegalArgumentException if they overlap
   */
  public void disjointFrom(String name, String otherName, Floats other) {
    if (array == other.array
        && (long) offset < (long) other.offset + other.length
        && (long) other.offset < (long) offset + length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s, %d elements at %d, overlaps %s, %d at %d of the same array",
              name,
              length,
              offset,
              otherName,
              other.length,
              other.offset));
    }
  }
}
