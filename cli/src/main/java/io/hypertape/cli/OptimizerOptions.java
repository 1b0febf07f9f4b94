package io.hypertape.cli;

import io.hypertape.optim.SelfTuning;
import io.hypertape.optim.Sgd;
import io.hypertape.optim.StepSchedule;
import io.hypertape.optim.Tower;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say how to train. */
final class OptimizerOptions {

  @Option(
      names = "--optimizer",
      paramLabel = "TOWER",
      description =
          "the tower (default: auto(adam), which finds its step size; resnets"
              + " auto(sgd(mu=0.9, decay=1e-4)))")
  private Tower tower;

  @Option(
      names = "--schedule",
      paramLabel = "SCHEDULE",
      description =
          "factor on the first level's step size, as a tower's schedule= has it: constant,"
              + " step(EVERY, FACTOR), milestones(STEP, …, FACTOR), cosine (to 0 at the run's end) or"
              + " cosine(STEPS), decay(FRACTION[, STEPS]) (1, then linear to 0 over the last FRACTION),"
              + " ondemand (1 until Ctrl-C or --until begins a cool-down), warmup(STEPS[, SCHEDULE])"
              + " (default: constant; with auto(…) decay(0.5))")
  private StepSchedule schedule;

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      description = "scale the model's gradient down to this norm where it is larger")
  private Double clip;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  OptimizerOptions() {}

  /** Whether a tower's schedule is there without having been asked for. */
  private static boolean isOwn(StepSchedule of) {
    return of.equals(StepSchedule.constant()) || of.equals(SelfTuning.of(new Sgd(1)).schedule());
  }

  /** The tower that was asked for. */
  Tower tower(String otherwise) {
    tower = tower != null ? tower : Tower.parse(otherwise);
    if (schedule != null && !isOwn(tower.schedule())) {
      throw new ParameterException(
          spec.commandLine(),
          "--schedule: the tower has a schedule already, " + tower.schedule().text());
    }
    Tower scheduled = schedule == null ? tower : tower.scheduledBy(schedule);
    try {
      return clip == null ? scheduled : scheduled.clippedTo(clip);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--clip: " + e.getMessage());
    }
  }
}
