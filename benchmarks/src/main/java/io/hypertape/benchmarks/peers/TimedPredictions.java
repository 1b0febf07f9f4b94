package io.hypertape.benchmarks.peers;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import io.hypertape.predict.Predictor;
import io.hypertape.predict.PredictorOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Our side of a comparison of predictions, in a process of its own: input and output are arrays on
 * the host, as on the other side.
 */
public final class TimedPredictions {

  /** How the forward pass is run. */
  enum How {
    /** As a program does it that trains: operation by operation. */
    RUN,
    /** Recorded once, and replayed. */
    REPLAY,
    /** As a service does it: by a predictor. */
    SERVE
  }

  /** Other sides are compiled before they start. */
  private static final Duration WARM_UP = Duration.ofSeconds(60);

  private TimedPredictions() {}

  /**
   * Serves predictions; writes weights, input and output to a file first, and the model to an ONNX
   * file beside it, for the others.
   *
   * @param args model, batch, number of threads, {@code run}, {@code replay} or {@code serve}, the
   *     file
   * @throws IOException if the pipe breaks, or a file cannot be written
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
      String side = "Hypertape, " + threads + " threads";
      switch (how) {
        case RUN -> ServedPredictions.serve(side, pass::predict, expected);
        case REPLAY -> replay(session, pass, expected, side);
        case SERVE -> {
          PredictorOptions serving =
              PredictorOptions.DEFAULTS
                  .withSession(options.withSimd(SessionOptions.Simd.AUTO))
                  .withBatch(Math.min(batch, 63))
                  .withWarmUp(WARM_UP);
          try (Predictor predictor = pass.predictor(serving)) {
            ServedPredictions.serve(side, () -> predictor.predict(pass.numbers(), batch), expected);
          }
        }
      }
    }
  }

  private static void replay(Session session, ForwardPass pass, float[] expected, String side)
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
      ServedPredictions.serve(side, prediction, expected);
    }
  }
}
