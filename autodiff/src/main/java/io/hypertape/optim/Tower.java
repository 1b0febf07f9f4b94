package io.hypertape.optim;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A stack of optimizers: the first tunes the model's weights, each other one the hyperparameters of
 * the one below it. Immutable. As text, the levels stand from the bottom up, {@code
 * adam(1e-3)/sgd(1e-5)}, and then what changes the first level's gradients and step size, as in
 * {@code sgd(0.1)/sgd(1e-5) clip=5 schedule=cosine(5000)}.
 *
 * @param levels the levels, bottom first; at least one
 * @param maxNorm what {@link #clippedTo} limits the gradients' norm to; infinite for no limit
 * @param schedule what {@link #scheduledBy} multiplies the step size by
 */
public record Tower(List<Level> levels, double maxNorm, StepSchedule schedule) {

  static final String CLIP = "clip";
  static final String SCHEDULE = "schedule";

  /** Checks and copies the levels. */
  public Tower {
    levels = Nulls.copy(levels, "tower: levels");
    Nulls.check(schedule, "tower: schedule");
    if (levels.isEmpty()) {
      throw new IllegalArgumentException("a tower needs at least one level");
    }
    if (!(maxNorm > 0)) {
      throw new IllegalArgumentException(
          "gradients cannot be clipped to a norm of " + maxNorm + "; a number above 0 is needed");
    }
  }

  /**
   * Without clipping and schedule.
   *
   * @param levels the levels, bottom first; at least one
   */
  public Tower(List<Level> levels) {
    this(levels, Double.POSITIVE_INFINITY, StepSchedule.constant());
  }

  /**
   * A tower of given optimizers, each tuning all hyperparameters of the one before it.
   *
   * @param optimizers bottom first
   * @return the tower
   */
  public static Tower of(Optimizer... optimizers) {
    List<Level> levels = new ArrayList<>();
    for (Optimizer optimizer : Nulls.copy(optimizers, "tower: optimizers")) {
      levels.add(new Level(optimizer, Set.of()));
    }
    return new Tower(levels);
  }

  /**
   * Reads a tower's text, such as {@code adam(1e-3)/sgd(1e-5)}, {@code sgd(0.01, mu=0.9)}, {@code
   * adam(1e-3, tune=alpha)/sgd(1e-5)}, {@code sgd(0.01)/sgd(1e-4)^49} or {@code adamw(1e-3) clip=5
   * schedule=warmup(100, cosine(900))}.
   *
   * @param text the text
   * @return the tower
   * @throws TowerSyntaxException if it is none; the message points at the character
   */
  public static Tower parse(String text) {
    return new TowerParser(Nulls.check(text, "tower: text")).parse();
  }

  /**
   * Number of levels.
   *
   * @return at least 1
   */
  public int height() {
    return levels.size();
  }

  /**
   * One level higher.
   *
   * @param above tunes the hyperparameters of what is now the topmost level
   * @return the higher tower
   */
  public Tower tunedBy(Optimizer above) {
    return tunedBy(Nulls.check(above, "tunedBy: above").tower());
  }

  /**
   * Higher by a tower.
   *
   * @param above tunes the hyperparameters of what is now the topmost level
   * @return the higher tower
   */
  public Tower tunedBy(Tower above) {
    Nulls.check(above, "tunedBy: above");
    if (!above.equals(new Tower(above.levels))) {
      throw new IllegalArgumentException(
          "tower "
              + above
              + " cannot stand above another: only the first level has clipping and a schedule");
    }
    List<Level> higher = new ArrayList<>(levels);
    higher.addAll(above.levels);
    return new Tower(higher, maxNorm, schedule);
  }

  /**
   * Chooses which hyperparameters of the topmost level the next level shall tune.
   *
   * @param names names of its hyperparameters
   * @return the changed tower
   */
  public Tower tuning(String... names) {
    List<Level> changed = new ArrayList<>(levels);
    Level top = changed.removeLast();
    changed.add(new Level(top.optimizer(), Set.copyOf(Nulls.copy(names, "tuning: names"))));
    return new Tower(changed, maxNorm, schedule);
  }

  /**
   * Limits the norm of the gradients by which the first level updates: they are scaled by min(1,
   * maxNorm/(‖g‖₂ + 1e-6)), with the norm over all parameters, which is found for any finite
   * gradients. Gradients of hyperparameters stay what they are. If the norm is no finite number,
   * the loss that a step shows is NaN, so that who looks at it before the update can refuse the
   * step.
   *
   * @param newMaxNorm the limit, above 0
   * @return the changed tower
   */
  public Tower clippedTo(double newMaxNorm) {
    return new Tower(levels, newMaxNorm, schedule);
  }

  /**
   * Lets the first level's step size change over the run: it is multiplied by the schedule's factor
   * of each step. The levels above tune what is multiplied.
   *
   * @param newSchedule factors by step
   * @return the changed tower
   */
  public Tower scheduledBy(StepSchedule newSchedule) {
    return new Tower(levels, maxNorm, Nulls.check(newSchedule, "scheduledBy: newSchedule"));
  }

  /**
   * The tower in a run of known length.
   *
   * @param steps number of steps of the run, at least 1
   * @return this tower, its schedule having that length where it lasts as long as the run does
   */
  public Tower over(long steps) {
    return new Tower(levels, maxNorm, schedule.over(steps));
  }

  /**
   * Checks that a session holds the tower's numbers, as {@link #bind} does: in single precision a
   * step size of 1e308 would be infinite, one of 1e-60 would be 0.
   *
   * @param session what shall compute
   * @throws IllegalArgumentException if it does not; names level and hyperparameter
   */
  public void checkPrecision(Session session) {
    Nulls.check(session, "checkPrecision: session");
    PrecisionCheck.check(this, session);
  }

  /**
   * Sets the tower to work on parameters.
   *
   * @param session whose tensors they are
   * @param parameters what the first level shall tune; one that is named more than once, as where a
   *     layer is used twice, is one parameter and updated once
   * @return the running optimizer, to be closed by the caller
   * @throws IllegalArgumentException if there is none, or one of another session; or if a
   *     hyperparameter is beyond what the session computes with, as 1e308 in single precision
   * @throws IllegalStateException if one is at work in another optimizer that is not closed
   */
  public TowerOptimizer bind(Session session, List<Parameter> parameters) {
    Nulls.check(session, "bind: session");
    Nulls.checkAll(parameters, "bind: parameters");
    // At once, not when a step comes that a schedule of unknown length has no factor for.
    schedule.factor(Long.MAX_VALUE);
    checkPrecision(session);
    return new TowerOptimizer(this, session, BoundParameters.of(session, parameters));
  }

  @Override
  public String toString() {
    return levels.stream().map(Level::text).collect(Collectors.joining("/"))
        + (Double.isInfinite(maxNorm) ? "" : " " + CLIP + "=" + Arguments.number(maxNorm))
        + (schedule instanceof StepSchedule.Constant ? "" : " " + SCHEDULE + "=" + schedule.text());
  }
}
