package io.hypertape.benchmarks.gpu;

import static io.hypertape.autodiff.access.Internals.INTERNALS;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.NeuralOps;
import io.hypertape.autodiff.Precision;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import io.hypertape.autodiff.backend.Recording;
import io.hypertape.autodiff.internal.Workspace;
import io.hypertape.cli.spi.StandardOutput;
import io.hypertape.tensor.Convolution;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Times of the operations that the compared models are made of, on a GPU, beside what their FLOPs
 * and bytes take at least there. An operation is recorded many times in a row as one graph, so that
 * no launch from the host is in its time; medians of replays.
 */
public final class Profile {

  private static final int REPEAT = 50;
  private static final int ROUNDS = 11;
  private static final int WARMUP = 3;

  private final Session session;
  private final boolean tensorCores;
  private final Optional<Chip> chip;
  private final int repeat;
  private final PrintStream out;

  /** An operation, with what it computes and what it moves if everything is moved once. */
  private record Operation(String name, double flops, double bytes, Supplier<?> run) {}

  private Profile(Session session, boolean tensorCores, int repeat, PrintStream out) {
    this.session = session;
    this.tensorCores = tensorCores;
    this.chip = Chip.of(session.description());
    this.repeat = repeat;
    this.out = out;
  }

  /**
   * Measures and prints a line for each operation.
   *
   * @param args the backend, {@code cuda} if none is named; the precision, {@code float32} or
   *     {@code tf32}; how often an operation stands in a graph; what the names of those to measure
   *     contain
   */
  public static void main(String[] args) {
    StandardOutput.install();
    Device device = Device.valueOf((args.length > 0 ? args[0] : "cuda").toUpperCase(Locale.ROOT));
    Precision precision =
        Precision.valueOf((args.length > 1 ? args[1] : "float32").toUpperCase(Locale.ROOT));
    int repeat = args.length > 2 ? Integer.parseInt(args[2]) : REPEAT;
    run(device, precision, repeat, args.length > 3 ? args[3] : "", System.out);
  }

  static void run(Device device, Precision precision, int repeat, String part, PrintStream out) {
    try (Session session = Session.open(SessionOptions.of(device).withPrecision(precision))) {
      out.println(session.description());
      new Profile(session, precision == Precision.TF32, repeat, out).all(part);
    }
  }

  private void all(String part) {
    out.println(
        chip.map(c -> "floors: " + c).orElse("floors: this device's data sheet is not known here"));
    out.printf(
        Locale.ROOT,
        "%-34s %10s %9s %9s %9s %9s %9s%n",
        "operation",
        "us",
        "MFLOP",
        "MB",
        "TFLOP/s",
        "GB/s",
        "floor us");
    for (Operation operation : operations()) {
      if (!operation.name().contains(part)) {
        continue;
      }
      double seconds = seconds(operation.run());
      String floor =
          chip.map(c -> c.floor(operation.flops(), operation.bytes(), tensorCores))
              .map(s -> String.format(Locale.ROOT, "%.2f", 1e6 * s))
              .orElse("-");
      out.printf(
          Locale.ROOT,
          "%-34s %10.2f %9.2f %9.3f %9.3f %9.1f %9s%n",
          operation.name(),
          1e6 * seconds,
          1e-6 * operation.flops(),
          1e-6 * operation.bytes(),
          1e-12 * operation.flops() / seconds,
          1e-9 * operation.bytes() / seconds,
          floor);
      out.flush();
    }
  }

  private Tensor normal(int... shape) {
    return session.normal(shape, 1, 1);
  }

  private static double size(int... shape) {
    return Arrays.stream(shape).asDoubleStream().reduce(1, (a, b) -> a * b);
  }

  private List<Operation> operations() {
    List<Operation> all = new ArrayList<>();
    // The MLP's products: forward, the weights' gradient, the second layer.
    gemm(all, 256, 128, 784);
    gemm(all, 128, 784, 256);
    gemm(all, 256, 10, 128);
    gemm(all, 1024, 1024, 1024);
    gemm(all, 4096, 4096, 4096);
    pointwise(all, 256, 128);
    pointwise(all, 784, 128);
    pointwise(all, 1 << 12, 1 << 12);
    logSoftmax(all, 256, 10);
    logSoftmax(all, 2500, 90);
    for (int batch : new int[] {128, 1024}) {
      convolution(all, batch, 16, 32);
      convolution(all, batch, 32, 16);
      convolution(all, batch, 64, 8);
      batchNorm(all, batch, 16, 32);
    }
    lstm(all, 50, 50, 128);
    return all;
  }

