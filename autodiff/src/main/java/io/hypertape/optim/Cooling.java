package io.hypertape.optim;

/**
 * A linear fall to 0 of what a schedule's factor is when somebody asks for it.
 *
 * @param begin number of steps taken before it
 * @param steps number of steps until 0 is reached
 * @param from the factor of its first step
 */
record Cooling(long begin, long steps, double from) {

  /** Checks the numbers, which may be a file's. */
  Cooling {
    if (begin < 0 || steps < 1 || !(from >= 0) || Double.isInfinite(from)) {
      throw new IllegalArgumentException(
          "a cool-down after " + begin + " steps over " + steps + ", from a factor of " + from);
    }
  }

  boolean isAt(long step) {
    return step >= begin;
  }

  /** The factor of a step of it or after it. */
  double factor(long step) {
    long done = step - begin;
    return done >= steps ? 0 : from * (1 - (double) done / steps);
  }

  /** Number of steps after which the factor is 0. */
  long end() {
    return begin > Long.MAX_VALUE - steps ? Long.MAX_VALUE : begin + steps;
  }

  @Override
  public String toString() {
    return "from step " + (begin + 1) + " to step " + end();
  }
}
