package io.hypertape.spark;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.data.DataParts;
import io.hypertape.models.Layer;
import io.hypertape.optim.Tower;
import io.hypertape.run.Evaluation;
import io.hypertape.run.Trainer;
import io.hypertape.shards.Exchange;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What each worker does: the whole run, with its own shards' rows, where every gradient is joined.
 */
final class TrainingTask implements WorkerTask<SparkExample, TrainingOutcome> {

  private static final long serialVersionUID = 1;

  /** Numbers travel as floats, which hold whole ones below 2^24. */
  private static final int LOW_BITS = 20;

  private final TrainingPlan plan;
  private final Broadcast<ArrayList<SparkExample>> test;
  private final SerializableConfiguration hadoop;

  TrainingTask(
      TrainingPlan plan,
      Broadcast<ArrayList<SparkExample>> test,
      SerializableConfiguration hadoop) {
    this.plan = plan;
    this.test = test;
    this.hadoop = hadoop;
  }

  @Override
  public TrainingOutcome run(SparkWorker worker, Iterator<SparkExample> rows) throws Exception {
    List<SparkExample> own = new ArrayList<>();
    rows.forEachRemaining(own::add);
    DataParts data =
        new DataParts(
            "rows", plan.examples("rows", own), plan.examples("rows to judge by", test.value()));
    SessionOptions options = SessionOptions.of(Device.CPU).withThreads(TaskContext.get().cpus());
    try (Session session = Session.open(options);
        Layer model = plan.model().create(session)) {
      return train(worker, session, model, data);
    }
  }

  private TrainingOutcome train(SparkWorker worker, Session session, Layer model, DataParts data)
      throws IOException {
    Exchange exchange = worker.exchange();
    Optional<StateFolder> states =
        Optional.ofNullable(plan.states().folder())
            .map(folder -> new StateFolder(URI.create(folder), hadoop.value()));
    boolean first = exchange.worker() == 0;
    StateKeeper keeper = new StateKeeper(first ? states : Optional.empty(), plan.states().every());
    Trainer trainer =
        plan.settings()
            .of(new Trainer(session, model, data))
            .shards(plan.shards(exchange))
            .listener(keeper);
    OptionalLong from = agreed(exchange, states);
    Tower tower = Tower.parse(plan.tower());
    Evaluation score =
        from.isPresent()
            ? trainer.resume(tower, states.orElseThrow().read(from.getAsLong()))
            : trainer.run(tower);
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("training: interrupted");
    }
    TreeMap<String, Double> measures = new TreeMap<>();
    score
        .measures()
        .forEach((measure, value) -> measures.put(measure.name().toLowerCase(Locale.ROOT), value));
    byte[] weights = WeightBytes.of(model);
    return new TrainingOutcome(
        first ? weights : new byte[0],
        SparkModel.sha256(weights),
        measures,
        keeper.steps(),
        worker.report());
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
