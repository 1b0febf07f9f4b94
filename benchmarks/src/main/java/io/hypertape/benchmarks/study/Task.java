package io.hypertape.benchmarks.study;

import io.hypertape.autodiff.Session;
import java.util.Map;

/**
 * Something to be learned: a model, its data in three parts, the batch, the length. Weights and
 * order of batches depend on the seed alone, so that all optimizers find the same.
 */
interface Task {

  /** The short name on the command line, in labels and in names of files, such as {@code relu}. */
  String name();

  /** Which half of the tasks it belongs to. */
  Half half();

  /** For people: model, data, batch and length. */
  String title();

  /** What decides its results: model, data, batch, length. */
  Map<String, String> key();

  /** Training steps of a run. */
  long steps();

  /** About how many seconds a step takes on one core; for the time left. */
  double stepSeconds();

  /** What it is judged by. */
  Quality quality();

  /**
   * Begins a run: a fresh model, and batches from the first one on.
   *
   * @param session where
   * @param seed of weights and batches
   * @return the run, to be closed by the caller
   */
  Trial begin(Session session, long seed);
}
