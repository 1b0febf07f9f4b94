package io.hypertape.run.follow;

import io.hypertape.checks.Nulls;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where a run is kept in MLflow, and what is said of it.
 *
 * @param server its address, {@code http://…} or {@code https://…}, with a path if it has one
 * @param experiment the experiment's name; made if there is none
 * @param runName the run's name; if empty the server makes one
 * @param params what the run is started with, by name, beside its first hyperparameters
 * @param tags more that is said of it, by name
 * @param every of how many steps one is told, at least 1; the run's first step always is
 * @param patience how long the beginning and the end of a run may wait for the server, each
 */
public record MlflowOptions(
    URI server,
    String experiment,
    Optional<String> runName,
    Map<String, String> params,
    Map<String, String> tags,
    long every,
    Duration patience) {

  private static final String EXPERIMENT = "Default";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Checks the address and keeps copies. */
  public MlflowOptions {
    Nulls.check(server, "mlflow: server");
    Nulls.check(experiment, "mlflow: experiment");
    Nulls.check(runName, "mlflow: runName");
    params = Nulls.copy(params, "mlflow: params");
    tags = Nulls.copy(tags, "mlflow: tags");
    Nulls.check(patience, "mlflow: patience");
    checkServer(server);
    if (experiment.isBlank()) {
      throw new IllegalArgumentException("mlflow: an experiment needs a name");
    }
    if (every < 1) {
      throw new IllegalArgumentException("mlflow: every is " + every + "; at least 1 is needed");
    }
    if (patience.isNegative() || patience.isZero()) {
      throw new IllegalArgumentException(
          "mlflow: patience is " + patience + "; it must be above 0");
    }
    params = Collections.unmodifiableMap(new TreeMap<>(params));
    tags = Collections.unmodifiableMap(new TreeMap<>(tags));
  }

  /**
   * The experiment {@code Default} of a server.
   *
   * @param server its address
   * @return the options
   * @throws IllegalArgumentException if the address is no {@code http} or {@code https}, or has
   *     credentials
   */
  public static MlflowOptions of(URI server) {
    return new MlflowOptions(server, EXPERIMENT, Optional.empty(), Map.of(), Map.of(), 1, PATIENCE);
  }

  /** Its text is not told where it has a password. */
  private static void checkServer(URI server) {
    if (server.getRawUserInfo() != null
        || server.getRawAuthority() != null && server.getRawAuthority().contains("@")) {
      throw new IllegalArgumentException(
          "mlflow: the server's address has credentials, which belong into the environment variables "
              + MlflowAuthorization.USERNAME
              + " and "
              + MlflowAuthorization.PASSWORD);
    }
    String scheme = server.getScheme();
    if (server.getHost() == null
        || !("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))
        || server.getRawQuery() != null
        || server.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "mlflow: " + server + " is no server's address; one such as http://localhost:5000 is");
    }
  }

  /**
   * The same with another experiment.
   *
   * @param newExperiment its name
   * @return the changed options
   */
  public MlflowOptions withExperiment(String newExperiment) {
    Nulls.check(newExperiment, "mlflow: newExperiment");
    return new MlflowOptions(server, newExperiment, runName, params, tags, every, patience);
  }

  /**
   * The same with a name of the run.
   *
   * @param newName the name
   * @return the changed options
   */
  public MlflowOptions withRunName(String newName) {
    Nulls.check(newName, "mlflow: newName");
    return new MlflowOptions(
        server, experiment, Optional.of(newName), params, tags, every, patience);
  }

  /**
   * The same with other parameters.
   *
   * @param newParams what the run is started with, by name
   * @return the changed options
   */
  public MlflowOptions withParams(Map<String, String> newParams) {
    Nulls.check(newParams, "mlflow: newParams");
    return new MlflowOptions(server, experiment, runName, newParams, tags, every, patience);
  }

  /**
   * The same with other tags.
   *
   * @param newTags what is said of the run, by name
   * @return the changed options
   */
  public MlflowOptions withTags(Map<String, String> newTags) {
    Nulls.check(newTags, "mlflow: newTags");
    return new MlflowOptions(server, experiment, runName, params, newTags, every, patience);
  }

  /**
   * The same with fewer steps told.
   *
   * @param newEvery of how many steps one is, at least 1
   * @return the changed options
   */
  public MlflowOptions withEvery(long newEvery) {
    return new MlflowOptions(server, experiment, runName, params, tags, newEvery, patience);
  }

  /**
   * The same with another patience.
   *
   * @param newPatience how long the beginning and the end of a run may wait for the server, each
   * @return the changed options
   */
  public MlflowOptions withPatience(Duration newPatience) {
    Nulls.check(newPatience, "mlflow: newPatience");
    return new MlflowOptions(server, experiment, runName, params, tags, every, newPatience);
  }
}
