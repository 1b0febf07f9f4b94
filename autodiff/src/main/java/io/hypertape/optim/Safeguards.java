package io.hypertape.optim;

import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A tower's {@link Guard} and cap at work: updates, and what is done again because it went too far.
 */
final class Safeguards {

  // What a step is shortened by as long as its length is no finite number, and down to where.
  private static final double FAR = 1e-6;
  private static final double NEAREST = 1e-37;

  // What one is lengthened by at once, while rounding hides its length, and up to where.
  private static final double NEAR = 1e3;
  private static final double MOST = 10;

  // Rounding alone must not change a step size again and again.
  private static final double CLOSE = 1.0001;
  private static final int MOST_TRIES = 60;

  private final TowerRunner runner;
  private final TowerRevision revision;
  private final Session session;
  private final Optional<Guard> guard;
  private final Cap cap;
  private boolean jumped;
  private long jumps;

  Safeguards(TowerRunner runner, TowerRevision revision, Tower tower) {
    this.runner = runner;
    this.revision = revision;
    this.session = runner.session();
    this.guard = tower.guard();
    this.cap = tower.cap();
  }

  /** Whether the last step's loss had jumped. */
  boolean jumped() {
    return jumped;
  }

  /** How often it has happened. */
  long jumps() {
    return jumps;
  }

  /**
   * Takes a step whose pass has been done, unless its loss has jumped.
   *
   * @param inspection sees the loss before the update, but none that has jumped
   * @return the loss
   */
  Tensor take(Gradients gradients, Consumer<Tensor> inspection) {
    jumped = false;
    TowerState at = runner.state();
    boolean isFirst = isFirst(at) && !cap.isNone();
    if (guard.isEmpty() && !isFirst) {
      runner.inspected(gradients, inspection);
      runner.update(gradients);
      return runner.result(gradients);
    }
    double loss = gradients.loss().item();
    boolean isHigh = guard.isPresent() && guard.get().isJump(at.losses(), loss);
    if (guard.isPresent() && isRefused(at, loss, isHigh, gradients)) {
      return dropped(at, loss, gradients);
    }
    Guard.Losses watched = watched(at, gradients);
    if (Double.isInfinite(watched.usual()) && !Double.isInfinite(at.losses().usual())) {
      return begunAnew(loss, watched, gradients);
    }
    runner.inspected(gradients, inspection);
    runner.update(gradients);
    if (guard.isPresent()) {
      runner.note(losses(at, loss, isHigh).usually(watched.usual(), watched.norms()));
    }
    return isFirst && capped() ? runner.shown(loss) : runner.result(gradients);
  }

  /** Whether a batch is to be dropped. */
  private boolean isRefused(TowerState at, double loss, boolean isHigh, Gradients gradients) {
    if (at.losses().jumps() >= Guard.PATIENCE) {
      return false;
    }
    return canRetreat(at)
        ? isHigh && isToBlame(at, loss, gradients)
        : isUnsound(at, loss, gradients);
  }

  /** What is known of gradients; their usual norm is infinite from an edge on. */
  private Guard.Losses watched(TowerState at, Gradients gradients) {
    Guard.Losses before = at.losses();
    Optional<Edge> edge = guard.flatMap(Guard::edge);
    boolean isWatched =
        edge.isPresent()
            && !Double.isInfinite(before.usual())
            && at.steps() < Edge.WATCHED
            && runner.levels().factor(at.steps()) == 1
            && runner.levels().work() != UpdateWork.TUNE;
    if (!isWatched) {
      return before;
    }
    double norm = norm(gradients.weights().tensors());
    return edge.get()
        .after(before, norm, () -> StepSize.cosine(runner.levels(), at, gradients) < Edge.STRAIGHT);
  }

  private double norm(List<Tensor> tensors) {
    try (Scope unused = session.scratch()) {
      Tensor sum = session.scalar(0);
      for (Tensor tensor : tensors) {
        sum = sum.add(tensor.detach().square().sum());
      }
      return Math.sqrt(sum.item());
    }
  }

  private Tensor begunAnew(double loss, Guard.Losses known, Gradients gradients) {
    runner.drop(gradients);
    revision.beginAnew(guard.get().edge().get());
    runner.become(runner.state().at(runner.state().steps() + 1).with(known.after(0)));
    jumped = true;
    jumps++;
    return runner.shown(loss);
  }

  private boolean canRetreat(TowerState at) {
    return at.updateInputs().isPresent() && !onlyTuned(at);
  }

  private Tensor dropped(TowerState at, double loss, Gradients gradients) {
    Guard.Losses losses = at.losses();
    runner.drop(gradients);
    // One loss that is no number may be the batch's fault.
    boolean isOfBatch = !Double.isFinite(loss) && losses.jumps() == 0 && areWeightsFinite(at);
    if (canRetreat(at) && !isOfBatch) {
      retreat(at, guard.get().cut());
    }
    runner.become(runner.state().at(at.steps() + 1).with(losses.jumped(loss)));
    jumped = true;
    jumps++;
    return runner.shown(loss);
  }

  /** What is known of losses after one that was not refused. */
  private Guard.Losses losses(TowerState at, double loss, boolean isHigh) {
    Guard.Losses before = at.losses();
    if (before.jumps() >= Guard.PATIENCE) {
      return Guard.Losses.NONE.with(loss);
    }
    if (!isHigh) {
      return before.with(loss);
    }
    // No weight has moved since the last one, or the update is not to blame.
    return onlyTuned(at) ? before.jumped(loss) : before.noise(loss);
  }

