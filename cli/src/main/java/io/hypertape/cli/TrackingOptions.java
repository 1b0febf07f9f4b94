package io.hypertape.cli;

import io.hypertape.run.folder.RunFolder;
import io.hypertape.run.follow.MlflowListener;
import io.hypertape.run.follow.MlflowOptions;
import io.hypertape.run.follow.TensorBoardListener;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say who else is told of a run. */
final class TrackingOptions {

  /** Of one series, as a table has at the most. */
  private static final long MOST_STEPS = 20_000;

  @Option(
      names = "--tensorboard",
      description =
          "also write the run's numbers as TensorBoard's event files, into the run's folder")
  private boolean tensorBoard;

  @Option(
      names = "--mlflow",
      paramLabel = "URI",
      description =
          "also tell the MLflow server at this address of the run; credentials are those of the"
              + " environment variables MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and"
              + " MLFLOW_TRACKING_PASSWORD")
  private URI mlflow;

  @Option(
      names = "--mlflow-experiment",
      paramLabel = "NAME",
      description = "the experiment that the run is of, with --mlflow (default: Default)")
  private String experiment;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  TrackingOptions() {}

  /** Refuses what does not fit, before anything is made. */
  void check() {
    if (experiment != null && mlflow == null) {
      throw wrong("--mlflow-experiment goes with --mlflow");
    }
    if (mlflow != null) {
      server();
    }
  }

  /** Whether anybody else is told. */
  boolean areGiven() {
    return tensorBoard || mlflow != null;
  }

  private MlflowOptions server() {
    try {
      MlflowOptions server = MlflowOptions.of(mlflow);
      return experiment == null ? server : server.withExperiment(experiment);
    } catch (IllegalArgumentException e) {
      throw wrong("--" + e.getMessage());
    }
  }

  /**
   * Names those who are told.
   *
   * @param config what config.json says of the run
   * @param steps that it takes
   */
  void open(Tracking tracking, RunFolder folder, Map<String, ?> config, long steps) {
    long every = Math.max(1, (steps + MOST_STEPS - 1) / MOST_STEPS);
    // A run that the server refuses shall leave no file: it comes first.
    if (mlflow != null) {
      tracking.tell(mlflow(folder, config, every));
    }
    if (tensorBoard) {
      tracking.tell(new TensorBoardListener(folder.path(), every));
    }
  }

  private MlflowListener mlflow(RunFolder folder, Map<String, ?> config, long every) {
    Map<String, String> params = new TreeMap<>();
    config.forEach(
        (name, value) -> {
          if (value instanceof Number || value instanceof String) {
            params.put(name, value.toString());
          }
        });
    MlflowOptions options =
        server()
            .withEvery(every)
            .withRunName(folder.path().toAbsolutePath().getFileName().toString())
            .withParams(params);
    try {
      return new MlflowListener(options);
    } catch (IllegalArgumentException e) {
      throw wrong("--" + e.getMessage());
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
