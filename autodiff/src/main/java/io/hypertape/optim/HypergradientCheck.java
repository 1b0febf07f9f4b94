package io.hypertape.optim;

import io.hypertape.autodiff.Parameter;
import java.util.List;

/** Whether a {@link Hypergradient} fits what it is to be made of. */
final class HypergradientCheck {

  private HypergradientCheck() {}

  /**
   * Refuses what does not fit.
   *
   * @param place of the level that has it
   * @param level that level
   * @param below what it tunes; of no meaning on the weights
   */
  static void check(LevelPlace place, Level level, List<RunningLevel> below) {
    Hypergradient rule = level.hypergradient();
    if (rule.isPlain()) {
      return;
    }
    if (place.number() == 1) {
      throw refused(
          place, level, "weights have the loss's gradients; a level above them would fit");
    }
    RunningLevel tuned = below.getLast();
    if (tuned.targets().isEmpty()) {
      return;
    }
    switch (rule.source()) {
      case Hypergradient.Recorded unused -> {}
      case Hypergradient.Eligibility unused -> checkTrace(place, level, tuned);
      case Hypergradient.Agreement unused -> {
        checkStepSizes(place, level, tuned);
        if (tuned.level().hypergradient().source() instanceof Hypergradient.Agreement) {
          throw refused(
              place,
              level,
              "the level below is tuned by an agreement itself, which remembers none before;"
                  + " by=tape would fit");
        }
        if (tuned.hypergradient().isEmpty()) {
          throw refused(
              place,
              level,
              "the level below has the tape's hypergradients as they are; one with by=trace(-0.5)+max"
                  + " or by=tape+max would fit");
        }
      }
    }
  }

  /** Step sizes by their logarithms, at most one, and other hyperparameters in any form. */
  private static void checkTrace(LevelPlace place, Level level, RunningLevel tuned) {
    if (place.number() != 2) {
      throw refused(place, level, "a trace is one of weights; the second level would fit");
    }
    Optimizer below = tuned.level().optimizer();
    List<String> steps = names(tuned).stream().filter(below.stepSizes()::contains).toList();
    boolean fits =
        steps.isEmpty()
            ? !level.hypergradient().restarts()
            : steps.size() == 1 && form(tuned, steps.getFirst()) == Transform.EXP;
    if (!fits) {
      throw refused(
          place,
          level,
          (level.hypergradient().restarts()
                  ? "a restart follows one step size, by its logarithm,"
                  : "of step sizes it tunes one, by its logarithm,")
              + " but the level below has "
              + Update.list(names(tuned))
              + " tuned; "
              + fitting(below));
    }
  }

  /** Nothing but step sizes, as they are or by their logarithms. */
  private static void checkStepSizes(LevelPlace place, Level level, RunningLevel tuned) {
    Optimizer below = tuned.level().optimizer();
    boolean fits = true;
    for (String name : names(tuned)) {
      Transform form = form(tuned, name);
      fits &= below.stepSizes().contains(name);
      fits &= form == Transform.IDENTITY || form == Transform.EXP;
    }
    if (!fits) {
      throw refused(
          place,
          level,
          "it tunes step sizes, as they are or by their logarithms, but the level below has "
              + Update.list(names(tuned))
              + " tuned; "
              + fitting(below));
    }
  }

  private static List<String> names(RunningLevel tuned) {
    return tuned.hyperparameters().tunedParameters().stream().map(Parameter::name).toList();
  }

  private static Transform form(RunningLevel tuned, String name) {
    return tuned.hyperparameters().transform(name);
  }

  private static String fitting(Optimizer below) {
    String step = below.stepSizes().isEmpty() ? "alpha" : below.stepSizes().getFirst();
    return below.name() + "(…, tune=" + step + ", log=" + step + ") would fit";
  }

  private static IllegalArgumentException refused(LevelPlace place, Level level, String why) {
    return new IllegalArgumentException(
        place + ", " + level.optimizer().name() + ", by=" + level.hypergradient() + ": " + why);
  }

  /** Refuses an edge that nothing could begin anew at. */
  static void checkEdge(Tower tower, List<RunningLevel> levels) {
    boolean isIdle =
        tower.guard().flatMap(Guard::edge).isPresent()
            && levels.stream().anyMatch(level -> !level.targets().isEmpty())
            && levels.stream().noneMatch(level -> level.traces().ofStep());
    if (isIdle) {
      throw new IllegalArgumentException(
          "guard="
              + tower.guard().get().text()
              + ": at an edge weights go back to the running means of a trace, but no level tunes a"
              + " step size by=trace(-0.75); without +"
              + Edge.NAME
              + " the guard would fit");
    }
  }
}