  private boolean areWeightsFinite(TowerState at) {
    List<Tensor> weights = new ArrayList<>();
    for (int k = 0; k < at.levels().size(); k++) {
      if (runner.levels().levels().get(k).place().number() == 1) {
        weights.addAll(at.levels().get(k).values());
      }
    }
    return isFinite(weights);
  }

  /**
   * Whether the last update may have raised a loss: by its direction, on this batch, it has raised
   * it by half of what it exceeds the others by, or it was so long that its direction tells
   * nothing. A batch that is as bad for the weights before it is not blamed on it.
   */
  private boolean isToBlame(TowerState at, double loss, Gradients gradients) {
    if (!Double.isFinite(loss)) {
      return true;
    }
    for (StepSize size : StepSize.of(runner.levels())) {
      if (size.isOfWeights() && !(size.change(runner.levels(), at) <= Guard.LONG)) {
        return true;
      }
    }
    double raised = StepSize.along(runner.levels(), at, gradients.tensors());
    return !(raised < Guard.BLAME * (loss - at.losses().mean()));
  }

  /** Whether the last update moved no weights: what came of those a loss has told before. */
  private boolean onlyTuned(TowerState at) {
    return runner.levels().last(at) == UpdateWork.TUNE;
  }

  /** Whether a batch is dropped although there is no update to take back. */
  private boolean isUnsound(TowerState at, double loss, Gradients gradients) {
    if (!isFirst(at)) {
      return !Double.isFinite(loss);
    }
    // Nothing is tuned, and no update counts as the first one, before weights have moved.
    return !Double.isFinite(loss)
        || runner.levels().work() == UpdateWork.TUNE
        || !isFinite(gradients.tensors());
  }

  /** Whether there has been no update: all batches so far, if any, were dropped. */
  private static boolean isFirst(TowerState state) {
    return state.steps() == state.losses().jumps();
  }

  private void retreat(TowerState at, double cut) {
    // Other gradients than these cannot be had: their update stays undone.
    boolean isSound = isFinite(at.gradients());
    Map<String, Double> changed = new LinkedHashMap<>(at.changed());
    for (StepSize size : StepSize.of(runner.levels())) {
      if (size.isOfWeights() || size.tuned()) {
        double shorter = Math.max(size.value() / cut, size.least());
        // One of which nothing is left has no logarithm, and is not to blame.
        if (shorter > 0) {
          changed.put(size.label(), shorter);
        }
      }
    }
    revision.undo();
    if (isSound) {
      revision.redo(changed);
    }
  }

  /** Whether all are finite numbers; a norm would overflow before they do. */
  private boolean isFinite(List<Tensor> tensors) {
    try (Scope unused = session.scratch()) {
      Tensor sum = session.scalar(0);
      for (Tensor tensor : tensors) {
        sum = sum.add(tensor.detach().mul(0).sum());
      }
      return Double.isFinite(sum.item());
    }
  }

  /** Makes the first update shorter where it is too long, and longer where it is too short. */
  private boolean capped() {
    boolean any = false;
    Map<String, Double> fitting = fitting();
    for (int tries = 0; !fitting.isEmpty() && tries < MOST_TRIES; tries++) {
      any = true;
      Map<String, Double> changed = new LinkedHashMap<>(runner.state().changed());
      changed.putAll(fitting);
      revision.undo();
      revision.redo(changed);
      fitting = fitting();
    }
    return any;
  }

  private Map<String, Double> fitting() {
    Map<String, Double> fitting = new LinkedHashMap<>();
    TowerState now = runner.state();
    if (now.updateInputs().isEmpty()) {
      return fitting;
    }
    for (StepSize size : StepSize.of(runner.levels())) {
      if (size.isOfWeights() && size.value() > size.least()) {
        double share = size.change(runner.levels(), now);
        if (!Double.isFinite(share)) {
          // What is still no number then does not come of the step size.
          if (size.value() <= NEAREST) {
            continue;
          }
          fitting.put(size.label(), Math.max(size.value() * FAR, size.least()));
        } else if (share > cap.most() * CLOSE) {
          fitting.put(size.label(), Math.max(size.value() * cap.most() / share, size.least()));
        } else if (share > 0 && share * CLOSE < cap.least()) {
          longer(fitting, size, size.value() * Math.min(NEAR, cap.least() / share));
        } else if (share == 0 && cap.least() > 0 && !isZero(now.gradients())) {
          // Not a digit of any weight has changed.
          longer(fitting, size, size.value() * NEAR);
        }
      }
    }
    return fitting;
  }

  private boolean isZero(List<Tensor> tensors) {
    try (Scope unused = session.scratch()) {
      Tensor sum = session.scalar(0);
      for (Tensor tensor : tensors) {
        sum = sum.add(tensor.detach().abs().sum());
      }
      return sum.item() == 0;
    }
  }

  /** A step size grows to where updates begin, but no further than makes sense without one. */
  private static void longer(Map<String, Double> sizes, StepSize size, double value) {
    if (value <= MOST && value <= size.most()) {
      sizes.put(size.label(), value);
    }
  }
}
