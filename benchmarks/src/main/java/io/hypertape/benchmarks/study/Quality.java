package io.hypertape.benchmarks.study;

/**
 * What a task is judged by; less is better.
 *
 * @param text for people, with its unit, such as {@code error (%)}
 * @param chance that of one who has learned nothing, which is what a run gets whose loss is no
 *     number
 */
record Quality(String text, double chance) {

  /** The share of {@link #chance} from which on nothing worth the name was learned. */
  private static final double UNTRAINED = 0.9;

  /** The share of images whose class is not found, in percent. */
  static Quality error(int classes) {
    return new Quality("error (%)", 100 * (1 - 1.0 / classes));
  }

  /** Whether a run that ended so has learned nothing to speak of. */
  boolean isUntrained(double figure) {
    return !(figure < UNTRAINED * chance);
  }
}
