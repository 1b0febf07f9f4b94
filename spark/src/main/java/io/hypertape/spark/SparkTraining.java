package io.hypertape.spark;

import io.hypertape.checks.Nulls;
import io.hypertape.optim.Tower;
import io.hypertape.shards.Shards;
import io.hypertape.spark.exchange.ExchangeReport;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import scala.Tuple2;

/**
 * Trains a model by several workers, each of which computes the gradients of its own shards of
 * every batch. Towers of optimizers run in all of them, on the joined gradient; so does everything
 * else, and the model has the same bits whatever the number of workers, and those of one process
 * with as many shards.
 */
public final class SparkTraining {

  private final SparkSession spark;
  private final SparkWorkers workers;
  private final int number;
  private final int shards;
  private final Shards.Statistics statistics;
  private final TrainingPlan.States states;
  private final Consumer<String> progress;

  private SparkTraining(
      SparkSession spark,
      SparkWorkers workers,
      int number,
      int shards,
      Shards.Statistics statistics,
      TrainingPlan.States states,
      Consumer<String> progress) {
    this.spark = spark;
    this.workers = workers;
    this.number = number;
    this.shards = shards;
    this.statistics = statistics;
    this.states = states;
    this.progress = progress;
  }

  /**
   * One worker with eight shards that keeps no checkpoints, until told otherwise.
   *
   * @param spark the session whose executors train
   * @return training to be described further
   * @throws IllegalArgumentException if it is another Spark than 4
   */
  public static SparkTraining on(SparkSession spark) {
    Nulls.check(spark, "spark training: spark");
    return new SparkTraining(
        spark,
        SparkWorkers.on(spark),
        1,
        8,
        Shards.Statistics.JOINED,
        new TrainingPlan.States(null, 0),
        line ->
            System.getLogger(SparkTraining.class.getName()).log(System.Logger.Level.INFO, line));
  }

  /**
   * The same with another number of workers, which changes no bit of the model. Where there is no
   * room for all ({@link SparkWorkers#fewerAfter}), half as many train, or a quarter.
   *
   * @param newNumber a power of two, at most as many as shards
   * @return the changed training
   */
  public SparkTraining workers(int newNumber) {
    return new SparkTraining(
        spark, workers.workers(newNumber), newNumber, shards, statistics, states, progress);
  }

  /**
   * The same with other options of the workers.
   *
   * @param change such as {@code w -> w.restarts(10)}
   * @return the changed training
   */
  public SparkTraining with(UnaryOperator<SparkWorkers> change) {
    Nulls.check(change, "spark training: change");
    SparkWorkers changed =
        Nulls.check(change.apply(workers), "spark training: what change gives").workers(number);
    return new SparkTraining(spark, changed, number, shards, statistics, states, progress);
  }

  /**
   * The same with batches divided into another number of shards, which decides the model's bits.
   *
   * @param count a power of two, at least as many as workers
   * @return the changed training
   */
  public SparkTraining shards(int count) {
    int checked = Shards.of(count).count();
    return new SparkTraining(spark, workers, number, checked, statistics, states, progress);
  }

  /**
   * The same with batch norm over something else.
   *
   * @param newStatistics the batch, or each shard by itself
   * @return the changed training
   */
  public SparkTraining statistics(Shards.Statistics newStatistics) {
    Nulls.check(newStatistics, "spark training: newStatistics");
    return new SparkTraining(spark, workers, number, shards, newStatistics, states, progress);
  }

  /**
   * The same, where the run's state is kept after every epoch. A run that finds a state there goes
   * on from it: after a failure, and when the same program is started again.
   *
   * @param folder on any file system that Spark reaches and all executors share; a run's own
   * @return the changed training
   */
  public SparkTraining checkpoints(URI folder) {
    Nulls.check(folder, "spark training: folder");
    return new SparkTraining(
        spark,
        workers,
        number,
        shards,
        statistics,
        new TrainingPlan.States(folder.toString(), states.every()),
        progress);
  }

