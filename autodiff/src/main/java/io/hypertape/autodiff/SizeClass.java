package io.hypertape.autodiff;

/**
 * Sizes that storage is given out in, so that what held one tensor fits the next one of about its
 * size: multiples of a cache line up to 256 elements, then eight sizes between a power of two and
 * the next. No more than an eighth is wasted, or a cache line.
 */
final class SizeClass {

  /** Elements of a cache line, of 4 bytes each. */
  private static final int LINE = 16;

  /** Binary logarithm of the number of sizes between two powers of two. */
  private static final int LOG_STEPS = 3;

  /** Binary logarithm of the size up to which classes are a line apart. */
  private static final int LOG_FINE = 8;

  private static final int FINE = (1 << LOG_FINE) / LINE;

  /** The largest array that every JVM makes. */
  private static final int LARGEST = Integer.MAX_VALUE - 8;

  /** How many classes there are. */
  static final int COUNT = 1 + FINE + (Integer.SIZE - 1 - LOG_FINE << LOG_STEPS);

  private SizeClass() {}

  /** Number of the smallest class that has room for so many elements; 0 is that of none. */
  static int of(int size) {
    if (size <= 1 << LOG_FINE) {
      return (size + LINE - 1) / LINE;
    }
    int octave = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(size - 1);
    int step = (size - 1 >>> octave - LOG_STEPS) - (1 << LOG_STEPS);
    return 1 + FINE + (octave - LOG_FINE << LOG_STEPS) + step;
  }

  /** Elements that fit into a class. */
  private static long capacity(int number) {
    if (number <= FINE) {
      return (long) number * LINE;
    }
    int above = number - FINE - 1;
    int octave = LOG_FINE + (above >> LOG_STEPS);
    long step = (above & (1 << LOG_STEPS) - 1) + (1 << LOG_STEPS) + 1;
    return step << octave - LOG_STEPS;
  }

  /** So many elements, rounded up to what their class has room for. */
  static int roundUp(int size) {
    return (int) Math.max(size, Math.min(capacity(of(size)), LARGEST));
  }

  /** Number of the largest class whose every size fits into storage of this capacity. */
  static int within(int capacity) {
    int number = of(capacity);
    return roundUp(capacity) == capacity ? number : number - 1;
  }
}
