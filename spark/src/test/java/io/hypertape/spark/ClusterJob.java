package io.hypertape.spark;

import io.hypertape.shards.Exchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** A program for Spark, whose workers train, are killed, sum, and fail. */
public final class ClusterJob {

  private static final int[] LENGTHS = {1, 1000, 100_003};

  private ClusterJob() {}

  private static float[] values(int worker, int length) {
    Random random = new Random(worker * 1000L + length);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Sums of several lengths, all under way at the same time, as hashes of their bits. */
  private static List<Integer> sums(Exchange exchange) {
    List<float[]> all = new ArrayList<>();
    List<Exchange.Sum> underWay = new ArrayList<>();
    for (int length : LENGTHS) {
      all.add(values(exchange.worker(), length));
      underWay.add(exchange.sum(all.getLast(), 0, length));
    }
    underWay.forEach(Exchange.Sum::await);
    return all.stream().map(Arrays::hashCode).toList();
  }

  private static String run(String what, SparkWorkers workers, WorkerTask<Integer, String> task) {
    SparkSession spark = SparkSession.active();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < 4 * workers.workers(); i++) {
      numbers.add(i);
    }
    JavaRDD<Integer> rows = context.parallelize(numbers, workers.workers());
    try {
      return what + ": " + workers.run(rows, task);
    } catch (SparkWorkersException e) {
      return what + ": " + e.getMessage().replace('\n', ' ');
    }
  }

  /** A caller that is interrupted while workers run. */
  private static String interrupted(SparkWorkers workers, Path running) throws Exception {
    List<String> ended = new ArrayList<>();
    String mark = running.toString();
    Thread caller =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    run(
                        "long",
                        workers,
                        (worker, rows) -> {
                          Files.writeString(Path.of(mark), "");
                          Thread.sleep(600_000);
                          return "done";
                        });
                  } catch (CancellationException e) {
                    ended.add("cancelled, status " + Thread.currentThread().isInterrupted());
                  }
                });
    while (caller.isAlive() && !Files.exists(running)) {
      Thread.sleep(20);
    }
    caller.interrupt();
    caller.join();
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(SparkSession.active().sparkContext());
    long end = System.nanoTime() + 30_000_000_000L;
    while (context.statusTracker().getActiveJobIds().length > 0 && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    return ended + ", active jobs " + context.statusTracker().getActiveJobIds().length;
  }

  private static List<Integer> expected() {
    List<Integer> hashes = new ArrayList<>();
    for (int length : LENGTHS) {
      float[] sum = values(0, length);
      float[] other = values(1, length);
      for (int i = 0; i < length; i++) {
        sum[i] += other[i];
      }
      hashes.add(Arrays.hashCode(sum));
    }
    return hashes;
  }

  /** Runs the program of docs/spark.md, on Parquet and bytes; it closes the session. */
  private static String page(SparkSession spark, Path folder) throws Exception {
    String rows = folder.resolve("rows.parquet").toString();
    spark
        .range(300)
        .selectExpr("id", "cast(rpad(id, 784, id) as binary) as pixels", "id % 10 as label")
        .write()
        .parquet(rows);
    Path states = folder.resolve("page-states");
    Path run = folder.resolve("page-run");
    String[] arguments = {rows, rows, states.toUri().toString(), run.toString()};
    Class.forName("Train").getMethod("main", String[].class).invoke(null, (Object) arguments);
    int steps = Files.readAllLines(run.resolve("metrics.csv")).size();
    return "page: " + names(run, "") + ", " + steps + " lines\nstates: " + names(states, "state-");
  }

  private static List<String> names(Path folder, String beginning) throws IOException {
    try (Stream<Path> kept = Files.list(folder)) {
      return kept.map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(beginning))
          .sorted()
          .toList();
    }
  }

  /**
   * Writes a line for each thing that it has done.
   *
   * @param arguments the file to write, a folder for marks, and how many trainings are disturbed
   */
  public static void main(String[] arguments) throws Exception {
    List<String> lines = new ArrayList<>();
    Path marks = Path.of(arguments[1]);
    try (SparkSession spark = SparkSession.builder().appName("sums").getOrCreate()) {
      TrainingJob training = new TrainingJob(spark, marks, lines);
      // Four workers wait for both executors, who are there for what follows.
      training.undisturbed();
      SparkWorkers two = SparkWorkers.on(spark).workers(2);
      lines.add("driver: " + ProcessHandle.current().pid());
      lines.add("expected: " + expected());
      lines.add(
          run(
              "sums",
              two,
              (worker, rows) -> {
                int count = 0;
                for (; rows.hasNext(); rows.next()) {
                  count++;
                }
                return ProcessHandle.current().pid()
                    + " "
                    + count
                    + " rows "
                    + sums(worker.exchange());
              }));
      lines.add(
          run(
              "failing",
              two.restarts(0),
              (worker, rows) -> {
                if (worker.exchange().worker() == 0) {
                  throw new IllegalStateException("no such layer");
                }
                sums(worker.exchange());
                return "done";
              }));
      lines.add(
          run(
              "lasting",
              two.restarts(3),
              (worker, rows) -> {
                if (worker.exchange().worker() == 0) {
                  throw new IllegalArgumentException("no such class");
                }
                sums(worker.exchange());
                return "done";
              }));
      lines.add("interrupted: " + interrupted(two, marks.resolve("running")));
      training.disturb(Integer.parseInt(arguments[2]));
      lines.addAll(PipelineJob.lines(spark, marks));
      lines.add(page(spark, marks));
    }
    Files.write(Path.of(arguments[0]), lines);
  }
}
