package io.hypertape.predict;

import java.util.concurrent.CopyOnWriteArrayList;

/** Who is told of computations. While there is nobody, no clock is read. */
final class Listeners {

  private final CopyOnWriteArrayList<PredictionListener> all = new CopyOnWriteArrayList<>();

  void add(PredictionListener listener) {
    all.add(listener);
  }

  void remove(PredictionListener listener) {
    all.remove(listener);
  }

  /** The time, if somebody wants to know; otherwise 0. */
  long now() {
    return all.isEmpty() ? 0 : System.nanoTime();
  }

  /**
   * Something has been computed.
   *
   * @param asked when its first call came, by {@link #now}
   * @param begun when it was begun
   */
  void computed(int calls, int examples, long asked, long begun) {
    // Who began to listen in between hears of the next one.
    if (asked == 0 || begun == 0) {
      return;
    }
    long end = System.nanoTime();
    for (PredictionListener each : all) {
      each.computed(calls, examples, begun - asked, end - begun);
    }
  }
}
