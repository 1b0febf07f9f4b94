package io.hypertape.benchmarks.peers;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import io.hypertape.benchmarks.fork.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Our side of a comparison of predictions, in a process of its own: input and output are arrays on
 * the host, as on the other side.
 */
public final class TimedPredictions implements Server.Tasks {

  /** How the forward pass is run. */
  enum How {
    /** As a program does it: operation by operation. */
    RUN,
    /** Recorded once, and replayed. */
    REPLAY
  }

  private final Supplier<float[]> prediction;
  private final float[] expected;
  private float[] last;

  private TimedPredictions(Supplier<float[]> prediction, float[] expected) {
    this.prediction = prediction;
    this.expected = expected;
    this.last = prediction.get();
  }

  /**
   * Serves predictions; if they are run, writes weights, input and output to a file first, for the
   * others.
   *
   * @param args model, batch, number of threads, {@code run} or {@code replay}, the file
   * @throws IOException if the pipe breaks, or the file cannot be written
   */
  public static void main(String[] args) throws IOException {
    int threads = Integer.parseInt(args[2]);
    How how = How.valueOf(args[3].toUpperCase(Locale.ROOT));
    SessionOptions options =
        SessionOptions.of(Device.CPU).withThreads(threads).withSimd(SessionOptions.Simd.VECTOR);
    try (Session session = Session.open(options)) {
      ForwardPass pass =
          ForwardPass.of(new PredictionCase(args[0], Integer.parseInt(args[1])), session);
      float[] expected = pass.predict();
      if (how == How.RUN) {
        pass.write(Path.of(args[4]), expected);
        serve(pass::predict, expected, threads);
      } else {
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
    }
  }

  private static void serve(Supplier<float[]> prediction, float[] expected, int threads)
      throws IOException {
    TimedPredictions tasks = new TimedPredictions(prediction, expected);
    Server.serve(
        String.format(
            Locale.ROOT, "Hypertape, %d threads, outputs differ by %.2g", threads, tasks.value()),
        tasks);
  }

  @Override
  public void run(String task, int count) {
    for (int i = 0; i < count; i++) {
      last = prediction.get();
    }
  }

  @Override
  public double value() {
    return OutputJudge.difference(last, expected);
  }
}
