package io.hypertape.run.follow;

import io.hypertape.checks.Nulls;
import io.hypertape.optim.HyperparameterValue;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.run.Score;
import io.hypertape.run.TrainingListener;
import io.hypertape.run.follow.MlflowRun.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells an MLflow server of a run: what it is started with as parameters; losses and every level's
 * hyperparameters by steps; after an epoch what the model was judged by; how it has ended.
 *
 * <pre>{@code
 * try (var mlflow = new MlflowListener(MlflowOptions.of(URI.create("http://localhost:5000")))) {
 *   trainer.listener(mlflow).run(tower);
 *   mlflow.end(MlflowListener.Status.FINISHED);
 * }
 * }</pre>
 *
 * <p>A run begins only if the server takes it: what is wrong with the address or the credentials is
 * told then. From there on the server cannot hold it up: numbers are sent by a daemon thread,
 * {@code hypertape-mlflow}, in portions; while the server is away they wait, up to a hundred
 * thousand, and a warning says so. {@link #end} waits for what is left as long as {@link
 * MlflowOptions#patience} allows.
 *
 * <p>Credentials are read where MLflow's clients read them, in the environment variables {@code
 * MLFLOW_TRACKING_TOKEN}, or {@code MLFLOW_TRACKING_USERNAME} and {@code MLFLOW_TRACKING_PASSWORD},
 * and told to that server alone: redirects are not followed. A run that goes on after a stop is a
 * run of its own, with the tag {@code hypertape.resumed_after_steps}.
 */
public final class MlflowListener implements TrainingListener, AutoCloseable {

  /** How a run has ended. */
  public enum Status {
    /** As it should. */
    FINISHED,
    /** By a failure. */
    FAILED,
    /** By whoever stopped it. */
    KILLED
  }

  private static final String RESUMED = "hypertape.resumed_after_steps";
  private static final String SOURCE = "mlflow.source.name";

  private final MlflowOptions options;
  private final Optional<String> authorization;
  private @Nullable MlflowSender sender;
  private Optional<String> runId = Optional.empty();

  /**
   * Reads the environment; nothing is sent before a run begins.
   *
   * @param options the server, and what is said of the run
   * @throws IllegalArgumentException if the environment has credentials that none can be
   */
  public MlflowListener(MlflowOptions options) {
    this(options, System.getenv());
  }

  MlflowListener(MlflowOptions options, Map<String, String> environment) {
    this.options = Nulls.check(options, "mlflow: options");
    this.authorization = MlflowAuthorization.of(environment);
  }

  /**
   * The run as the server calls it.
   *
   * @return its id; empty before one has begun
   */
  public Optional<String> runId() {
    return runId;
  }

  @Override
  public void begin(TowerOptimizer optimizer) throws IOException {
    Nulls.check(optimizer, "mlflow: optimizer");
    close();
    MlflowClient client = new MlflowClient(options.server(), authorization, options.patience());
    try {
      MlflowRun run = MlflowRun.create(client, options);
      try {
        run.describe(client, params(optimizer), tags(optimizer), options.patience());
      } catch (IOException | RuntimeException e) {
        endAfter(e, client, run);
        throw e;
      }
      sender = new MlflowSender(client, run);
      runId = Optional.of(run.id());
    } catch (IOException | RuntimeException | Error e) {
      client.close();
      throw e;
    }
    sender.start();
  }

  /** The server shall not believe for ever that the run is at work. */
  private void endAfter(Exception failure, MlflowClient client, MlflowRun run) {
    try {
      run.end(client, Status.FAILED, options.patience());
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private Map<String, String> params(TowerOptimizer optimizer) {
    Map<String, String> params = new TreeMap<>();
    for (HyperparameterValue value : optimizer.hyperparameters()) {
      params.put(MlflowRun.name(value.label()), shown(value.value()));
    }
    params.putAll(options.params());
    return params;
  }

  /** As it was given, where it is kept as float32. */
  private static String shown(double value) {
    float single = (float) value;
    return single == value ? Float.toString(single) : Double.toString(value);
  }

  private Map<String, String> tags(TowerOptimizer optimizer) {
    Map<String, String> tags = new TreeMap<>(Map.of(SOURCE, "hypertape"));
    if (optimizer.steps() > 0) {
      tags.put(RESUMED, Long.toString(optimizer.steps()));
    }
    tags.putAll(options.tags());
    return tags;
  }

  private MlflowSender sender() {
    if (sender == null) {
      throw new IllegalStateException("mlflow: no run has begun");
    }
    return sender;
  }

  @Override
  public void step(long step, double loss, TowerOptimizer optimizer) {
    Nulls.check(optimizer, "mlflow: optimizer");
    if (step % options.every() == 0 || step == 1) {
      tell(step, RunNumbers.ofStep(loss, optimizer));
    }
  }

  @Override
  public void epoch(int epoch, double trainLoss, Score test, TowerOptimizer optimizer) {
    Nulls.check(test, "mlflow: test");
    Nulls.check(optimizer, "mlflow: optimizer");
    tell(optimizer.steps(), RunNumbers.ofEpoch(epoch, trainLoss, test));
  }

  @Override
  public void evaluated(long step, double trainLoss, Score score, TowerOptimizer optimizer) {
    Nulls.check(score, "mlflow: score");
    Nulls.check(optimizer, "mlflow: optimizer");
    tell(step, RunNumbers.ofScore(trainLoss, score));
  }

  private void tell(long step, Map<String, Double> numbers) {
    long now = System.currentTimeMillis();
    List<Value> values = new ArrayList<>(numbers.size());
    numbers.forEach((name, value) -> values.add(new Value(MlflowRun.name(name), value, now, step)));
    sender().offer(values);
  }

  /**
   * Sends what is left and tells how the run has ended; nothing if none goes on. What the server
   * does not take within the patience is lost, with a warning. An interrupt ends the waiting, and
   * is kept.
   *
   * @param status how it has ended
   */
  public void end(Status status) {
    Nulls.check(status, "mlflow: status");
    MlflowSender ended = sender;
    sender = null;
    if (ended != null) {
      ended.end(status, options.patience());
    }
  }

  /**
   * Ends a run that nobody has {@linkplain #end ended}: as killed if the thread is interrupted, as
   * training is stopped, else as failed. Closing twice does nothing.
   */
  @Override
  public void close() {
    end(Thread.currentThread().isInterrupted() ? Status.KILLED : Status.FAILED);
  }
}
