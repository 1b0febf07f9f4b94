package io.hypertape.cli;

import io.hypertape.run.Metric;
import io.hypertape.run.TrainingOptions;
import io.hypertape.shards.Shards;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say when a model is judged, which is kept, and how batches are taken. */
final class JudgementOptions {

  @Option(
      names = "--evaluate-every",
      paramLabel = "STEPS",
      description =
          "judge the model after every so many steps too, not only after each epoch (epochs.csv)")
  private Long every;

  @Option(
      names = "--keep-best",
      paramLabel = "METRIC",
      description =
          "keep the model that METRIC was best of, whenever it was judged, rather than the last;"
              + " METRIC as with --until")
  private Metric best;

  @Option(
      names = "--accumulate",
      paramLabel = "N",
      description =
          "take each batch in N parts, one after another, whose gradients are added up: as much"
              + " memory as a part needs (images and tables; default: ${DEFAULT-VALUE})")
  private int parts = 1;

  @Option(
      names = "--shards",
      paramLabel = "S",
      description =
          "divide each batch into S shards, a power of two, whose gradients are joined in a fixed"
              + " order: as much memory as a shard needs, but with joined batch norm (default: whole"
              + " batches)")
  private Integer shards;

  @Option(
      names = "--batch-norm",
      paramLabel = "HOW",
      description =
          "with --shards, batch norm's means are joined over the whole batch or per-shard"
              + " (default: joined)")
  private Shards.Statistics statistics;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  JudgementOptions() {}

  /** Into how many parts a batch is divided. */
  int parts() {
    return parts;
  }

  /** The options of a run of a model that is judged by some metrics. */
  TrainingOptions of(TrainingOptions options, List<Metric> metrics) {
    if (every != null && every < 1) {
      throw wrong("--evaluate-every is " + every + "; at least 1 is needed");
    }
    if (parts < 1) {
      throw wrong("--accumulate is " + parts + "; at least 1 is needed");
    }
    if (statistics != null && shards == null) {
      throw wrong("--batch-norm is for batches that --shards divides");
    }
    if (best != null) {
      CoolDownOptions.checkFits("--keep-best", best, metrics, spec);
    }
    TrainingOptions judged = every == null ? options : options.withEvaluateEvery(every);
    judged = shards == null ? judged : judged.withShards(divided());
    return best == null ? judged : judged.withBest(best);
  }

  private Shards divided() {
    try {
      Shards divided = Shards.of(shards);
      return statistics == null ? divided : divided.withStatistics(statistics);
    } catch (IllegalArgumentException e) {
      throw wrong("--shards: " + e.getMessage());
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
