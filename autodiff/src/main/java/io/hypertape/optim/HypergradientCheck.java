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
        checkSingle(place, level, tuned, Transform.IDENTITY, Transform.EXP);
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

  private static void checkTrace(LevelPlace place, Level level, RunningLevel tuned) {
    if (place.number() != 2) {
      throw refused(place, level, "a trace is one of weights; the second level would fit");
    }
    checkSingle(place, level, tuned, Transform.EXP);
  }

  /** One step size, stored as one of some forms. */
  private static void checkSingle(
      LevelPlace place, Level level, RunningLevel tuned, Transform... forms) {
    List<String> names =
        tuned.hyperparameters().tunedParameters().stream().map(Parameter::name).toList();
    Optimizer below = tuned.level().optimizer();
    boolean fits = names.size() == 1 && below.stepSizes().contains(names.getFirst());
    if (fits) {
      Transform form = tuned.hyperparameters().transform(names.getFirst());
      fits = List.of(forms).contains(form);
    }
    if (!fits) {
      String step = below.stepSizes().isEmpty() ? "alpha" : below.stepSizes().getFirst();
      throw refused(
          place,
          level,
          "it tunes one step size"
              + (forms.length == 1 ? ", by its logarithm" : "")
              + ", but the level below has "
              + Update.list(names)
              + " tuned; "
              + below.name()
              + "(…, tune="
              + step
              + ", log="
              + step
              + ") would fit");
    }
  }

  private static IllegalArgumentException refused(LevelPlace place, Level level, String why) {
    return new IllegalArgumentException(
        place + ", " + level.optimizer().name() + ", by=" + level.hypergradient() + ": " + why);
  }
}
