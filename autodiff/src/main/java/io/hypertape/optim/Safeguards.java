package io.hypertape.optim;

import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A tower's {@link Guard} and cap at work: updates, and what is done again because it went too far.
 */
final class Safeguards {

  // What a step is shortened by as long as its length is no finite number, and down to where.
  private static final double FAR = 1e-6;
  private static final double NEAREST = 1e-37;

  private final TowerRunner runner;
  private final TowerRevision revision;
  private final Session session;
  private final Optional<Guard> guard;
  private final double cap;
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
   * Looks at a loss before the update.
   *
   * @return the loss if it has jumped: the step is over then; empty if the update may come
   */
  Optional<Tensor> jump(Gradients gradients) {
    jumped = false;
    TowerState at = runner.state();
    if (guard.isEmpty()) {
      return Optional.empty();
    }
    double loss = gradients.loss().item();
    Guard.Losses losses = at.losses();
    boolean canRetreat = at.updateInputs().isPresent() && !onlyTuned(at);
    boolean isJump = canRetreat ? guard.get().isJump(losses, loss) : isUnsound(at, loss, gradients);
    if (!isJump || losses.jumps() >= Guard.PATIENCE) {
      return Optional.empty();
    }
    runner.drop(gradients);
    if (canRetreat) {
      retreat(at, guard.get().cut());
    }
    runner.become(runner.state().at(at.steps() + 1).with(losses.jumped(loss)));
    jumped = true;
    jumps++;
    return Optional.of(runner.shown(loss));
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

  /**
   * Updates.
   *
   * @return the loss
   */
  Tensor update(Gradients gradients) {
    TowerState before = runner.state();
    boolean isFirst = isFirst(before) && Double.isFinite(cap);
    if (guard.isEmpty() && !isFirst) {
      runner.update(gradients);
      return runner.result(gradients);
    }
    double loss = gradients.loss().item();
    runner.update(gradients);
    if (guard.isPresent()) {
      Guard.Losses losses = before.losses();
      boolean isJump = guard.get().isJump(losses, loss);
      Guard.Losses now = (isJump ? Guard.Losses.NONE : losses).with(loss);
      // Noise, where no weight has moved since the last one.
      runner.become(runner.state().with(isJump && onlyTuned(before) ? losses.jumped(loss) : now));
    }
    if (!isFirst || !capped()) {
      return runner.result(gradients);
    }
    return runner.shown(loss);
  }

  /** Shortens the first update where it is too long. */
  private boolean capped() {
    boolean any = false;
    Map<String, Double> shorter = shorter();
    while (!shorter.isEmpty()) {
      any = true;
      Map<String, Double> changed = new LinkedHashMap<>(runner.state().changed());
      changed.putAll(shorter);
      revision.undo();
      revision.redo(changed);
      shorter = shorter();
    }
    return any;
  }

  private Map<String, Double> shorter() {
    Map<String, Double> shorter = new LinkedHashMap<>();
    TowerState now = runner.state();
    if (now.updateInputs().isEmpty()) {
      return shorter;
    }
    for (StepSize size : StepSize.of(runner.levels())) {
      if (size.isOfWeights() && size.value() > size.least()) {
        double share = size.change(runner.levels(), now, session);
        // Rounding alone must not shorten it again and again.
        if (!Double.isFinite(share)) {
          // What is still no number then does not come of the step size.
          if (size.value() <= NEAREST) {
            continue;
          }
          shorter.put(size.label(), Math.max(size.value() * FAR, size.least()));
        } else if (share > cap * 1.0001) {
          shorter.put(size.label(), Math.max(size.value() * cap / share, size.least()));
        }
      }
    }
    return shorter;
  }
}
