package io.hypertape.benchmarks.paper;

import io.hypertape.autodiff.Session;

/** What a part finds when it runs. */
interface Conditions {

  /** Opens a session of the chosen backend with one thread, for the calling thread to close. */
  Session open();

  /** Whether to stop. */
  boolean stops();

  /** A training step was taken. */
  void step();
}
