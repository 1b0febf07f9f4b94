package io.hypertape.spark;

import io.hypertape.checks.Nulls;
import io.hypertape.spark.exchange.ExchangeOptions;
import io.hypertape.spark.exchange.Fingerprint;
import io.hypertape.spark.exchange.JobToken;
import java.io.NotSerializableException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import scala.reflect.ClassTag$;

/**
 * Workers as tasks of a barrier stage: they start together, tell each other once where they are,
 * and exchange numbers over connections of their own from then on. If one fails, or its executor is
 * lost, all of them end, and the job is started again; who keeps checkpoints goes on from the last.
 */
public final class SparkWorkers {

  private static final int DEFAULT_RESTARTS = 3;
  private static final Duration WAIT = Duration.ofMinutes(2);
  private static final List<String> ENCRYPTING =
      List.of(
          "spark.network.crypto.enabled",
          "spark.authenticate.enableSaslEncryption",
          "spark.ssl.rpc.enabled");
  private static final String INTERRUPT = "spark.job.interruptOnCancel";

  /** What may cross the network between executors as it is. */
  public enum Encryption {
    /** Nothing, if Spark is told to encrypt what it sends: the job is refused. */
    AS_SPARK_DEMANDS,
    /** Sums, since the network is trusted, whatever Spark is told. */
    NONE
  }

  private final SparkSession spark;
  private final int workers;
  private final ExchangeOptions options;
  private final Encryption encryption;
  private final int restarts;
  private final Duration wait;

  private SparkWorkers(
      SparkSession spark,
      int workers,
      ExchangeOptions options,
      Encryption encryption,
      int restarts,
      Duration wait) {
    this.spark = spark;
    this.workers = workers;
    this.options = options;
    this.encryption = encryption;
    this.restarts = restarts;
    this.wait = wait;
  }

  /**
   * One worker, until {@link #workers} says otherwise.
   *
   * @param spark the session whose executors do the work, of Spark 4
   * @return workers to be described further
   * @throws IllegalArgumentException if it is another Spark
   */
  public static SparkWorkers on(SparkSession spark) {
    Nulls.check(spark, "spark workers: spark");
    if (!spark.version().startsWith("4.")) {
      throw new IllegalArgumentException(
          "spark workers: this is Spark " + spark.version() + "; Spark 4 is needed");
    }
    return new SparkWorkers(
        spark, 1, ExchangeOptions.DEFAULT, Encryption.AS_SPARK_DEMANDS, DEFAULT_RESTARTS, WAIT);
  }

  /**
   * The same with another number of workers.
   *
   * @param number a power of two; each needs the cores of one task ({@code spark.task.cpus})
   * @return the changed workers
   */
  public SparkWorkers workers(int number) {
    if (number < 1 || Integer.bitCount(number) != 1) {
      throw new IllegalArgumentException("workers is " + number + "; a power of two is needed");
    }
    return new SparkWorkers(spark, number, options, encryption, restarts, wait);
  }

  /**
   * The same with other options of the exchange.
   *
   * @param newOptions how long workers wait for each other, and whether unlike ones may
   * @return the changed workers
   */
  public SparkWorkers exchange(ExchangeOptions newOptions) {
    Nulls.check(newOptions, "spark workers: newOptions");
    return new SparkWorkers(spark, workers, newOptions, encryption, restarts, wait);
  }

  /**
   * The same with another answer to a Spark that encrypts.
   *
   * @param newEncryption whether sums may cross the network as they are even then
   * @return the changed workers
   */
  public SparkWorkers encryption(Encryption newEncryption) {
    Nulls.check(newEncryption, "spark workers: newEncryption");
    return new SparkWorkers(spark, workers, options, newEncryption, restarts, wait);
  }

  /**
   * The same with another number of restarts.
   *
   * @param number how often the job is started again after a failure, at least 0
   * @return the changed workers
   */
  public SparkWorkers restarts(int number) {
    if (number < 0) {
      throw new IllegalArgumentException("restarts is " + number + "; at least 0 is needed");
    }
    return new SparkWorkers(spark, workers, options, encryption, number, wait);
  }

