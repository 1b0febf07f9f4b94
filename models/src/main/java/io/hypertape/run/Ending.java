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
    this.metric = options.coolDown().flatMap(CoolDown::metric);
    this.state = from.flatMap(RunState::ending).orElse(EndingState.START);
  }

  /** Whether the run has taken all its steps. */
  boolean isOver() {
    long steps = optimizer.steps();
    return steps >= options.limit() || steps >= optimizer.coolDownEnd().orElse(Long.MAX_VALUE);
  }

  private boolean cools() {
    return optimizer.coolDownEnd().isPresent();
  }

  /** Begins to cool down if a listener wants it, or so few steps are left. */
  void beforeStep() throws IOException {
    if (cools()) {
      return;
    }
    if (options.coolDown().isPresent() && optimizer.steps() + wanted() >= most) {
      coolDown("these are the last of the run");
    } else if (listener.coolsDown()) {
      coolDown("as was asked for");
    }
  }

  /** Looks at an epoch that is over. */
  void judged(double trainLoss, Score score) throws IOException {
    if (metric.isEmpty()) {
      return;
    }
    state = state.seen(metric.get().of(trainLoss, score));
    int patience = options.coolDown().orElseThrow().patience();
    if (!cools() && state.stale() >= patience && optimizer.steps() < most) {
      coolDown(
          metric.get().text()
              + " has not improved for "
              + patience
              + (patience == 1 ? " epoch" : " epochs"));
    }
  }

  private long wanted() {
    double share = options.coolDown().map(CoolDown::share).orElse(CoolDown.SHARE);
    return CoolDown.steps(share, optimizer.steps());
  }

  private void coolDown(String why) throws IOException {
    optimizer.coolDown(Math.min(wanted(), most - optimizer.steps()));
    listener.coolingDown(why, optimizer);
  }

  /** The mean loss of an epoch that had ended, but not been judged, where the run goes on. */
  OptionalDouble unjudged() {
    return metric.isPresent() ? state.unjudged() : OptionalDouble.empty();
  }

  /** What is to be kept, between two epochs or steps. */
  Optional<EndingState> state() {
    return metric.map(unused -> state);
  }

  /** What is to be kept at the end of an epoch that has not been judged. */
  Optional<EndingState> stateBeforeJudgement(double trainLoss) {
    return metric.map(unused -> state.withUnjudged(trainLoss));
  }
}
