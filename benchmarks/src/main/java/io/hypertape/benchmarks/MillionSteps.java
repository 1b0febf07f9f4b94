package io.hypertape.benchmarks;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.cli.spi.StandardOutput;
import io.hypertape.data.BatchLoader;
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
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Takes many steps and prints what memory they hold: the heap after a collection, the process'
 * resident memory (where the system tells it), the session's storage, a GPU's used memory (where
 * nvidia-smi tells it; all processes' together) and heap bytes allocated a step. Arguments: steps
 * (1,000,000), tower ({@code sgd(0.01)/sgd(1e-6)^50}) and backend (cpu).
 */
public final class MillionSteps {

  private static final int BATCH = 8;
  private static final int LINES = 10;

  private MillionSteps() {}

  /**
   * Runs it.
   *
   * @param args steps, tower and backend, all optional
   * @throws IOException if the system does not let its own figures be read
   */
  public static void main(String[] args) throws IOException {
    StandardOutput.install();
    long steps = args.length > 0 ? Long.parseLong(args[0]) : 1_000_000;
    String tower = args.length > 1 ? args[1] : "sgd(0.01)/sgd(1e-6)^50";
    Device device = Device.valueOf((args.length > 2 ? args[2] : "cpu").toUpperCase(Locale.ROOT));
    SessionOptions options = SessionOptions.of(device);
    System.out.println("784-16-10, batch " + BATCH + ", " + tower);
    System.out.println(
        "     step  heap MiB  resident MiB  session bytes  GPU MiB  heap bytes a step  us a step");
    try (Session session = Session.open(device == Device.CPU ? options.withThreads(1) : options);
        BatchLoader batches =
            new BatchLoader(
                Strokes.generate(1, 1000 * BATCH, 0).train(), BATCH, Batches.LastBatch.DROP)) {
      Mlp model = Mlp.create(session, MlpSpec.tanh(784, 16, 10), 1);
      try (TowerOptimizer optimizer = Tower.parse(tower).bind(session, model.parameters())) {
        TrainingStep step =
            optimizer.prepare(in -> Losses.nll(model.forward(in.get(0), Mode.TRAIN), in.get(1)));
        run(session, batches, step, Math.min(10_000, steps));
        for (int line = 0; line < LINES; line++) {
          long part = Math.max(1, steps / LINES);
          long before = allocated();
          long start = System.nanoTime();
          run(session, batches, step, part);
          double micros = (System.nanoTime() - start) * 1e-3 / part;
          long a = (allocated() - before) / part;
          System.out.printf(
              Locale.ROOT,
              "%9d  %8.1f  %12s  %13d  %7s  %17d  %9.1f%n",
              optimizer.steps(),
              heap(),
              resident(),
              session.allocatedBytes(),
              device == Device.CUDA ? usedOnGpu() : "-",
              a,
              micros);
        }
      }
    }
  }

  private static void run(Session session, BatchLoader batches, TrainingStep step, long steps) {
    int epoch = 0;
    for (long i = 0; i < steps; i++) {
      if (!batches.next()) {
        batches.shuffle(1, ++epoch);
        batches.next();
      }
      double loss =
          step.run(Input.floats(batches.x(), BATCH, 784), Input.indices(batches.y())).item();
      if (!Double.isFinite(loss)) {
        throw new IllegalStateException("the loss is " + loss);
      }
    }
    session.synchronize();
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  private static double heap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) / 1048576.0;
  }

  private static String usedOnGpu() throws IOException {
    List<String> command =
        List.of(
            "nvidia-smi", "--query-gpu=memory.used", "--format=csv,noheader,nounits", "-i", "0");
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? text.strip() : "?";
    } catch (IOException e) {
      return "?";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static String resident() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return "?";
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmRSS:")) {
        double kib = Double.parseDouble(line.replaceAll("\\D", ""));
        return String.format(Locale.ROOT, "%.1f", kib / 1024);
      }
    }
    return "?";
  }
}
