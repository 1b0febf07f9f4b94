package io.hypertape.optim;

import io.hypertape.checks.Nulls;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How the bottom level's step size changes over a run: a factor for each step. Whatever tunes the
 * step size tunes what the factor multiplies. As text, {@code constant}, {@code step(1000, 0.1)},
 * {@code milestones(5000, 7500, 0.1)}, {@code cosine(5000)}, {@code decay(0.5, 5000)}, {@code
 * ondemand} or {@code warmup(100, cosine(4900))}; {@code cosine}, {@code decay(0.5)} and {@code
 * warmup(100, cosine)} last as long as the run does.
 */
public sealed interface StepSchedule
    permits ScheduleOverRun,
        StepSchedule.Constant,
        StepSchedule.OnDemand,
        StepSchedule.Step,
        StepSchedule.Milestones,
        StepSchedule.Cosine,
        StepSchedule.LinearDecay,
        StepSchedule.WarmUp {

  /**
   * The factor of a step.
   *
   * @param step number of steps taken before it, from 0
   * @return what the step size is multiplied by
   */
  double factor(long step);

  /**
   * The schedule as text.
   *
   * @return what {@link #parse} reads back
   */
  String text();

  /**
   * No change.
   *
   * @return the schedule
   */
  static StepSchedule constant() {
    return new Constant();
  }

  /**
   * A change by the same factor again and again.
   *
   * @param every number of steps from one change to the next, at least 1
   * @param factor by what each change multiplies, above 0
   * @return the schedule
   */
  static StepSchedule step(long every, double factor) {
    return new Step(every, factor);
  }

  /**
   * A change by the same factor at given steps, as in He et al. 2015: at half and three quarters.
   *
   * @param steps numbers of steps before each change, at least 1, rising
   * @param factor by what each change multiplies, above 0
   * @return the schedule
   */
  static StepSchedule milestones(List<Long> steps, double factor) {
    return new Milestones(steps, factor);
  }

  /**
   * Half a cosine wave, from 1 to 0 (Loshchilov, Hutter 2017, without restarts).
   *
   * @param steps number of steps until 0 is reached, at least 1
   * @return the schedule
   */
  static StepSchedule cosine(long steps) {
    return new Cosine(steps);
  }

  /**
   * Half a cosine wave, from 1 to 0 at the end of the run.
   *
   * @return the schedule, of which {@link #over} makes one with factors
   */
  static StepSchedule cosine() {
    return new ScheduleOverRun.CosineOverRun();
  }

  /**
   * No change, and then a linear fall to 0 over the last part of a run: min(1, (1 − step/steps) /
   * fraction).
   *
   * @param fraction how long the fall is, of the whole; above 0 and at most 1
   * @param steps number of steps until 0 is reached, at least 1
   * @return the schedule
   */
  static StepSchedule decay(double fraction, long steps) {
    return new LinearDecay(fraction, steps);
  }

  /**
   * No change, and then a linear fall to 0 over the last part of the run.
   *
   * @param fraction how long the fall is, of the whole; above 0 and at most 1
   * @return the schedule, of which {@link #over} makes one with factors
   */
  static StepSchedule decay(double fraction) {
    return new ScheduleOverRun.LinearDecayOverRun(fraction);
  }

  /**
   * No change until {@link TowerOptimizer#coolDown} is called, for a run whose length is not known.
   *
   * @return the schedule
   */
  static StepSchedule onDemand() {
    return new OnDemand();
  }

  /**
   * Whether it changes nothing any more after its beginning, until a cool-down is asked for.
   *
   * @return true for {@link #onDemand}, after a {@link #warmUp} too
   */
  default boolean isOnDemand() {
    return false;
  }

  /**
   * The schedule of a run whose length is not known and which ends with a cool-down.
   *
   * @return {@link #onDemand} instead of {@link #constant} and of a {@link #decay(double)} that
   *     lasts as long as the run does, after a warm-up too; else this one
   */
  default StepSchedule openEnded() {
    return this;
  }

  /**
   * The schedule of a run of known length.
   *
   * @param steps number of steps of the run, at least 1
   * @return this one, with that length where it lasts as long as the run does
   */
  default StepSchedule over(long steps) {
    return this;
  }

  /**
   * A linear rise, 1/steps at the first step and 1 at the last, and then another schedule from its
   * beginning.
   *
   * @param steps number of steps of the rise, at least 1
   * @param then what follows
   * @return the schedule
   */
  static StepSchedule warmUp(long steps, StepSchedule then) {
    return new WarmUp(steps, then);
  }

  /**
   * Reads a schedule's text.
   *
   * @param text such as {@code warmup(100, step(1000, 0.1))}
   * @return the schedule
   * @throws TowerSyntaxException if it is none; the message points at the character
   */
  static StepSchedule parse(String text) {
    return ScheduleParser.parse(Nulls.check(text, "schedule: text"));
  }

  private static void checkSteps(String schedule, long steps) {
    if (steps < 1) {
      throw new IllegalArgumentException(schedule + ": " + steps + " steps; at least 1 is needed");
    }
  }

  /** Always 1. */
  record Constant() implements StepSchedule {
    @Override
    public double factor(long step) {
      return 1;
    }

    @Override
    public StepSchedule openEnded() {
      return new OnDemand();
    }

    @Override
    public String text() {
      return "constant";
    }
  }

  /** See {@link StepSchedule#onDemand}. */
  record OnDemand() implements StepSchedule {
    @Override
    public double factor(long step) {
      return 1;
    }

    @Override
    public boolean isOnDemand() {
      return true;
    }

    @Override
    public String text() {
      return "ondemand";
    }
  }

  /**
   * See {@link StepSchedule#step}.
   *
   * @param every number of steps from one change to the next
   * @param factor by what each change multiplies
   */
  record Step(long every, double factor) implements StepSchedule {
    /** Checks the numbers. */
    public Step {
      checkSteps("step", every);
      Arguments.positive("step", "factor", factor);
    }

    @Override
    public double factor(long step) {
      return StrictMath.pow(factor, Math.floorDiv(step, every));
    }

    @Override
    public String text() {
      return "step(" + every + ", " + Arguments.number(factor) + ")";
    }
  }

  /**
   * See {@link StepSchedule#milestones}.
   *
   * @param steps numbers of steps before each change
   * @param factor by what each change multiplies
   */
  record Milestones(List<Long> steps, double factor) implements StepSchedule {
    /** Checks the numbers. */
    public Milestones {
      Nulls.checkAll(steps, "milestones: steps");
      steps = List.copyOf(steps);
      if (steps.isEmpty()) {
        throw new IllegalArgumentException(
            "milestones: no step is given; write the steps and then the factor, as in"
                + " milestones(5000, 7500, 0.1)");
      }
      long before = 0;
      for (long step : steps) {
        if (step <= before) {
          throw new IllegalArgumentException(
              "milestones: " + step + " after " + before + "; steps must rise, from 1 or more");
        }
        before = step;
      }
      Arguments.positive("milestones", "factor", factor);
    }

    @Override
    public double factor(long step) {
      return StrictMath.pow(factor, steps.stream().filter(change -> change <= step).count());
    }

    @Override
    public String text() {
      String list = steps.stream().map(step -> step + ", ").collect(Collectors.joining());
      return "milestones(" + list + Arguments.number(factor) + ")";
    }
  }

  /**
   * See {@link StepSchedule#cosine}.
   *
   * @param steps number of steps until 0 is reached
   */
  record Cosine(long steps) implements StepSchedule {
    /** Checks the number. */
    public Cosine {
      checkSteps("cosine", steps);
    }

    @Override
    public double factor(long step) {
      return step >= steps ? 0 : (1 + StrictMath.cos(Math.PI * step / steps)) / 2;
    }

    @Override
    public String text() {
      return "cosine(" + steps + ")";
    }
  }

  /**
   * See {@link StepSchedule#decay(double, long)}.
   *
   * @param fraction how long the fall is, of the whole
   * @param steps number of steps until 0 is reached
   */
  record LinearDecay(double fraction, long steps) implements StepSchedule {
    /** Checks the numbers. */
    public LinearDecay {
      Arguments.share("decay", "fraction", fraction);
      checkSteps("decay", steps);
    }

    @Override
    public double factor(long step) {
      return step >= steps ? 0 : Math.min(1, (1 - (double) step / steps) / fraction);
    }

    @Override
    public String text() {
      return "decay(" + Arguments.number(fraction) + ", " + steps + ")";
    }
  }

  /**
   * See {@link StepSchedule#warmUp}.
   *
   * @param steps number of steps of the rise
   * @param then what follows
   */
  record WarmUp(long steps, StepSchedule then) implements StepSchedule {
    /** Checks the number. */
    public WarmUp {
      Nulls.check(then, "warmup: then");
      checkSteps("warmup", steps);
    }

    @Override
    public double factor(long step) {
      return step < steps ? (step + 1.0) / steps : then.factor(step - steps);
    }

    @Override
    public StepSchedule over(long run) {
      return new WarmUp(steps, then.over(Math.max(1, run - steps)));
    }

    @Override
    public boolean isOnDemand() {
      return then.isOnDemand();
    }

    @Override
    public StepSchedule openEnded() {
      return new WarmUp(steps, then.openEnded());
    }

    @Override
    public String text() {
      return "warmup(" + steps + (then instanceof Constant ? "" : ", " + then.text()) + ")";
    }
  }
}
