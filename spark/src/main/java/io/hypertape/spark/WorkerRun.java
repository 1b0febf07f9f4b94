package io.hypertape.spark;

import io.hypertape.autodiff.Session;
import io.hypertape.run.Training;
import io.hypertape.run.TrainingListener;
import io.hypertape.shards.Shards;
import java.io.IOException;
import java.io.Serializable;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * What is made in a worker: a model, and its training on the worker's rows.
 *
 * @param <R> a row
 */
interface WorkerRun<R> extends Serializable {

  /**
   * A model and its training.
   *
   * @param training runs
   * @param weights the model's, as it is when they are asked for
   * @param end closes the model
   */
  record Made(Training training, Weights weights, Runnable end) {}

  /** A file of weights. */
  @FunctionalInterface
  interface Weights {

    /** Its bytes. */
    byte[] bytes() throws IOException;
  }

  /**
   * Makes them.
   *
   * @param session whose model it is
   * @param rows this worker's
   * @param shards whose gradients it computes
   * @param listener follows the run
   */
  Made in(Session session, Iterator<R> rows, Shards shards, TrainingListener listener);

  /** What a function of the caller's gives: without it no other attempt would get further. */
  static <T> T given(@Nullable T value, String who) {
    if (value == null) {
      throw new IllegalArgumentException("train: " + who + " null; one is needed in every worker");
    }
    return value;
  }
}
