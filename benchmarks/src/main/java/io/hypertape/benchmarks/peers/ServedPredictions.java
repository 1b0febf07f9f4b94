package io.hypertape.benchmarks.peers;

import io.hypertape.benchmarks.fork.Server;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Predictions of a side that is a JVM: by one caller, or, as task {@code callers N}, by several.
 */
public final class ServedPredictions implements Server.Tasks {

  private static final Pattern CALLERS = Pattern.compile("callers (\\d+)");

  private final Supplier<float[]> prediction;
  private final float[] expected;
  private final Map<Integer, ExecutorService> callers = new HashMap<>();
  private volatile float[] last;

  private ServedPredictions(Supplier<float[]> prediction, float[] expected) {
    this.prediction = prediction;
    this.expected = expected;
    this.last = prediction.get();
  }

  /**
   * Serves predictions until there are no more questions.
   *
   * @param side what predicts, its version, and with how many threads
   * @param prediction gives the output for an input that is always the same
   * @param expected our output for it
   * @throws IOException if the pipe breaks
   */
  public static void serve(String side, Supplier<float[]> prediction, float[] expected)
      throws IOException {
    ServedPredictions tasks = new ServedPredictions(prediction, expected);
    try {
      Server.serve(
          String.format(Locale.ROOT, "%s, outputs differ by %.2g", side, tasks.value()), tasks);
    } finally {
      tasks.callers.values().forEach(ExecutorService::close);
    }
  }

  @Override
  public void run(String task, int count) {
    Matcher several = CALLERS.matcher(task);
    if (several.matches()) {
      runBy(Integer.parseInt(several.group(1)), count);
    } else {
      predict(count);
    }
  }

  private void predict(int count) {
    for (int i = 0; i < count; i++) {
      last = prediction.get();
    }
  }

  /** By so many threads, each of which predicts as often. */
  private void runBy(int threads, int count) {
    ExecutorService pool = callers.computeIfAbsent(threads, Executors::newFixedThreadPool);
    List<Future<?>> parts = new ArrayList<>();
    for (int part = 0; part < threads; part++) {
      int some = count * (part + 1) / threads - count * part / threads;
      parts.add(pool.submit(() -> predict(some)));
    }
    try {
      for (Future<?> part : parts) {
        part.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("a caller failed", e);
    }
  }

  @Override
  public double value() {
    return OutputJudge.difference(last, expected);
  }
}
