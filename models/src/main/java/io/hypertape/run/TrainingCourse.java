package io.hypertape.run;

import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import io.hypertape.optim.EvaluationWeights;
import io.hypertape.optim.HyperparameterValue;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A run under way: where it stands, and what is seen of it. */
final class TrainingCourse<S extends Score> {

  private final Session session;
  private final TrainingOptions options;
  private final TrainingListener listener;
  private final TrainingLoop.Task<S> task;
  private final TowerOptimizer optimizer;
  private final Optional<BestWeights<S>> best;
  private final Optional<RunState> from;
  private final Ending ending;
  private final BatchSteps steps;
  private Progress at;
  // The last judgement, and after how many steps it was; -1 before the first.
  private Optional<S> score = Optional.empty();
  private long judged = -1;

  TrainingCourse(
      Session session,
      TrainingOptions options,
      TrainingListener listener,
      TrainingLoop.Task<S> task,
      TowerOptimizer optimizer,
      Optional<BestWeights<S>> best,
      Optional<RunState> from) {
    this.session = session;
    this.options = options;
    this.listener = listener;
    this.task = task;
    this.optimizer = optimizer;
    this.best = best;
    this.from = from;
    from.ifPresent(state -> state.restore(session, options, optimizer, task.kept(), best));
    this.at = from.map(RunState::progress).orElse(Progress.START);
    this.ending = new Ending(options, listener, optimizer, options.steps(task.batches()), from);
    this.steps = new BatchSteps(task, optimizer, options.shards());
    if (from.isPresent() && ending.unjudged().isEmpty()) {
      judged = optimizer.steps();
    }
  }

  /** Takes the run's steps, or those that are left; empty if it was stopped while being judged. */
  Optional<S> take(Tower tower, Consumer<String> mode) throws IOException {
    boolean within = hasMore() && at.batches() > 0;
    if (within) {
      task.begin(at.epoch());
      goTo(from.orElseThrow());
    }
    listener.begin(optimizer);
    judgeBelated();
    while (hasMore() && !stops()) {
      if (!within) {
        task.begin(at.epoch());
      }
      within = false;
      takeEpoch(() -> fault(tower));
      checkFinite(at);
      if (stops()) {
        break;
      }
      mode.accept(steps.mode());
      Optional<S> found = isJudged() ? score : evaluate();
      if (found.isEmpty()) {
        break;
      }
      endEpoch(at.epoch(), at.meanLoss(), found.get());
      at = toGoOn(at);
      checkpoint();
    }
    if (stops()) {
      checkpoint();
    }
    return isJudged() ? score : evaluate();
  }

  private boolean isJudged() {
    return judged == optimizer.steps() && score.isPresent();
  }

  private void endEpoch(int epoch, double trainLoss, S found) throws IOException {
    listener.epoch(epoch, trainLoss, found, optimizer);
    judge(trainLoss, found);
  }

  private void judgeWithin(double trainLoss, S found) throws IOException {
    listener.evaluated(optimizer.steps(), trainLoss, found, optimizer);
    judge(trainLoss, found);
  }

  /** Takes a judgement into account, once. */
  private void judge(double trainLoss, S found) throws IOException {
    if (judged == optimizer.steps()) {
      return;
    }
    score = Optional.of(found);
    judged = optimizer.steps();
    if (best.isPresent()) {
      compare(best.get(), trainLoss, found);
    }
    ending.judged(trainLoss, found);
  }

  private void compare(BestWeights<S> with, double trainLoss, S found) throws IOException {
    Metric metric = with.metric();
    double value = metric.of(trainLoss, found);
    if (value < with.value()) {
      try (EvaluationWeights unused = optimizer.evaluation()) {
        with.keep(value, found);
      }
      listener.improved(metric, metric.value(trainLoss, found), optimizer);
    }
  }

  /** What had ended, but not been judged, where the run was stopped, and by which it may end. */
  private void judgeBelated() throws IOException {
    OptionalDouble loss = ending.unjudged();
    Optional<S> found = loss.isPresent() ? evaluate() : Optional.empty();
    if (found.isPresent() && at.batches() == 0) {
      endEpoch(at.epoch() - 1, loss.getAsDouble(), found.get());
    } else if (found.isPresent()) {
      judgeWithin(loss.getAsDouble(), found.get());
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
  private void checkFinite(Progress now) {
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
      throw DivergedException.after(optimizer.steps(), now.epoch(), found, values);
    }
  }

  /** Weights may be finite and so large that what is computed with them is not. */
  private void checkFinite(Score found) {
    double loss =
        switch (found) {
          case Evaluation examples -> examples.loss();
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

  /** Empty if the thread is interrupted. */
  private Optional<S> evaluate() {
    Optional<S> found;
    try (EvaluationWeights shown = optimizer.evaluation()) {
      found = TrainingLoop.judged(task);
    }
    found.ifPresent(this::checkFinite);
    return found;
  }

  /** Moves on within an epoch that has begun. */
  private void goTo(RunState state) {
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
    state.carryOn(task.kept());
  }

  /** Takes an epoch's steps, or those that are left of it. */
  private void takeEpoch(Supplier<String> fault) throws IOException {
    while (!stops() && !ending.isOver() && task.next()) {
      ending.beforeStep();
      double loss = step(fault);
      at = new Progress(at.epoch(), at.batches() + 1, at.lossSum() + loss);
      listener.step(optimizer.steps(), loss, optimizer);
      if (isDue() && !ending.isOver()) {
        checkFinite(at);
        Optional<S> found = evaluate();
        if (found.isPresent()) {
          judgeWithin(at.meanLoss(), found.get());
        }
      }
      Progress now = at;
      listener.stepped(
          () -> {
            checkFinite(now);
            return state(now);
          });
    }
  }

  /** Whether the model is to be judged now, within an epoch; after one it always is. */
  private boolean isDue() {
    return options.evaluateEvery() > 0
        && optimizer.steps() % options.evaluateEvery() == 0
        && at.batches() > 0
        && at.batches() < task.batches();
  }

  private double step(Supplier<String> fault) {
    double[] loss = new double[1];
    Tensor result = steps.take(value -> loss[0] = checked(value, optimizer, fault));
    return optimizer.jumped() ? jumped(result.item()) : loss[0];
  }

  /** The loss of a step whose update was taken back: as it is, but that it must be a number. */
  private double jumped(double loss) {
    return Double.isFinite(loss) ? loss : optimizer.usualLoss();
  }

  /** After an epoch's last batch comes the next epoch. */
  private Progress toGoOn(Progress now) {
    return now.batches() < task.batches() ? now : now.nextEpoch();
  }

  private void checkpoint() throws IOException {
    Progress now = at;
    listener.checkpoint(() -> state(now));
  }

  private RunState state(Progress now) {
    Progress next = toGoOn(now);
    boolean belated = judged != optimizer.steps() && (next != now || isDue());
    Optional<EndingState> seen =
        belated ? ending.stateBeforeJudgement(now.meanLoss()) : ending.state();
    return RunState.of(session, next, options, optimizer, task.kept(), seen, best);
  }

  private boolean hasMore() {
    return at.epoch() <= options.epochs() && !ending.isOver();
  }

  /** What may be wrong beside the tower's hyperparameters. */
  private String fault(Tower tower) {
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
}
