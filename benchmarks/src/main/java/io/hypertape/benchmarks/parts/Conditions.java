package io.hypertape.benchmarks.parts;

import io.hypertape.autodiff.Session;

/** What a part finds when it runs. */
public interface Conditions {

  /**
   * Opens a session of the chosen backend with one thread.
   *
   * @return the session, for the calling thread to close
   */
  Session open();

  /**
   * Whether to stop.
   *
   * @return true if a part shall throw {@link StoppedException}
   */
  boolean stops();

  /** A training step was taken. */
  void step();
}
