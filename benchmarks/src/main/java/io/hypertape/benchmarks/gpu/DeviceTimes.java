package io.hypertape.benchmarks.gpu;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Precision;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import io.hypertape.cli.spi.StandardOutput;
import io.hypertape.data.Batches;
import io.hypertape.data.Strokes;
import io.hypertape.models.Losses;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Mode;
import io.hypertape.optim.Input;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Locale;

/**
 * Times of a GPU, for {@code benchmarks/gpu/check}: steps of the paper's MLP under towers of height
 * 0 to 3, and matrix products in the form that the C program beside that script times. The host
 * waits once a round, as in training without a look at each loss; medians of rounds.
 */
public final class DeviceTimes {

  private static final int BATCH = 256;
  private static final int ROUNDS = 15;
  private static final int WARMUP = 3;
  private static final int[][] SHAPES = {
    {256, 128, 784},
    {256, 256, 256},
    {512, 512, 512},
    {1024, 1024, 1024},
    {2048, 2048, 2048},
    {4096, 4096, 4096}
  };
  private static final String[] TOWERS = {
    "sgd(0.01)",
    "sgd(0.01)/sgd(1e-3)",
    "sgd(0.01)/sgd(1e-3)/sgd(1e-4)",
    "sgd(0.01)/sgd(1e-3)/sgd(1e-4)/sgd(1e-5)",
    "adam(1e-3)",
    "adam(1e-3)/sgd(1e-5)"
  };

  private DeviceTimes() {}

  /**
   * Measures and prints, one line a figure.
   *
   * @param args {@code steps} or {@code gemm}, then the backend, {@code cuda} if none is named
   */
  public static void main(String[] args) {
    StandardOutput.install();
    Device device =
        args.length > 1 ? Device.valueOf(args[1].toUpperCase(Locale.ROOT)) : Device.CUDA;
    run(args.length > 0 ? args[0] : "", device, System.out);
  }

  static void run(String what, Device device, PrintStream out) {
    switch (what) {
      case "steps" -> steps(device, out);
      case "gemm" -> gemm(device, out);
      default -> throw new IllegalArgumentException("'" + what + "'; steps or gemm fit");
    }
  }

  private static void steps(Device device, PrintStream out) {
    for (String tower : TOWERS) {
      try (Session session = Session.open(device)) {
        Mlp model = Mlp.create(session, MlpSpec.tanh(784, 128, 10), 1);
        Batches batches =
            new Batches(Strokes.generate(1, 20 * BATCH, 0).train(), BATCH, Batches.LastBatch.DROP);
        try (TowerOptimizer optimizer = Tower.parse(tower).bind(session, model.parameters())) {
          TrainingStep step =
              optimizer.prepare(in -> Losses.nll(model.forward(in.get(0), Mode.TRAIN), in.get(1)));
          double micros =
              median(
                  session,
                  100,
                  () -> {
                    if (!batches.next()) {
                      batches.restart();
                      batches.next();
                    }
                    step.run(Input.floats(batches.x(), BATCH, 784), Input.indices(batches.y()));
                  });
          out.printf(Locale.ROOT, "%s %.1f us a step; %s%n", tower, micros, step.mode());
        }
      }
    }
  }

  private static void gemm(Device device, PrintStream out) {
    SessionOptions options = SessionOptions.of(device).withPrecision(Precision.FLOAT32);
    try (Session session = Session.open(options)) {
      for (int[] s : SHAPES) {
        Tensor a = factor(session, 1, s[0], s[2]);
        Tensor b = factor(session, 2, s[2], s[1]);
        int repeat = s[0] >= 2048 ? 20 : 200;
        double micros =
            median(
                session,
                repeat,
                () -> {
                  try (Scope unused = session.scratch()) {
                    a.matmul(b);
                  }
                });
        out.printf(Locale.ROOT, "%d %d %d %.3f%n", s[0], s[1], s[2], micros);
      }
    }
  }

  /** No zeros: their products draw less power, and a GPU computes them faster. */
  static Tensor factor(Session session, int seed, int rows, int columns) {
    return session.normal(new int[] {rows, columns}, 1, seed);
  }

  /** Microseconds of one of {@code repeat} runs between two waits, median of the rounds. */
  private static double median(Session session, int repeat, Runnable work) {
    double[] times = new double[ROUNDS];
    for (int round = -WARMUP; round < ROUNDS; round++) {
      session.synchronize();
      long start = System.nanoTime();
      for (int i = 0; i < repeat; i++) {
        work.run();
      }
      session.synchronize();
      if (round >= 0) {
        times[round] = (System.nanoTime() - start) * 1e-3 / repeat;
      }
    }
    Arrays.sort(times);
    return times[ROUNDS / 2];
  }
}
