package io.hypertape.run;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.optim.Input;
import io.hypertape.optim.JointShards;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** Epochs of steps, and a judgement after each: what training runs of all models have in common. */
final class TrainingLoop<S extends Score> {

  /** What one kind of model does in its own way. */
  interface Task<S extends Score> {

    /** What is learned. */
    List<Parameter> parameters();

    /** What else than parameters changes from step to step. */
    Kept kept();

    /** How many batches an epoch has. */
    long batches();

    /** The loss of a batch; runs once for each form of it where steps are replayed. */
    Tensor loss(List<Tensor> batch);

    /** Begins an epoch. */
    void begin(int epoch);

    /** Moves to the next batch; false after the epoch's last. */
    boolean next();

    /** The current batch. */
    Input[] batch();

    /** The current batch in parts whose gradients are added up; none to take it whole. */
    default List<Part> parts() {
      return List.of();
    }

    /** Told before the step of a part. */
    default void begin(Part part) {}

    /** Told after it. */
    default void end(Part part) {}

    /** Told after the last part of a batch. */
    default void finish() {}

    /** The losses of shards that have to be computed side by side; empty if each goes by itself. */
    default Optional<JointShards.JointLoss> jointLoss() {
      return Optional.empty();
    }

    /** What stands in for the rows of a worker that has none of a batch. */
    default Part blank() {
      throw new UnsupportedOperationException();
    }

    /** How many masks each of {@link Kept#counters} draws for a batch. */
    int[] masks();

    /** What is wrong with the current batch, if its loss is no number; empty if nothing is. */
    String fault();

    /**
     * How the model does on data held back.
     *
     * @throws CancellationException if the thread is interrupted
     */
    S evaluate();

    /** What is said of a model that has not been judged. */
    S notEvaluated();
  }

  /**
   * A part of a batch.
   *
   * @param number which; of shards, the shard's
   * @param share of the batch's rows; of shards, how much its rows count
   * @param inputs as those of a whole batch
   */
  record Part(int number, double share, Input... inputs) {}

  private final Session session;
  private final TrainingOptions options;
  private final TrainingListener listener;
  private String mode = "no step has run";

  TrainingLoop(Session session, TrainingOptions options, TrainingListener listener) {
    this.session = session;
    this.options = options;
    this.listener = TrainingListener.all(new FlightListener(session), listener);
  }

  S run(Tower tower, Task<S> task, Optional<RunState> from) throws IOException {
    for (Optional<Metric> metric : List.of(options.watched(), options.best())) {
      metric.ifPresent(of -> of.checkFits(task.notEvaluated()));
    }
    Optional<BestWeights<S>> best = options.best().map(of -> new BestWeights<>(session, of, task));
    Optional<S> score;
    try (TowerOptimizer optimizer = tower.bind(session, task.parameters())) {
      TrainingCourse<S> run =
          new TrainingCourse<>(session, options, listener, task, optimizer, best, from);
      score = run.take(tower, now -> mode = now);
    } catch (DivergedException e) {
      best.ifPresent(BestWeights::restore);
      throw e;
    }
    if (best.isPresent() && best.get().restore()) {
      // Who has been interrupted is told nothing, as without best weights.
      score = Thread.currentThread().isInterrupted() ? Optional.empty() : best.get().score();
      score = score.or(() -> judged(task));
    }
    return score.orElseGet(task::notEvaluated);
  }

  /** Empty if the thread is interrupted: who wants it to end does not want to wait for that. */
  static <S extends Score> Optional<S> judged(Task<S> task) {
    try {
      return Optional.of(task.evaluate());
    } catch (CancellationException e) {
      if (!Thread.currentThread().isInterrupted()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  String mode() {
    return mode;
  }
}
