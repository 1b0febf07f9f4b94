package io.hypertape.run;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import java.util.Arrays;
import java.util.Optional;

/**
 * The weights and running statistics with which a metric was best so far, away from the backend.
 *
 * @param <S> what is said of the model
 */
final class BestWeights<S extends Score> {

  private static final String WEIGHT = "weight/";
  private static final String BUFFER = "buffer/";

  private final Session session;
  private final Metric metric;
  private final TrainingLoop.Task<S> task;
  private StateNumbers numbers = new StateNumbers();
  private double best = Double.POSITIVE_INFINITY;
  // What was said of them; empty if that was before the run was stopped.
  private Optional<S> score = Optional.empty();

  BestWeights(Session session, Metric metric, TrainingLoop.Task<S> task) {
    this.session = session;
    this.metric = metric;
    this.task = task;
  }

  Metric metric() {
    return metric;
  }

  /** What the metric is at its best, the smaller the better; infinite before the first. */
  double value() {
    return best;
  }

  StateNumbers numbers() {
    return numbers;
  }

  Optional<S> score() {
    return score;
  }

  /**
   * Keeps the weights that the model has now.
   *
   * @param value of the metric, the smaller the better
   * @param judged what was said of them
   */
  void keep(double value, S judged) {
    StateNumbers copy = new StateNumbers();
    try (Scope unused = session.scratch()) {
      for (Parameter parameter : task.parameters()) {
        copy.put(session, WEIGHT + parameter.name(), parameter.value());
      }
    }
    task.kept().buffers().forEach(buffer -> copy.put(session, BUFFER, buffer));
    numbers = copy;
    best = value;
    score = Optional.of(judged);
  }

  /** Takes over what a state has kept, if it is of the same metric. */
  void goOnFrom(StateNumbers kept, double value) {
    for (Parameter parameter : task.parameters()) {
      int[] shape = kept.shape(WEIGHT + parameter.name()).orElse(new int[0]);
      if (!Arrays.equals(shape, parameter.shape())) {
        throw new IllegalArgumentException(
            "state of a run: its best weights have "
                + parameter.name()
                + " in shape "
                + Arrays.toString(shape)
                + "; the model needs "
                + Arrays.toString(parameter.shape()));
      }
    }
    kept.checkPrecision(session);
    kept.check(BUFFER, task.kept().buffers());
    numbers = kept;
    best = value;
  }

  /**
   * Lets the model have the best weights.
   *
   * @return false if there are none
   */
  boolean restore() {
    if (Double.isInfinite(best)) {
      return false;
    }
    for (Parameter parameter : task.parameters()) {
      numbers.set(WEIGHT + parameter.name(), parameter);
    }
    numbers.set(BUFFER, task.kept().buffers());
    return true;
  }
}
