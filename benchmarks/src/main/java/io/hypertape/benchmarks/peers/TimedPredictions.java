package io.hypertape.benchmarks.peers;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import io.hypertape.benchmarks.fork.Server;
import io.hypertape.predict.Predictor;
import io.hypertape.predict.PredictorOptions;
import java.io.IOException;
import java.nio.file.Path;
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
 * Our side of a comparison of predictions, in a process of its own: input and output are arrays on
 * the host, as on the other side.
 */
public final class TimedPredictions implements Server.Tasks {

  /** How the forward pass is run. */
  enum How {
    /** As a program does it that trains: operation by operation. */
    RUN,
    /** Recorded once, and replayed. */
    REPLAY,
    /** As a service does it: by a predictor. */
    SERVE
  }

  private static final Pattern CALLERS = Pattern.compile("callers (\\d+)");

  private final Supplier<float[]> prediction;
  private final float[] expected;
  private final Map<Integer, ExecutorService> callers = new HashMap<>();
  private volatile float[] last;

  private TimedPredictions(Supplier<float[]> prediction, float[] expected) {
    this.prediction = prediction;
    this.expected = expected;
    this.last = prediction.get();
  }

  /**
   * Serves predictions; writes weights, input and output to a file first, for the others.
   *
   * @param args model, batch, number of threads, {@code run}, {@code replay} or {@code serve}, the
   *     file
   * @throws IOException if the pipe breaks, or the file cannot be written
   */
  public static void main(String[] args) throws IOException {
    int batch = Integer.parseInt(args[1]);
    int threads = Integer.parseInt(args[2]);
    How how = How.valueOf(args[3].toUpperCase(Locale.ROOT));
    SessionOptions options =
        SessionOptions.of(Device.CPU).withThreads(threads).withSimd(SessionOptions.Simd.VECTOR);
    try (Session session = Session.open(options)) {
      ForwardPass pass = ForwardPass.of(new PredictionCase(args[0], batch), session);
      float[] expected = pass.predict();
      pass.write(Path.of(args[4]), expected);
      switch (how) {
        case RUN -> serve(pass::predict, expected, threads);
        case REPLAY -> replay(session, pass, expected, threads);
        case SERVE -> {
          PredictorOptions serving =
              PredictorOptions.DEFAULTS.withSession(options).withBatch(Math.min(batch, 63));
          try (Predictor predictor = pass.predictor(serving)) {
            serve(() -> predictor.predict(pass.numbers(), batch), expected, threads);
          }
        }
      }
    }
  }

  private static void replay(Session session, ForwardPass pass, float[] expected, int threads)
      throws IOException {
    Tensor x = pass.input();
    pass.begin();
    try (Replay replay = new Replay(session, tape -> List.of(pass.output(x)))) {
      Supplier<float[]> prediction =
          () -> {
            pass.begin();
            pass.overwrite(x);
            replay.run();
            return replay.results().getFirst().toFloats();
          };
      serve(prediction, expected, threads);
    }
  }

  private static void serve(Supplier<float[]> prediction, float[] expected, int threads)
      throws IOException {
    TimedPredictions tasks = new TimedPredictions(prediction, expected);
    try {
      Server.serve(
          String.format(
              Locale.ROOT, "Hypertape, %d threads, outputs differ by %.2g", threads, tasks.value()),
          tasks);
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
