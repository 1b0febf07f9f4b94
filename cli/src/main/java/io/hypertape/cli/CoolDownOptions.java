package io.hypertape.cli;

import io.hypertape.optim.Tower;
import io.hypertape.run.CoolDown;
import io.hypertape.run.Metric;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say how a run of unknown length ends. */
final class CoolDownOptions {

  /** Epochs of a run that ends by itself, at the most. */
  static final int MOST_EPOCHS = 100;

  /**
   * What a run waits for.
   *
   * @param metric stops improving
   */
  record Until(Metric metric) {
    @Override
    public String toString() {
      return metric.text() + " " + UntilConverter.STOPS;
    }
  }

  @Option(
      names = "--until",
      paramLabel = "\"METRIC stops improving\"",
      description =
          "end when METRIC has not improved for --patience epochs, with a cool-down: step sizes fall"
              + " to 0 over --cool-down times the steps so far. METRIC is train loss, test loss or"
              + " test error; of tables also valid loss, valid error and, as targets are, f1, auc,"
              + " rmse, mae or r2 of valid or test; of text train loss, valid perplexity or test perplexity. --epochs"
              + " (default here: "
              + MOST_EPOCHS
              + ") and --steps are then upper bounds, at which the cool-down ends at the latest. The"
              + " tower has no schedule then, or ondemand, after a warmup too; with such a schedule"
              + " Ctrl-C begins the cool-down, and a second Ctrl-C stops at once")
  private Until until;

  @Option(
      names = "--patience",
      paramLabel = "N",
      description =
          "epochs, or evaluations with --evaluate-every, without improvement that --until waits"
              + " (default: "
              + CoolDown.PATIENCE
              + ")")
  private Integer patience;

  @Option(
      names = "--cool-down",
      paramLabel = "SHARE",
      description =
          "end with a cool-down of SHARE times the steps before it (default with --until: "
              + CoolDown.SHARE
              + "; there 0 ends the run at once, whatever the tower's schedule)")
  private Double share;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  CoolDownOptions() {}

  /** Whether the run ends by itself. */
  boolean endsByItself() {
    return until != null;
  }

  /** The cool-down that was asked for, of a model that is judged by some metrics. */
  Optional<CoolDown> coolDown(List<Metric> metrics) {
    if (patience != null && until == null) {
      throw wrong("--patience goes with --until");
    }
    if (patience != null && patience < 1) {
      throw wrong("--patience is " + patience + "; at least 1 is needed");
    }
    if (share != null && (share < 0 || share == 0 && until == null)) {
      throw wrong(
          "--cool-down is "
              + share
              + "; a number above 0 is needed, or 0 with --until to have none");
    }
    if (until != null) {
      checkFits("--until", until.metric(), metrics, spec);
    }
    return until == null && share == null
        ? Optional.empty()
        : Optional.of(
            new CoolDown(
                share != null ? share : CoolDown.SHARE,
                Optional.ofNullable(until).map(Until::metric),
                patience != null ? patience : CoolDown.PATIENCE));
  }

  /** Refuses a metric that such models are not judged by. */
  static void checkFits(String option, Metric metric, List<Metric> metrics, CommandSpec spec) {
    if (!metrics.contains(metric)) {
      throw new ParameterException(
          spec.commandLine(),
          option
              + ": such a model has no "
              + metric.text()
              + "; it has "
              + String.join(", ", metrics.stream().map(Metric::text).toList()));
    }
  }

  /** The tower as a run of a known or an unknown length has it. */
  Tower tower(Tower asked) {
    if (until == null && share == null || share != null && share == 0) {
      return asked;
    }
    Tower open = asked.openEnded();
    if (!open.schedule().isOnDemand()) {
      throw wrong(
          (until == null ? "--cool-down" : "--until")
              + " needs a schedule that waits for it; the tower has "
              + open.schedule().text()
              + ", and ondemand would fit, after a warmup too");
    }
    return open;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
