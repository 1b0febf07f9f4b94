package io.hypertape.spark;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.optim.Tower;
import io.hypertape.run.Evaluation;
import io.hypertape.run.LanguageEvaluation;
import io.hypertape.run.RunState;
import io.hypertape.run.Score;
import io.hypertape.run.Training;
import io.hypertape.run.TrainingListener;
import io.hypertape.shards.Exchange;
import java.io.IOException;
import java.net.URI;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import org.apache.spark.TaskContext;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What each worker does: the whole run, with its own shards' rows, where every gradient is joined.
 *
 * @param <R> a row
 */
final class TrainingTask<R> implements WorkerTask<R, TrainingOutcome> {

  private static final long serialVersionUID = 1;

  /** Numbers travel as floats, which hold whole ones below 2^24. */
  private static final int LOW_BITS = 20;

  private final TrainingPlan plan;
  private final WorkerRun<R> work;
  private final RunCounts counts;
  private final SerializableConfiguration hadoop;

  TrainingTask(
      TrainingPlan plan, WorkerRun<R> work, RunCounts counts, SerializableConfiguration hadoop) {
    this.counts = counts;
    this.plan = plan;
    this.work = work;
    this.hadoop = hadoop;
  }

  @Override
  public TrainingOutcome run(SparkWorker worker, Iterator<R> rows) throws Exception {
    Exchange exchange = worker.exchange();
    boolean first = exchange.worker() == 0;
    Optional<StateFolder> states =
        Optional.ofNullable(plan.states().folder())
            .map(folder -> new StateFolder(URI.create(folder), hadoop.value()));
    StateKeeper keeper =
        first
            ? new StateKeeper(states, plan.states().every(), counts::say)
            : new StateKeeper(Optional.empty(), 0, line -> {});
    TrainingListener listener = TrainingListener.all(keeper, counts.counting(worker));
    SessionOptions options = SessionOptions.of(Device.CPU).withThreads(TaskContext.get().cpus());
    try (Session session = Session.open(options)) {
      WorkerRun.Made made = work.in(session, rows, plan.shards(exchange), listener);
      try {
        Score score = trained(made.training(), exchange, states, keeper);
        byte[] weights = made.weights().bytes();
        return new TrainingOutcome(
            first ? weights : new byte[0],
            SparkModel.sha256(weights),
            measures(score),
            keeper.steps(),
            first ? keeper.metrics() : new RunTable(),
            first ? keeper.epochs() : new RunTable(),
            worker.report());
      } finally {
        made.end().run();
      }
    }
  }

  private Score trained(
      Training training, Exchange exchange, Optional<StateFolder> states, StateKeeper keeper)
      throws IOException {
    OptionalLong from = agreed(exchange, states);
    Tower tower = Tower.parse(plan.tower());
    keeper.expect(training.steps(), training.epochs());
    Score score;
    if (from.isPresent()) {
      RunState state = states.orElseThrow().read(from.getAsLong());
      keeper.goOn(state);
      score = training.resume(tower, state);
    } else {
      score = training.run(tower);
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("training: interrupted");
    }
    return score;
  }

  private static TreeMap<String, Double> measures(Score score) {
    TreeMap<String, Double> measures = new TreeMap<>();
    switch (score) {
      case Evaluation examples ->
          examples
              .measures()
              .forEach(
                  (measure, value) -> measures.put(measure.name().toLowerCase(Locale.ROOT), value));
      case LanguageEvaluation text -> measures.putAll(text.numbers());
    }
    return measures;
  }

  /** The state to go on from: what worker 0 finds, since others could see another folder's age. */
  private static OptionalLong agreed(Exchange exchange, Optional<StateFolder> states)
      throws IOException {
    if (states.isEmpty()) {
      return OptionalLong.empty();
    }
    float[] found = new float[3];
    if (exchange.worker() == 0) {
      OptionalLong latest = states.get().latest();
      if (latest.isPresent()) {
        found[0] = 1;
        found[1] = latest.getAsLong() >> LOW_BITS;
        found[2] = latest.getAsLong() & ((1 << LOW_BITS) - 1);
      }
    }
    exchange.sum(found, 0, found.length).await();
    return found[0] == 0
        ? OptionalLong.empty()
        : OptionalLong.of(((long) found[1] << LOW_BITS) + (long) found[2]);
  }
}
