package io.hypertape.optim;

import io.hypertape.autodiff.Parameter;
import io.hypertape.autodiff.Session;
import io.hypertape.checks.Nulls;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A stack of optimizers: the first tunes the model's weights, each other one the hyperparameters of
 * the one below it. Immutable. As text, the levels stand from the bottom up, {@code
 * adam(1e-3)/sgd(1e-5)}, then groups of parameters that have levels of their own, and then what
 * changes the first level's gradients and step size, as in {@code adamw(1e-3)/sgd(1e-5)
 * group(*.bias|*.gamma, sgd(0.1)) clip=5 schedule=cosine(5000)}.
 *
 * @param levels the levels, bottom first; at least one
 * @param groups parameters that have levels of their own, as {@link #group(ParameterFilter, Tower)}
 *     adds them, in order; what none of them takes is tuned by {@code levels}
 * @param maxNorm what {@link #clippedTo} limits the gradients' norm to; infinite for no limit
 * @param schedule what {@link #scheduledBy} multiplies the step size by
 * @param guard what takes updates back after which the loss jumps; empty for nothing
 * @param cap how long the first update may be, see {@link #cappedAt}
 * @param heldOut every so many-th batch only tunes, see {@link #heldOut(int)}; 0 for none
 */
public record Tower(
    List<Level> levels,
    List<ParameterGroup> groups,
    double maxNorm,
    StepSchedule schedule,
    Optional<Guard> guard,
    Cap cap,
    int heldOut) {

  static final String GROUP = "group";
  static final String CLIP = "clip";
  static final String SCHEDULE = "schedule";
  static final String GUARD = "guard";
  static final String CAP = "cap";
  static final String HELD_OUT = "heldout";

  /** Checks and copies the levels and groups. */
  public Tower {
    levels = Nulls.copy(levels, "tower: levels");
    groups = Nulls.copy(groups, "tower: groups");
    Nulls.check(schedule, "tower: schedule");
    Nulls.check(guard, "tower: guard");
    Nulls.check(cap, "tower: cap");
    if (levels.isEmpty()) {
      throw new IllegalArgumentException("a tower needs at least one level");
    }
    TowerLimits.check(maxNorm, heldOut);
    ParameterGroup.checkDistinct(groups);
  }

  /**
   * Levels alone.
   *
   * @param levels the levels, bottom first; at least one
   */
  public Tower(List<Level> levels) {
    this(
        levels,
        List.of(),
        Double.POSITIVE_INFINITY,
        StepSchedule.constant(),
        Optional.empty(),
        Cap.none(),
        0);
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
   * adam(1e-3, tune=alpha)/sgd(1e-5)}, {@code sgd(0.01)/sgd(1e-4)^49}, {@code adamw(1e-3) clip=5
   * schedule=warmup(100, cosine(900))} or {@code adamw(1e-3)/sgd(1e-5) group(*.bias|*.gamma,
   * sgd(0.1)) group(embedding.*, adam(1e-4)/sgd(1e-6))}. Groups by a predicate can be given only by
   * a program.
   *
   * @param text the text
   * @return the tower
   * @throws TowerSyntaxException if it is none; the message points at the character
   */
  public static Tower parse(String text) {
    return new TowerParser(Nulls.check(text, "tower: text")).parse();
  }

  /**
   * Number of levels, without those of groups.
   *
   * @return at least 1
   */
  public int height() {
    return levels.size();
  }

  /** Whether there are no groups, no clipping and no schedule. */
  boolean hasLevelsOnly() {
    return equals(new Tower(levels));
  }

  /**
   * One level higher. Groups keep their levels.
   *
   * @param above tunes the hyperparameters of what is now the topmost level
   * @return the higher tower
   */
  public Tower tunedBy(Optimizer above) {
    return tunedBy(Nulls.check(above, "tunedBy: above").tower());
  }

  /**
   * Higher by a tower. Groups keep their levels.
   *
   * @param above tunes the hyperparameters of what is now the topmost level
   * @return the higher tower
   * @throws IllegalArgumentException if that has clipping, a schedule or groups
   */
  public Tower tunedBy(Tower above) {
    Nulls.check(above, "tunedBy: above");
    if (!above.hasLevelsOnly()) {
      throw new IllegalArgumentException(
          "tower "
              + above
              + " cannot stand above another: only the first level has clipping, a schedule and groups");
    }
    List<Level> higher = new ArrayList<>(levels);
    higher.addAll(above.levels);
    return withLevels(higher);
  }

  /**
   * Higher by a tower whose first level gets its gradients in another way than the paper's.
   *
   * @param above tunes the hyperparameters of what is now the topmost level
   * @param hypergradient where the gradients of these come from
   * @return the higher tower
   * @throws IllegalArgumentException if that has clipping, a schedule or groups
   */
  public Tower tunedBy(Tower above, Hypergradient hypergradient) {
    Nulls.check(above, "tunedBy: above");
    List<Level> changed = new ArrayList<>(above.levels);
    changed.set(0, changed.getFirst().by(hypergradient));
    return tunedBy(above.withLevels(changed));
  }

  /**
   * Gives some parameters levels of their own, such as biases and normalizations an optimizer
   * without weight decay.
   *
   * @param pattern which, by name, as in {@code *.bias|*.gamma}; see {@link ParameterFilter#named}
   * @param tower what tunes them; see {@link #group(ParameterFilter, Tower)}
   * @return the changed tower
   * @throws TowerSyntaxException if that is no pattern
   * @throws IllegalArgumentException if there is such a group already, or the tower has more than
   *     levels
   */
  public Tower group(String pattern, Tower tower) {
    return group(ParameterFilter.named(pattern), tower);
  }

  /**
   * Gives some parameters levels of their own. Of several groups the first that matches takes a
   * parameter; this tower's levels tune what no group takes. If groups take all, these levels tune
   * nothing and their hyperparameters stay what they are; but every group must have a parameter, or
   * {@link #bind} refuses the parameters. Clipping and the schedule of this tower hold for all
   * groups.
   *
   * @param filter which
   * @param tower what tunes them: levels only, of any number
   * @return the changed tower
   * @throws IllegalArgumentException if there is a group of this name or pattern already, or the
   *     tower has clipping, a schedule or groups
   */
  public Tower group(ParameterFilter filter, Tower tower) {
    List<ParameterGroup> more = new ArrayList<>(groups);
    more.add(new ParameterGroup(filter, tower));
    return new Tower(levels, more, maxNorm, schedule, guard, cap, heldOut);
  }

  /**
   * Chooses which hyperparameters of the topmost level the next level shall tune.
   *
   * @param names names of its hyperparameters
   * @return the changed tower
   */
  public Tower tuning(String... names) {
    // In the order given, which is that of the text.
    Set<String> chosen = new LinkedHashSet<>(Nulls.copy(names, "tuning: names"));
    return withTop(levels.getLast().tuning(chosen));
  }

  private Tower withTop(Level top) {
    List<Level> changed = new ArrayList<>(levels);
    changed.set(changed.size() - 1, top);
    return withLevels(changed);
  }

  private Tower withLevels(List<Level> changed) {
    return new Tower(changed, groups, maxNorm, schedule, guard, cap, heldOut);
  }

  /**
   * Lets the next level move hyperparameters of the topmost level in another form than the
   * optimizer stores them. One that no level tunes stays the number that it is.
   *
   * @param transform how they are stored
   * @param names names of its hyperparameters
   * @return the changed tower
   * @throws IllegalArgumentException if there is none of a name, or its value has no such form
   */
  public Tower storing(Transform transform, String... names) {
    Nulls.check(transform, "storing: transform");
    Level top = levels.getLast();
    for (String name : Nulls.copy(names, "storing: names")) {
      top = top.in(transform, name);
    }
    return withTop(top);
  }

  /**
   * Lets the next level move logarithms of hyperparameters of the topmost level.
   *
   * @param names names of its hyperparameters, whose values are above 0
   * @return the changed tower
   * @throws IllegalArgumentException if there is none of a name, or its value is not above 0
   */
  public Tower inLog(String... names) {
    return storing(Transform.EXP, Nulls.copy(names, "inLog: names").toArray(String[]::new));
  }

  /**
   * Lets the next level move the logits ln(x/(1−x)) of hyperparameters of the topmost level.
   *
   * @param names names of its hyperparameters, whose values are between 0 and 1, both excluded
   * @return the changed tower
   * @throws IllegalArgumentException if there is none of a name, or its value is not a fraction
   */
  public Tower inLogit(String... names) {
    return storing(Transform.LOGIT, Nulls.copy(names, "inLogit: names").toArray(String[]::new));
  }

  /**
   * Keeps a hyperparameter of the topmost level within bounds, whatever the next level does.
   *
   * @param name its name
   * @param min the least effective value; −∞ for no bound
   * @param max the greatest effective value; ∞ for no bound
   * @return the changed tower
   * @throws IllegalArgumentException if there is none of the name, its value is not within them, or
   *     the first is above the second
   */
  public Tower within(String name, double min, double max) {
    return withTop(levels.getLast().within(Nulls.check(name, "within: name"), min, max));
  }

  /**
   * Limits the norm of the gradients by which the first level updates, and that of each group: they
   * are scaled by min(1, maxNorm/(‖g‖₂ + 1e-6)), with one norm over all parameters, those of groups
   * too, which is found for any finite gradients. Gradients of hyperparameters stay what they are.
   * If the norm is no finite number, the loss that a step shows is NaN, so that who looks at it
   * before the update can refuse the step.
   *
   * @param newMaxNorm the limit, above 0
   * @return the changed tower
   */
  public Tower clippedTo(double newMaxNorm) {
    return new Tower(levels, groups, newMaxNorm, schedule, guard, cap, heldOut);
  }

  /**
   * Lets the step size of the first level, and of each group's first level, change over the run: it
   * is multiplied by the schedule's factor of each step. The levels above tune what is multiplied.
   *
   * @param newSchedule factors by step
   * @return the changed tower
   */
  public Tower scheduledBy(StepSchedule newSchedule) {
    Nulls.check(newSchedule, "scheduledBy: newSchedule");
    return new Tower(levels, groups, maxNorm, newSchedule, guard, cap, heldOut);
  }

  /**
   * Lets a guard look at every loss before the update, and take the last update back after which it
   * jumps, or begin anew at its {@link Edge}. A step whose loss has jumped counts as a step; {@link
   * TowerOptimizer#jumped} tells of it. Each step waits for the backend, which reads its loss.
   *
   * @param newGuard the guard, such as {@link Guard#standard}
   * @return the changed tower
   */
  public Tower guardedBy(Guard newGuard) {
    Nulls.check(newGuard, "guardedBy: newGuard");
    return new Tower(levels, groups, maxNorm, schedule, Optional.of(newGuard), cap, heldOut);
  }

  /**
   * Limits what the very first update changes: the step sizes of the first level, and of each
   * group's, are set to where their update is as long as these shares of its weights' norm, if it
   * is shorter or longer. Weights that are all 0 have no limits.
   *
   * @param least the least share, such as 1e-5; 0 for no limit
   * @param most the greatest share, such as 0.001; infinite for no limit
   * @return the changed tower
   */
  public Tower cappedAt(double least, double most) {
    return new Tower(levels, groups, maxNorm, schedule, guard, new Cap(least, most), heldOut);
  }

  /**
   * Holds batches out: nothing is learned from every so many-th one, whose gradients by weights and
   * hyperparameters only feed the levels above the first; in all other steps those stand still. So
   * hyperparameters descend by the loss of data that the last update has not seen. Which batches
   * these are follows from the number of the step; {@link TowerOptimizer#isHeldOut} tells it, for
   * who takes them from other data.
   *
   * @param every 2, which is every second batch, or more; 0 for none
   * @return the changed tower
   */
  public Tower heldOut(int every) {
    return new Tower(levels, groups, maxNorm, schedule, guard, cap, every);
  }

  /**
   * The tower in a run of known length.
   *
   * @param steps number of steps of the run, at least 1
   * @return this tower, its schedule having that length where it lasts as long as the run does
   */
  public Tower over(long steps) {
    return new Tower(levels, groups, maxNorm, schedule.over(steps), guard, cap, heldOut);
  }

  /**
   * The tower in a run whose length is not known and which ends with a cool-down.
   *
   * @return this tower with its schedule's {@linkplain StepSchedule#openEnded open-ended form}
   */
  public Tower openEnded() {
    return new Tower(levels, groups, maxNorm, schedule.openEnded(), guard, cap, heldOut);
  }

  /**
   * Checks that a session holds the tower's numbers, as {@link #bind} does: in single precision a
   * step size of 1e308 would be infinite, one of 1e-60 would be 0.
   *
   * @param session what shall compute
   * @throws IllegalArgumentException if it does not; names group, level and hyperparameter
   */
  public void checkPrecision(Session session) {
    Nulls.check(session, "checkPrecision: session");
    PrecisionCheck.checkAll(this, session);
  }

  /** See {@link ParameterGroup#assign}. */
  List<List<Parameter>> assign(List<Parameter> parameters) {
    return ParameterGroup.assign(groups, parameters);
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
    HeldOut.check(this);
    return new TowerOptimizer(this, session, BoundParameters.of(session, parameters));
  }

  @Override
  public String toString() {
    return TowerText.of(this);
  }
}
