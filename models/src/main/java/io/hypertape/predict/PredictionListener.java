package io.hypertape.predict;

/**
 * Is told of each computation of a {@link Predictor}: how many calls it was for, how long these
 * waited, and how long it took. Told on the thread that computed, before that one's own call
 * returns, by several threads at the same time; what it throws fails the calls. For meters of a
 * service, see {@code docs/following.md}.
 */
@FunctionalInterface
public interface PredictionListener {

  /**
   * Something has been computed. One that failed is not told.
   *
   * @param calls how many calls were computed together, 1 if they are not {@linkplain Batching
   *     joined}
   * @param examples of all of them
   * @param waitedNanos from when the first of them came to when it was begun: for others to join
   *     it, and for a lane
   * @param nanos that computing took
   */
  void computed(int calls, int examples, long waitedNanos, long nanos);
}