  /**
   * The same with another wait for executors, where fewer would do.
   *
   * @param newWait how long {@link SparkTraining} waits for room for all workers, at the beginning
   *     and when one was lost, before it goes on with half as many, or a quarter
   * @return the changed workers
   */
  public SparkWorkers fewerAfter(Duration newWait) {
    Nulls.check(newWait, "spark workers: newWait");
    if (newWait.isNegative() || newWait.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          "fewerAfter is " + newWait + "; from nothing to a day is needed");
    }
    return new SparkWorkers(spark, workers, options, encryption, restarts, newWait);
  }

  /** How many there are. */
  int workers() {
    return workers;
  }

  /**
   * Runs the task on all workers, and waits.
   *
   * @param rows as many partitions as workers, each its worker's
   * @param task what each does
   * @param <R> a row
   * @param <T> a worker's result
   * @return the results in the order of the workers' numbers
   * @throws IllegalArgumentException if there are more or fewer partitions than workers
   * @throws IllegalStateException if Spark is told to encrypt and this cannot
   * @throws SparkWorkersException if the job fails once more than it may be restarted, or in a way
   *     that no other attempt could mend: the task throws an {@link IllegalArgumentException} or a
   *     {@code DivergedException}, or workers are unlike
   * @throws CancellationException if the thread is interrupted; its status is kept, and the job is
   *     cancelled
   */
  public <R, T> List<T> run(JavaRDD<R> rows, WorkerTask<R, T> task) {
    Nulls.check(rows, "run: rows");
    Nulls.check(task, "run: task");
    if (rows.getNumPartitions() != workers) {
      throw new IllegalArgumentException(
          "run: "
              + rows.getNumPartitions()
              + " partitions of rows for "
              + workers
              + " workers; each needs one");
    }
    return run(attempt -> workers, number -> rows, task);
  }

  /** The same by as many as there is room for: all, or half as many and so on. */
  <R, T> List<T> runByAny(IntFunction<JavaRDD<R>> rows, WorkerTask<R, T> task) {
    return run(attempt -> new Room(spark.sparkContext()).workers(workers, wait), rows, task);
  }

  private <R, T> List<T> run(
      IntUnaryOperator number, IntFunction<JavaRDD<R>> rows, WorkerTask<R, T> task) {
    SparkContext context = spark.sparkContext();
    checkEncryption(context.conf());
    JobToken token = JobToken.random();
    String interrupt = context.getLocalProperty(INTERRUPT);
    // So that workers end at once when one of them has failed.
    context.setLocalProperty(INTERRUPT, "true");
    try {
      for (int attempt = 0; ; attempt++) {
        JavaRDD<R> divided = rows.apply(number.applyAsInt(attempt));
        try {
          return tagged(divided, new BarrierTask<>(task, token, attempt, options, traits()));
        } catch (CancellationException e) {
          throw e;
        } catch (Exception e) {
          if (attempt == restarts || context.isStopped() || !mayPass(e)) {
            throw new SparkWorkersException(
                "workers failed in attempt " + (attempt + 1) + ": " + e.getMessage(), e);
          }
          System.getLogger(SparkWorkers.class.getName())
              .log(
                  System.Logger.Level.WARNING,
                  "workers failed in attempt {0} of {1} and are started again: {2}",
                  attempt + 1,
                  restarts + 1,
                  firstLine(e));
        }
      }
    } finally {
      context.setLocalProperty(INTERRUPT, interrupt);
    }
  }

  /** Under a tag of its own, by which the job is cancelled if the caller is interrupted. */
  private <R, T> List<T> tagged(JavaRDD<R> rows, BarrierTask<R, T> task) throws Exception {
    SparkContext context = spark.sparkContext();
    String tag = "hypertape-" + UUID.randomUUID();
    context.addJobTag(tag);
    try {
      return run(rows, task);
    } catch (InterruptedException e) {
      context.cancelJobsWithTag(tag);
      Thread.currentThread().interrupt();
      throw new CancellationException("spark workers: interrupted while workers run");
    } finally {
      context.removeJobTag(tag);
    }
  }

  /**
   * Whether another attempt could do better: not if the task cannot even be sent, or has said that
   * it would fail again, or rows that it needs are not what they have to be.
   */
  static boolean mayPass(Exception e) {
    return e instanceof SparkException
        && !(e.getCause() instanceof NotSerializableException)
        && !(e.getCause() instanceof IllegalArgumentException)
        && !String.valueOf(e.getMessage()).contains(BarrierTask.LASTING);
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no message");
  }

  /** What all workers have in common by definition, so that a stale jar is found. */
  private Fingerprint traits() {
    return new Fingerprint(Map.of("spark", spark.version()));
  }

  /** Spark's exceptions are checked ones that Java does not see declared. */
  private static <R, T> List<T> run(JavaRDD<R> rows, BarrierTask<R, T> task) throws Exception {
    return JavaRDD.fromRDD(
            rows.rdd()
                .barrier()
                .mapPartitions(task, false, ClassTag$.MODULE$.<T>apply(Object.class)),
            ClassTag$.MODULE$.<T>apply(Object.class))
        .collect();
  }

  private void checkEncryption(SparkConf conf) {
    if (encryption == Encryption.NONE) {
      return;
    }
    demandOfEncryption(conf)
        .ifPresent(
            key -> {
              throw new IllegalStateException(
                  key
                      + " is true, but workers exchange sums as they are; on a network that is"
                      + " trusted SparkWorkers.encryption(Encryption.NONE) lets them");
            });
  }

  /** The first setting by which Spark is told to encrypt what it sends. */
  static Optional<String> demandOfEncryption(SparkConf conf) {
    return ENCRYPTING.stream().filter(key -> conf.getBoolean(key, false)).findFirst();
  }
}
