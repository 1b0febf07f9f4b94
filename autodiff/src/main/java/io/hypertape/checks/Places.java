package io.hypertape.checks;

/** Checks of places in what has a length, in words that say what was counted. */
public final class Places {

  private Places() {}

  /**
   * Refuses a number that is none of so many.
   *
   * @param what they are, such as {@code mnist: example}
   * @param index counted from 0
   * @param size how many there are
   * @return the index
   * @throws IndexOutOfBoundsException if it is below 0 or not below size
   */
  public static int check(String what, int index, int size) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException(
          what
              + " "
              + index
              + ": "
              + (size == 0 ? "there is none" : "there are 0 to " + (size - 1)));
    }
    return index;
  }
}
