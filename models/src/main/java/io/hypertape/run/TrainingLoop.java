package io.hypertape.run;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.optim.Accumulation;
import io.hypertape.optim.EvaluationWeights;
import io.hypertape.optim.HyperparameterValue;
import io.hypertape.optim.Input;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.Supplier;

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
   * @param share of the batch's rows
   * @param inputs as those of a whole batch
   */
  record Part(double share, Input... inputs) {}

  private final Session session;
  private final TrainingOptions options;
  private final TrainingListener listener;
  private String mode = "no step has run";

  TrainingLoop(Session session, TrainingOptions options, TrainingListener listener) {
    this.session = session;
    this.options = options;
    this.listener = listener;
  }

  S run(Tower tower, Task<S> task, Optional<RunState> from) throws IOException {
    options
        .coolDown()
        .flatMap(CoolDown::metric)
        .ifPresent(metric -> metric.checkFits(task.notEvaluated()));
    try (TowerOptimizer optimizer = tower.bind(session, task.parameters())) {
      Progress at = Progress.START;
      if (from.isPresent()) {
        from.get().restore(session, options, optimizer, task.kept());
        at = from.get().progress();
      }
      Ending ending = new Ending(options, listener, optimizer, options.steps(task.batches()), from);
      Steps steps =
          new Steps(optimizer, optimizer.prepare(task::loss), optimizer.accumulation(), ending);
      Optional<S> score = Optional.empty();
      long evaluated = -1;
      boolean within = hasMore(at, ending) && at.batches() > 0;
      if (within) {
        task.begin(at.epoch());
        goTo(at, task, from.orElseThrow());
      }
      listener.begin(optimizer);
      judgeBelated(task, steps);
      while (hasMore(at, ending) && !stops()) {
        if (!within) {
          task.begin(at.epoch());
        }
        within = false;
        at = epoch(at, steps, task, () -> fault(task, tower));
        checkFinite(at, optimizer, task);
        if (stops()) {
          break;
        }
        mode = steps.prepared().mode();
        score = evaluate(task, optimizer);
        if (score.isEmpty()) {
          break;
        }
        evaluated = optimizer.steps();
        checkFinite(score.get(), at, optimizer);
        listener.epoch(at.epoch(), at.meanLoss(), score.get(), optimizer);
        ending.judged(at.meanLoss(), score.get());
        at = toGoOn(at, task);
        checkpoint(at, steps, task);
      }
      if (stops()) {
        checkpoint(at, steps, task);
      }
      return (evaluated == optimizer.steps() ? score : evaluate(task, optimizer))
          .orElseGet(task::notEvaluated);
    }
  }

  /** An epoch that had ended where the run was stopped, and by which its end is decided. */
  private void judgeBelated(Task<S> task, Steps steps) throws IOException {
    OptionalDouble loss = steps.ending().unjudged();
    Optional<S> score = loss.isPresent() ? evaluate(task, steps.optimizer()) : Optional.empty();
    if (score.isPresent()) {
      steps.ending().judged(loss.getAsDouble(), score.get());
    }
  }

  /** Asked between steps: everything is kept then, and nothing is lost. */
  private boolean stops() {
    return Thread.currentThread().isInterrupted() || listener.stops();
  }

  /**
   * Before anything is kept. The loss tells at once of weights that are no numbers, but not of
   * those that the last update left.
   */
  private static void checkFinite(Progress at, TowerOptimizer optimizer, Task<?> task) {
    FiniteCheck check = FiniteCheck.of(task.parameters(), task.kept().buffers());
    List<HyperparameterValue> values = optimizer.hyperparameters();
    String found =
        check.passed()
            ? values.stream()
                .filter(value -> !Double.isFinite(value.value()))
                .findFirst()
                .map(value -> value.label() + " is " + value.value())
                .orElse("")
            : check.text();
    if (!found.isEmpty()) {
      throw DivergedException.after(optimizer.steps(), at.epoch(), found, values);
    }
  }

  /** Weights may be finite and so large that what is computed with them is not. */
  private static void checkFinite(Score score, Progress at, TowerOptimizer optimizer) {
    double loss =
        switch (score) {
          case Evaluation e -> e.loss() + e.valid().map(Evaluation::loss).orElse(0.0);
          case LanguageEvaluation text -> text.valid().loss() + text.test().loss();
        };
    if (!Double.isFinite(loss)) {
      throw DivergedException.after(
          optimizer.steps(),
          at.epoch(),
          "all weights are finite numbers, but the loss on the data held back is " + loss,
          optimizer.hyperparameters());
    }
  }

  /** Empty if the thread is interrupted: who wants it to end does not want to wait for that. */
  private Optional<S> evaluate(Task<S> task, TowerOptimizer optimizer) {
    try (EvaluationWeights shown = optimizer.evaluation()) {
      return Optional.of(task.evaluate());
    } catch (CancellationException e) {
      if (!Thread.currentThread().isInterrupted()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** Moves on within an epoch that has begun. */
  private void goTo(Progress at, Task<S> task, RunState from) {
    for (long k = 0; k < at.batches(); k++) {
      if (!task.next()) {
        throw new UnfitStateException(
            "state of a run: it is "
                + at.batches()
                + " batches into its epoch, which has "
                + k
                + " of these data",
            null);
      }
    }
    from.carryOn(task.kept());
  }

  /** Takes an epoch's steps, or those that are left of it. */
  private Progress epoch(Progress begin, Steps taker, Task<S> task, Supplier<String> fault)
      throws IOException {
    TowerOptimizer optimizer = taker.optimizer();
    double sum = begin.lossSum();
    long steps = begin.batches();
    while (!stops() && !taker.ending().isOver() && task.next()) {
      taker.ending().beforeStep();
      double loss = taker.step(task, fault);
      sum += loss;
      steps++;
      listener.step(optimizer.steps(), loss, optimizer);
      Progress now = new Progress(begin.epoch(), steps, sum);
      listener.stepped(
          () -> {
            checkFinite(now, optimizer, task);
            return state(now, taker, task);
          });
    }
    return new Progress(begin.epoch(), steps, sum);
  }

  /** After an epoch's last batch comes the next epoch. */
  private static Progress toGoOn(Progress at, Task<?> task) {
    return at.batches() < task.batches() ? at : at.nextEpoch();
  }

  private void checkpoint(Progress at, Steps steps, Task<S> task) throws IOException {
    listener.checkpoint(() -> state(at, steps, task));
  }

  private RunState state(Progress at, Steps steps, Task<S> task) {
    Progress next = toGoOn(at, task);
    Ending ending = steps.ending();
    Optional<EndingState> seen =
        next == at ? ending.state() : ending.stateBeforeJudgement(at.meanLoss());
    return RunState.of(session, next, options, steps.optimizer(), task.kept(), seen);
  }

  private boolean hasMore(Progress at, Ending ending) {
    return at.epoch() <= options.epochs() && !ending.isOver();
  }

  /** What takes steps, by whole batches or by parts of them. */
  private record Steps(
      TowerOptimizer optimizer, TrainingStep prepared, Accumulation sum, Ending ending) {

    double step(Task<?> task, Supplier<String> fault) {
      List<Part> parts = task.parts();
      double[] loss = new double[1];
      Consumer<Tensor> inspection = value -> loss[0] = checked(value, optimizer, fault);
      Tensor result;
      if (parts.isEmpty()) {
        result = prepared.run(inspection, task.batch());
      } else {
        for (Part part : parts) {
          sum.add(part.share(), prepared, part.inputs());
        }
        result = optimizer.update(sum.gradients(), inspection);
      }
      return optimizer.jumped() ? jumped(result.item()) : loss[0];
    }

    /** The loss of a step whose update was taken back: as it is, but that it must be a number. */
    private double jumped(double loss) {
      return Double.isFinite(loss) ? loss : optimizer.usualLoss();
    }
  }

  /** What may be wrong beside the tower's hyperparameters. */
  private static String fault(Task<?> task, Tower tower) {
    String fault = task.fault();
    return fault.isEmpty() && Double.isFinite(tower.maxNorm())
        ? "with clip="
            + tower.maxNorm()
            + " it counts as NaN also where the gradients' norm is not finite"
        : fault;
  }

  static double checked(Tensor loss, TowerOptimizer optimizer, Supplier<String> fault) {
    double value = loss.item();
    if (!Double.isFinite(value)) {
      throw new DivergedException(
          optimizer.steps() + 1, value, optimizer.hyperparameters(), fault.get());
    }
    return value;
  }

  String mode() {
    return mode;
  }
}