  /**
   * The same, where the run's state is kept every so many steps, too.
   *
   * @param steps at least 1
   * @return the changed training
   */
  public SparkTraining checkpointEvery(long steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("checkpointEvery is " + steps + "; at least 1 is needed");
    }
    return new SparkTraining(
        spark,
        workers,
        number,
        shards,
        statistics,
        new TrainingPlan.States(states.folder(), steps),
        progress);
  }

  /**
   * The same with someone else who is told how a training goes on.
   *
   * @param newProgress takes a line for each judgement, in the driver and on a thread of Spark's;
   *     lines come with executors' heartbeats. What it throws is logged. At first the system's
   *     logger is told
   * @return the changed training
   */
  public SparkTraining progress(Consumer<String> newProgress) {
    Nulls.check(newProgress, "spark training: newProgress");
    return new SparkTraining(spark, workers, number, shards, statistics, states, newProgress);
  }

  /**
   * Trains, and waits.
   *
   * @param train what to learn from; each worker keeps its shards' rows in memory
   * @param test what to judge by; every worker keeps all of it in memory
   * @param model makes the model in every worker
   * @param tower the optimizers
   * @param settings how long to train, in what portions and so on
   * @return the model
   * @throws SparkWorkersException if workers fail once more than they may be started again, or as
   *     any other attempt would
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; its status is
   *     kept, and the job is cancelled
   */
  public SparkModel train(
      SparkRows train, SparkRows test, ModelFactory model, Tower tower, TrainerSettings settings) {
    Nulls.check(train, "train: train");
    Nulls.check(test, "train: test");
    Nulls.check(model, "train: model");
    Nulls.check(tower, "train: tower");
    Nulls.check(settings, "train: settings");
    checkShares();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<ArrayList<SparkExample>> judged =
        context.broadcast(new ArrayList<>(examples(test).collect()));
    try {
      ExampleRun run =
          new ExampleRun(
              new ArrayList<>(train.shape()),
              TargetForm.of(train.targets()),
              judged,
              model,
              settings);
      JavaRDD<SparkExample> all = examples(train);
      return trained(by -> distributed(all, by), run, tower);
    } finally {
      judged.destroy();
    }
  }

  /**
   * Trains a language model on a text, and waits.
   *
   * @param text what to learn from and to judge by; every worker keeps all of it in memory
   * @param model makes the model in every worker
   * @param tower the optimizers
   * @param settings how long to train, in how many streams and so on
   * @return the model
   * @throws SparkWorkersException if workers fail once more than they may be started again, or as
   *     any other attempt would
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; its status is
   *     kept, and the job is cancelled
   */
  public SparkModel train(
      SparkText text, LanguageModelFactory model, Tower tower, LanguageSettings settings) {
    Nulls.check(text, "train: text");
    Nulls.check(model, "train: model");
    Nulls.check(tower, "train: tower");
    Nulls.check(settings, "train: settings");
    checkShares();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<String> all = context.broadcast(text.collected());
    try {
      TextRun run = new TextRun(all, model, settings);
      return trained(by -> context.parallelize(Collections.nCopies(by, 0), by), run, tower);
    } finally {
      all.destroy();
    }
  }

  private void checkShares() {
    if (number > shards) {
      throw new IllegalArgumentException(
          shards
              + " shards cannot be shared by "
              + number
              + " workers; at most as many workers as shards are needed");
    }
  }

  private <R> SparkModel trained(IntFunction<JavaRDD<R>> rows, WorkerRun<R> run, Tower tower) {
    SerializableConfiguration hadoop =
        new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
    TrainingPlan plan = new TrainingPlan(shards, statistics, tower.toString(), states);
    RunCounts counts = new RunCounts(spark.sparkContext());
    RunCounts.Follower follower = counts.followedBy(spark.sparkContext(), progress);
    try {
      return model(workers.runByAny(rows, new TrainingTask<>(plan, run, counts, hadoop)));
    } finally {
      follower.close();
    }
  }

  private static JavaRDD<SparkExample> examples(SparkRows rows) {
    return rows.selected().javaRDD().map(SparkExample::of);
  }

  private JavaRDD<SparkExample> distributed(JavaRDD<SparkExample> rows, int by) {
    return rows.mapToPair(example -> new Tuple2<>(example.id(), example))
        .partitionBy(new ShardPartitioner(shards, by))
        .values();
  }

  private static SparkModel model(List<TrainingOutcome> outcomes) {
    TrainingOutcome first = outcomes.getFirst();
    List<String> sums = outcomes.stream().map(TrainingOutcome::sha256).distinct().toList();
    if (sums.size() > 1) {
      throw new SparkWorkersException(
          "workers have models of different bits, which is a fault of this library: " + sums);
    }
    List<ExchangeReport> reports = outcomes.stream().map(TrainingOutcome::report).toList();
    return new SparkModel(first, reports);
  }
}
