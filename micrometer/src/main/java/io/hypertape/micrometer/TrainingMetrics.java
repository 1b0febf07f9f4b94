package io.hypertape.micrometer;

import io.hypertape.autodiff.Session;
import io.hypertape.checks.Nulls;
import io.hypertape.optim.HyperparameterValue;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.run.Score;
import io.hypertape.run.TrainingListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Meters of a run, for any registry of Micrometer's: bound to one or several, and given to a
 * trainer as its listener.
 *
 * <table>
 *   <caption>Its meters</caption>
 *   <tr><th>name</th><th>kind</th><th>what it is</th></tr>
 *   <tr><td>{@code hypertape.training.steps}</td><td>counter</td><td>steps taken</td></tr>
 *   <tr><td>{@code hypertape.training.step}</td><td>timer</td>
 *       <td>a step, its batch's preparation included</td></tr>
 *   <tr><td>{@code hypertape.training.loss}</td><td>gauge</td><td>the last step's loss</td></tr>
 *   <tr><td>{@code hypertape.training.epoch}</td><td>gauge</td><td>epochs that are over</td></tr>
 *   <tr><td>{@code hypertape.training.mean.loss}</td><td>gauge</td>
 *       <td>of the last epoch's steps</td></tr>
 *   <tr><td>{@code hypertape.training.hyperparameter}</td><td>gauge</td>
 *       <td>of every level, tagged {@code label=L1.adam.alpha}; read once a second at most</td></tr>
 *   <tr><td>{@code hypertape.training.score}</td><td>gauge</td>
 *       <td>the last judgement, tagged {@code measure=test_error}</td></tr>
 *   <tr><td>{@code hypertape.session.memory}</td><td>gauge, bytes</td>
 *       <td>the session's, tagged {@code area=allocated}, {@code used} and {@code peak}</td></tr>
 * </table>
 *
 * <p>Registries may read at any time, from any thread. Several runs of a program are told apart by
 * tags.
 */
public final class TrainingMetrics implements MeterBinder, TrainingListener {

  private static final String NAME = "hypertape.training.";
  private static final String MEMORY = "hypertape.session.memory";
  private static final long READ_NANOS = 1_000_000_000L;

  private final Session session;
  private final Tags tags;
  private final MeterValue loss;
  private final MeterValue epochs;
  private final MeterValue meanLoss;
  private final MeterValue allocated;
  private final MeterValue used;
  private final MeterValue peak;

  // Belong to this object's lock.
  private final List<MeterRegistry> registries = new ArrayList<>();
  private final Map<String, MeterValue> values = new LinkedHashMap<>();

  private volatile List<StepMeters> meters = List.of();

  // Of the thread that trains.
  private long begun = System.nanoTime();
  private long read;

  /** What is counted in each registry. */
  private record StepMeters(Counter steps, Timer time) {}

  /**
   * Meters without tags of their own.
   *
   * @param session that is trained on
   */
  public TrainingMetrics(Session session) {
    this(session, Tags.empty());
  }

  /**
   * Meters with tags.
   *
   * @param session that is trained on
   * @param tags of all of them, such as {@code run=nightly}
   */
  public TrainingMetrics(Session session, Tags tags) {
    this.session = Nulls.check(session, "training metrics: session");
    this.tags = Nulls.check(tags, "training metrics: tags");
    loss = gauge(NAME + "loss", "Loss of the last step, before its update", tags);
    epochs = gauge(NAME + "epoch", "Epochs that are over", tags);
    meanLoss = gauge(NAME + "mean.loss", "Mean loss of the last epoch's steps", tags);
    allocated = memory("allocated");
    used = memory("used");
    peak = memory("peak");
  }

  private MeterValue memory(String area) {
    return gauge(MEMORY, "Bytes of the session's memory", tags.and("area", area));
  }

  /** The gauge of a name and tags, which is there from now on in every registry. */
  private synchronized MeterValue gauge(String name, String help, Tags of) {
    return values.computeIfAbsent(
        name + of,
        key -> {
          MeterValue made = new MeterValue(name, help, of);
          registries.forEach(made::bindTo);
          return made;
        });
  }

  @Override
  public synchronized void bindTo(MeterRegistry registry) {
    Nulls.check(registry, "training metrics: registry");
    registries.add(registry);
    values.values().forEach(value -> value.bindTo(registry));
    List<StepMeters> more = new ArrayList<>(meters);
    more.add(
        new StepMeters(
            Counter.builder(NAME + "steps")
                .description("Steps taken")
                .tags(tags)
                .register(registry),
            Timer.builder(NAME + "step")
                .description("A step, its batch's preparation included")
                .tags(tags)
                .register(registry)));
    meters = List.copyOf(more);
  }

  @Override
  public void begin(TowerOptimizer optimizer) {
    Nulls.check(optimizer, "training metrics: optimizer");
    read(optimizer);
    begun = System.nanoTime();
  }

  private void read(TowerOptimizer optimizer) {
    for (HyperparameterValue value : optimizer.hyperparameters()) {
      gauge(
              NAME + "hyperparameter",
              "Effective value of a hyperparameter",
              tags.and("label", value.label()))
          .set(value.value());
    }
    allocated.set(session.allocatedBytes());
    used.set(session.usedBytes());
    peak.set(session.peakBytes());
    read = System.nanoTime();
  }

  @Override
  public void step(long step, double newLoss, TowerOptimizer optimizer) {
    Nulls.check(optimizer, "training metrics: optimizer");
    long now = System.nanoTime();
    for (StepMeters each : meters) {
      each.steps().increment();
      each.time().record(now - begun, TimeUnit.NANOSECONDS);
    }
    loss.set(newLoss);
    if (now - read > READ_NANOS) {
      read(optimizer);
    }
    begun = System.nanoTime();
  }

  @Override
  public void epoch(int epoch, double trainLoss, Score test, TowerOptimizer optimizer) {
    Nulls.check(test, "training metrics: test");
    Nulls.check(optimizer, "training metrics: optimizer");
    epochs.set(epoch);
    meanLoss.set(trainLoss);
    score(test, optimizer);
  }

  @Override
  public void evaluated(long step, double trainLoss, Score score, TowerOptimizer optimizer) {
    Nulls.check(score, "training metrics: score");
    Nulls.check(optimizer, "training metrics: optimizer");
    score(score, optimizer);
  }

  private void score(Score score, TowerOptimizer optimizer) {
    score
        .numbers()
        .forEach(
            (name, value) ->
                gauge(
                        NAME + "score",
                        "How the model does on data held back",
                        tags.and("measure", name))
                    .set(value));
    read(optimizer);
  }

  /** Asked before every step: what others do with a step is no part of it. */
  @Override
  public boolean stops() {
    begun = System.nanoTime();
    return false;
  }
}
