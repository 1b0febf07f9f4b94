package io.hypertape.spark;

import io.hypertape.optim.TowerOptimizer;
import io.hypertape.run.TrainingListener;
import io.hypertape.spark.exchange.ExchangeReport;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.LongAccumulator;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What the driver hears of a training under way, by the heartbeats of executors: lines for people,
 * and numbers that Spark shows beside the stage.
 */
final class RunCounts implements Serializable {

  private static final long serialVersionUID = 1;

  private final LongAccumulator steps;
  private final LongAccumulator sentBytes;
  private final LongAccumulator receivedBytes;
  private final LongAccumulator waitedMillis;
  private final CollectionAccumulator<String> lines = new CollectionAccumulator<>();

  RunCounts(SparkContext context) {
    steps = context.longAccumulator("hypertape steps");
    sentBytes = context.longAccumulator("hypertape bytes sent");
    receivedBytes = context.longAccumulator("hypertape bytes received");
    waitedMillis = context.longAccumulator("hypertape ms waited for sums");
    context.register(lines);
  }

  /** Says a line, in a worker. */
  void say(String line) {
    lines.add(line);
  }

  /** Counts what a worker's steps cost, in the worker. */
  TrainingListener counting(SparkWorker worker) {
    return new TrainingListener() {
      private ExchangeReport last = worker.report();

      @Override
      public void step(long step, double loss, TowerOptimizer optimizer) {
        ExchangeReport now = worker.report();
        if (worker.exchange().worker() == 0) {
          steps.add(1L);
        }
        sentBytes.add(now.sentBytes() - last.sentBytes());
        receivedBytes.add(now.receivedBytes() - last.receivedBytes());
        // Whole milliseconds so far, so that no part of one is lost.
        waitedMillis.add(now.lost().toMillis() - last.lost().toMillis());
        last = now;
      }
    };
  }

  /** Hands lines on as they come, in the driver. */
  Follower followedBy(SparkContext context, Consumer<String> consumer) {
    return new Follower(context, this, consumer);
  }

  /** Hands on each line once: those of an attempt that failed come again in the next. */
  static final class Follower extends SparkListener {

    private final SparkContext context;
    private final RunCounts counts;
    private final Consumer<String> consumer;
    private final Set<String> told = new HashSet<>();

    Follower(SparkContext context, RunCounts counts, Consumer<String> consumer) {
      this.context = context;
      this.counts = counts;
      this.consumer = consumer;
      context.addSparkListener(this);
    }

    @Override
    public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
      CollectionConverters.asJava(update.accumUpdates())
          .forEach(task -> CollectionConverters.asJava(task._4()).forEach(this::told));
    }

    private void told(AccumulableInfo info) {
      if (info.id() == counts.lines.id()
          && info.update().isDefined()
          && info.update().get() instanceof List<?> all) {
        all.forEach(line -> tell((String) line));
      }
    }

    private synchronized void tell(String line) {
      if (told.add(line)) {
        handOn(line, consumer);
      }
    }

    /** What a consumer throws is logged: no model is lost by it. */
    static void handOn(String line, Consumer<String> consumer) {
      try {
        consumer.accept(line);
      } catch (RuntimeException e) {
        System.getLogger(RunCounts.class.getName())
            .log(System.Logger.Level.WARNING, "who is told of progress has failed", e);
      }
    }

    /** After the last attempt: what no heartbeat has brought. */
    void close() {
      context.removeSparkListener(this);
      counts.lines.value().forEach(this::tell);
    }
  }
}
