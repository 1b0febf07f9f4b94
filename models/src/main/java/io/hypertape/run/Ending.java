package io.hypertape.run;

import io.hypertape.optim.TowerOptimizer;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;

/** Watches whether a run shall end, and lets it cool down before that. */
final class Ending {

  private final TrainingOptions options;
  private final TrainingListener listener;
  private final TowerOptimizer optimizer;
  private final long most;
  private final Optional<Metric> metric;
  private EndingState state;

  /**
   * Begins to watch.
   *
   * @param most steps that the run takes at the most
   * @param from where it goes on
   */
  Ending(
      TrainingOptions options,
      TrainingListener listener,
      TowerOptimizer optimizer,
      long most,
      Optional<RunState> from) {
    this.options = options;
    this.listener = listener;
    this.optimizer = optimizer;
    this.most = most;
    this.metric = options.watched();
    this.state = from.flatMap(RunState::ending).orElse(EndingState.START);
  }

  /** Whether the run has taken all its steps. */
  boolean isOver() {
    long steps = optimizer.steps();
    return steps >= options.limit()
        || steps >= optimizer.coolDownEnd().orElse(Long.MAX_VALUE)
        || endsAtOnce() && isStalled();
  }

  /** Whether nothing cools down before the end. */
  private boolean endsAtOnce() {
    return options.coolDown().filter(how -> how.share() == 0).isPresent();
  }

  private boolean isStalled() {
    return metric.isPresent() && state.stale() >= options.coolDown().orElseThrow().patience();
  }

  private boolean cools() {
    return optimizer.coolDownEnd().isPresent();
  }

  /** Begins to cool down if a listener wants it, or so few steps are left. */
  void beforeStep() throws IOException {
    if (cools()) {
      return;
    }
    boolean last = optimizer.steps() + wanted() >= most;
    if (last && options.coolDown().isPresent() && !endsAtOnce()) {
      coolDown("these are the last of the run");
    } else if (listener.coolsDown()) {
      coolDown("as was asked for");
    }
  }

  /** Looks at a judgement, after an epoch or within one. */
  void judged(double trainLoss, Score score) throws IOException {
    if (metric.isEmpty()) {
      state = state.seen();
      return;
    }
    state = state.seen(metric.get().of(trainLoss, score));
    if (cools() || !isStalled() || optimizer.steps() >= most) {
      return;
    }
    String why = why(metric.get(), options.coolDown().orElseThrow().patience());
    if (endsAtOnce()) {
      listener.ending(why, optimizer);
    } else {
      coolDown(why);
    }
  }

  private String why(Metric stalled, int patience) {
    String times = options.evaluateEvery() > 0 ? "evaluation" : "epoch";
    return stalled.text()
        + " has not improved for "
        + patience
        + " "
        + times
        + (patience == 1 ? "" : "s");
  }

  private long wanted() {
    double share =
        endsAtOnce()
            ? CoolDown.SHARE
            : options.coolDown().map(CoolDown::share).orElse(CoolDown.SHARE);
    return CoolDown.steps(share, optimizer.steps());
  }

  private void coolDown(String why) throws IOException {
    optimizer.coolDown(Math.min(wanted(), most - optimizer.steps()));
    listener.coolingDown(why, optimizer);
  }

  /** Whether a judgement decides anything. */
  private boolean matters() {
    return metric.isPresent() || options.best().isPresent();
  }

  /** The mean loss of what had ended, but not been judged, where the run goes on. */
  OptionalDouble unjudged() {
    return matters() ? state.unjudged() : OptionalDouble.empty();
  }

  /** What is to be kept, between two epochs or steps. */
  Optional<EndingState> state() {
    return matters() ? Optional.of(state) : Optional.empty();
  }

  /** What is to be kept where a judgement is due that has not been made. */
  Optional<EndingState> stateBeforeJudgement(double trainLoss) {
    return matters() ? Optional.of(state.withUnjudged(trainLoss)) : Optional.empty();
  }
}
