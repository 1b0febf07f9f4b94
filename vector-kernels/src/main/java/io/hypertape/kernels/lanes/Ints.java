package io.hypertape.kernels.lanes;

/**
 * A run of ints in an array, as indices are.
 *
 * @param array where they lie
 * @param offset of the first
 * @param length how many
 */
public record Ints(int[] array, int offset, int length) {

  /**
   * Checks that they lie within the array.
   *
   * @throws IllegalArgumentException if the length is negative
   * @throws IndexOutOfBoundsException if the array is shorter
   */
  public Ints {
    OperandChecks.size("a length", length);
    OperandChecks.range("a run of ints", length, array.length, offset);
  }

  /**
   * All of an array.
   *
   * @param array the ints
   * @return the run of them
   */
  public static Ints of(int... array) {
    return new Ints(array, 0, array.length);
  }

  /**
   * One of them.
   *
   * @param i its index, from 0
   * @return the number
   */
  public int get(int i) {
    return array[offset + i];
  }

  /**
   * Refuses numbers that are no indices.
   *
   * @param limit what all of them are below
   * @throws IndexOutOfBoundsException if one is negative, or not below the limit
   */
  public void checkWithin(int limit) {
    // Their signs: without branches, so that the compiler makes vectors of it.
    int signs = 0;
    for (int i = 0; i < length; i++) {
      signs |= array[offset + i] | limit - 1 - array[offset + i];
    }
    for (int i = 0; signs < 0 && i < length; i++) {
      if (get(i) < 0 || get(i) >= limit) {
        throw outside(i, limit);
      }
    }
  }

  /**
   * What is said of one that is no index.
   *
   * @param i which, from 0
   * @param limit what it should be below
   * @return the exception
   */
  public IndexOutOfBoundsException outside(int i, int limit) {
    return new IndexOutOfBoundsException(
        "index[" + i + "] is " + get(i) + ", allowed are 0 to " + (limit - 1));
  }

  /**
   * Refuses a run of another length.
   *
   * @param name what the kernel calls this operand
   * @param n the length that fits
   * @return this
   * @throws IllegalArgumentException if this has another length
   */
  public Ints ofLength(String name, int n) {
    OperandChecks.length(name, length, n);
    return this;
  }
}
