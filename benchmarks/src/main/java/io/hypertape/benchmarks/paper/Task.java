package io.hypertape.benchmarks.paper;

import io.hypertape.optim.Tower;
import java.io.IOException;
import java.util.Map;

/** A model to train on data, and how it is judged. */
interface Task {

  /** About how long a step of the paper's MLP takes on a processor. */
  double STEP_SECONDS = 1e-3;

  /** Its short name, such as {@code mlp}. */
  String name();

  /** For titles, such as {@code MLP 784-128-10 on MNIST}. */
  String title();

  /** What decides its results: model, data, batch. */
  Map<String, String> key();

  /** Training steps of an epoch. */
  long stepsOfEpoch();

  /** The figure that it is judged by, such as {@code test_error_percent}. */
  String measure();

  /** That figure for people, with its unit, such as {@code test error (%)}. */
  String measureText();

  /** The figure of one who only guesses, which is what a run that diverged is given. */
  double guessing();

  /**
   * Trains a fresh model.
   *
   * @param tower the optimizers
   * @param epochs passes over the training set
   * @param seed of weights and order
   * @param conditions where
   * @return the figure it is judged by, losses, and every hyperparameter's last value by its label;
   *     if it diverged, the note says when
   * @throws IOException if something it needs fails
   */
  Outcome train(Tower tower, int epochs, long seed, Conditions conditions) throws IOException;
}
