package io.hypertape.cli;

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
          "the tower (default: adam(1e-3)/sgd(1e-5); resnets"
              + " sgd(0.1, mu=0.9, decay=1e-4, tune=alpha)/sgd(1e-5); char-lstm adam(2e-3)/sgd(1e-5))")
  private Tower tower;

  @Option(
      names = "--schedule",
      paramLabel = "SCHEDULE",
      description =
          "factor on the first level's step size, as a tower's schedule= has it: constant,"
              + " step(EVERY, FACTOR), milestones(STEP, …, FACTOR), cosine (to 0 at the run's end) or"
              + " cosine(STEPS), decay(FRACTION[, STEPS]) (1, then linear to 0 over the last FRACTION),"
              + " warmup(STEPS[, SCHEDULE]) (default: constant)")
  private StepSchedule schedule;

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      description = "scale the model's gradient down to this norm where it is larger")
  private Double clip;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  OptimizerOptions() {}

  /** The tower that was asked for. */
  Tower tower(String otherwise) {
    tower = tower != null ? tower : Tower.parse(otherwise);
    if (schedule != null && !tower.schedule().equals(StepSchedule.constant())) {
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