  private void gemm(List<Operation> all, int m, int n, int k) {
    Tensor a = normal(m, k);
    Tensor b = normal(k, n);
    all.add(
        new Operation(
            "gemm " + m + "x" + n + "x" + k,
            2.0 * m * n * k,
            4 * (size(m, k) + size(k, n) + size(m, n)),
            () -> a.matmul(b)));
  }

  private void pointwise(List<Operation> all, int rows, int columns) {
    Tensor x = normal(rows, columns);
    Tensor bias = normal(columns);
    double n = size(rows, columns);
    String shape = " " + rows + "x" + columns;
    all.add(new Operation("tanh" + shape, n, 8 * n, x::tanh));
    all.add(new Operation("add of a row" + shape, n, 8 * n, () -> x.add(bias)));
    all.add(new Operation("mul" + shape, n, 12 * n, () -> x.mul(x)));
    all.add(new Operation("sum" + shape, n, 4 * n, x::sum));
    all.add(new Operation("sum of columns" + shape, n, 4 * n, () -> x.sum(0)));
  }

  private void logSoftmax(List<Operation> all, int rows, int columns) {
    Tensor x = normal(rows, columns);
    double n = size(rows, columns);
    all.add(new Operation("log-softmax " + rows + "x" + columns, 4 * n, 8 * n, x::logSoftmax));
  }

  /** 3×3 over images of as many filters as channels: most of ResNet-20's. */
  private void convolution(List<Operation> all, int batch, int channels, int size) {
    Tensor x = normal(batch, channels, size, size);
    Tensor filters = normal(channels, channels, 3, 3);
    double n = size(batch, channels, size, size);
    all.add(
        new Operation(
            "convolution " + batch + "x" + channels + "@" + size,
            2 * n * channels * 9,
            8 * n + 4.0 * channels * channels * 9,
            () -> NeuralOps.convolution(x, filters, Convolution.of(1, 1))));
  }

  private void batchNorm(List<Operation> all, int batch, int channels, int size) {
    Tensor x = normal(batch, channels, size, size);
    Tensor gamma = session.ones(channels);
    Tensor beta = session.zeros(channels);
    double n = size(batch, channels, size, size);
    all.add(
        new Operation(
            "batch norm " + batch + "x" + channels + "@" + size,
            5 * n,
            8 * n,
            () -> NeuralOps.batchNorm(x, gamma, beta, 1e-5)));
  }

  /** Two layers, forward. */
  private void lstm(List<Operation> all, int steps, int batch, int units) {
    Tensor x = normal(steps, batch, units);
    Tensor state = session.zeros(2, batch, units);
    List<Tensor> weights = new ArrayList<>();
    for (int layer = 0; layer < 2; layer++) {
      for (int[] shape :
          new int[][] {{4 * units, units}, {4 * units, units}, {4 * units}, {4 * units}}) {
        weights.add(session.uniform(shape, 1, 1));
      }
    }
    double products = 2 * 2.0 * steps * batch * units * 4 * units * 2;
    all.add(
        new Operation(
            "lstm, 2 layers, " + steps + "x" + batch + "x" + units,
            products,
            4 * (2 * size(steps, batch, units) + 2 * size(8 * units, units)),
            () -> NeuralOps.lstm(x, state, state, weights).output()));
  }

  private double seconds(Supplier<?> operation) {
    try (Workspace workspace = INTERNALS.workspace(session)) {
      Runnable many =
          () -> {
            try (Scope scope = session.scratch()) {
              for (int i = 0; i < repeat; i++) {
                // Each time in the same place: the results are not looked at.
                INTERNALS.takeFrom(scope, workspace);
                operation.get();
              }
            }
          };
      many.run();
      if (!INTERNALS.canRecord(session)) {
        return median(many);
      }
      try (Recording recording = INTERNALS.record(session, many)) {
        return median(recording::replay);
      }
    }
  }

  private double median(Runnable work) {
    double[] times = new double[ROUNDS];
    for (int round = -WARMUP; round < ROUNDS; round++) {
      session.synchronize();
      long start = System.nanoTime();
      work.run();
      session.synchronize();
      if (round >= 0) {
        times[round] = (System.nanoTime() - start) * 1e-9 / repeat;
      }
    }
    Arrays.sort(times);
    return times[ROUNDS / 2];
  }
}
