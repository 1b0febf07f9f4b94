package io.hypertape.benchmarks.parts;

import java.io.IOException;
import java.util.Map;

/**
 * A piece of an experiment that is run and kept as a whole, such as one training run: its result
 * depends on its key and on nothing else, so it does not matter when, after what and beside what it
 * runs.
 */
public interface Part {

  /** Whether another part may run at the same time. */
  enum Company {
    /** A part's result is the same whatever runs beside it. */
    ANY,
    /** Time is measured. */
    NONE
  }

  /** For people, such as {@code sgd(0.01), 30 epochs, seed 1}. */
  String label();

  /** Everything that decides the result but the backend and the version, name by name. */
  Map<String, String> key();

  /** About how long it takes, in training steps. */
  long steps();

  /** What may run beside it. */
  Company company();

  /**
   * Runs it.
   *
   * @param conditions where, and whether to go on
   * @return the result
   * @throws StoppedException if it was asked to stop before it was done
   * @throws IOException if something it needs fails
   */
  Outcome run(Conditions conditions) throws IOException;

  /** How the result is told in a line of progress. */
  String told(Outcome outcome);
}
