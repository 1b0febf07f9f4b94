package io.hypertape.optim;

import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.tensor.DType;
import java.util.List;
import java.util.Optional;

/**
 * Whether a session's precision holds a tower's numbers: a step size of 1e308 is infinite in single
 * precision, one of 1e-60 is 0, and so is 1 − a decay of 1 − 1e-9, unless an update takes that
 * difference as it is ({@link Update#complement}), as those of this package do.
 */
final class PrecisionCheck {

  /** A parameter of any name. */
  private static final String ANY = "";

  private PrecisionCheck() {}

  /** A tower's levels and those of its groups. */
  static void checkAll(Tower tower, Session session) {
    check(tower, session);
    for (ParameterGroup group : tower.groups()) {
      try {
        check(group.tower(), session);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            Tower.GROUP + " " + group.filter().text() + ", " + e.getMessage(), e);
      }
    }
  }

  private static void check(Tower tower, Session session) {
    if (session.dtype() != DType.F32) {
      return;
    }
    for (int number = 1; number <= tower.height(); number++) {
      Level level = tower.levels().get(number - 1);
      String where = "level " + number + ", " + level.optimizer().text() + ": ";
      List<Hyperparameter> hyperparameters = level.hyperparameters();
      for (Hyperparameter h : hyperparameters) {
        checkRange(where + h.name(), h.initial());
        checkRange(where + "the least " + h.name(), h.min());
        checkRange(where + "the greatest " + h.name(), h.max());
      }
      level
          .optimizer()
          .shared()
          .forEach(v -> checkRange(where + "shared state " + v.name(), v.initial()));
      tried(session, level.optimizer()).ifPresent(trial -> check(where, hyperparameters, trial));
    }
    if (Double.isFinite(tower.maxNorm())) {
      checkRange(Tower.CLIP, tower.maxNorm());
    }
    checkSchedule(tower.schedule());
  }

  /** The factors that are given; powers of them come to 0, or too far, as a run goes on. */
  private static void checkSchedule(StepSchedule schedule) {
    switch (schedule) {
      case StepSchedule.Step step ->
          checkRange("schedule " + step.text() + ": factor", step.factor());
      case StepSchedule.Milestones milestones ->
          checkRange("schedule " + milestones.text() + ": factor", milestones.factor());
      case StepSchedule.WarmUp warmUp -> checkSchedule(warmUp.then());
      case StepSchedule.Constant none -> {}
      case StepSchedule.OnDemand none -> {}
      case StepSchedule.Cosine none -> {}
      case ScheduleOverRun none -> {}
      case StepSchedule.LinearDecay none -> {}
    }
  }

  private static void check(String where, List<Hyperparameter> hyperparameters, UpdateTrial trial) {
    for (Hyperparameter h : hyperparameters) {
      if ((h.transform() == Transform.CLAMP || h.transform() == Transform.LOGIT)
          && h.initial() < 1
          && (float) h.initial() == 1
          && !trial.readsComplement(h)) {
        throw unfit(where + h.name(), h.initial(), "which single precision rounds to 1");
      }
    }
    trial.constants().forEach(constant -> checkRange(where + "a constant", constant));
  }

  /** What an update reads, tried on one number; empty if it takes none of any name, or fails. */
  private static Optional<UpdateTrial> tried(Session session, Optimizer optimizer) {
    if (!optimizer.updates(ANY)) {
      return Optional.empty();
    }
    UpdateTrial trial = new UpdateTrial(session, optimizer.hyperparameters());
    try (Scope unused = session.scratch()) {
      trial.run(
          optimizer,
          new UpdateContract(new LevelPlace(0, 1, true), optimizer),
          ANY,
          session.zeros(1),
          optimizer.state(new int[] {1}),
          optimizer.shared());
      return Optional.of(trial);
    } catch (RuntimeException e) {
      // Who binds the tower is told, with the parameter's name and shape.
      return Optional.empty();
    }
  }

  private static void checkRange(String what, double value) {
    if (Double.isFinite(value) && Float.isInfinite((float) value)) {
      throw unfit(what, value, "and single precision holds numbers of at most 3.4e38");
    }
    if (value != 0 && (float) value == 0) {
      throw unfit(what, value, "which single precision rounds to 0");
    }
  }

  private static IllegalArgumentException unfit(String what, double value, String why) {
    return new IllegalArgumentException(
        what
            + " is "
            + Arguments.number(value)
            + ", "
            + why
            + "; a session in float64 (backend reference) computes with it");
  }
}
