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

  /**
   * Refuses an array without room for what shall be copied into it.
   *
   * @param what is copied
   * @param length of the array
   * @param at where the copy begins
   * @param needed how many numbers are copied
   */
  public static void room(String what, int length, int at, int needed) {
    if (at < 0 || needed > length - at) {
      throw new IllegalArgumentException(
          what
              + ": "
              + needed
              + " numbers from place "
              + at
              + " on do not fit into an array of "
              + length);
    }
  }

  /**
   * Refuses a range that is not in an array.
   *
   * @param what the array is
   * @param length of the array
   * @param from where the range begins
   * @param count how many numbers it has
   */
  public static void range(String what, int length, int from, int count) {
    if (from < 0 || count < 0 || count > length - from) {
      throw new IllegalArgumentException(
          what
              + ": there are "
              + length
              + " numbers; "
              + count
              + " from place "
              + from
              + " on are not among them");
    }
  }
}
