package io.hypertape.benchmarks.paper;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.benchmarks.fork.Server;
import io.hypertape.models.Losses;
import io.hypertape.models.Mlp;
import io.hypertape.models.MlpSpec;
import io.hypertape.models.Mode;
import io.hypertape.optim.Input;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Our side of the measurement of towers' overhead, in a process of its own, whose peak memory is
 * then its model's and its tower's. Answers a number of steps by the seconds that they took, and
 * {@code memory} by the most bytes that were resident. Batches lie ready, as on the other side.
 */
public final class OverheadServer {

  private static final int BATCH = 256;
  private static final int FEATURES = 784;
  private static final int CLASSES = 10;
  private static final int BATCHES = 40;
  private static final Path STATUS = Path.of("/proc/self/status");

  private OverheadServer() {}

  /**
   * Serves.
   *
   * @param args the model and the tower
   * @throws IOException if the pipe breaks
   */
  public static void main(String[] args) throws IOException {
    if (!args[0].equals("mlp")) {
      throw new IllegalArgumentException("there is no model " + args[0]);
    }
    try (Session session = Session.open(SessionOptions.of(Device.CPU).withThreads(1))) {
      Mlp model = Mlp.create(session, MlpSpec.tanh(FEATURES, 128, CLASSES), 1);
      try (TowerOptimizer optimizer = Tower.parse(args[1]).bind(session, model.parameters())) {
        TrainingStep step =
            optimizer.prepare(in -> Losses.nll(model.forward(in.get(0), Mode.TRAIN), in.get(1)));
        serve(step);
      }
    }
  }

  private static void serve(TrainingStep step) throws IOException {
    Random random = new Random(1);
    float[][] x = new float[BATCHES][BATCH * FEATURES];
    int[][] y = new int[BATCHES][BATCH];
    for (int i = 0; i < BATCHES; i++) {
      for (int j = 0; j < x[i].length; j++) {
        x[i][j] = random.nextFloat();
      }
      for (int j = 0; j < BATCH; j++) {
        y[i][j] = random.nextInt(CLASSES);
      }
    }
    Server.answer("ready");
    BufferedReader questions =
        new BufferedReader(
            new InputStreamReader(new FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8));
    int place = 0;
    for (String line = questions.readLine(); line != null; line = questions.readLine()) {
      if (line.equals(Turns.MEMORY)) {
        Server.answer(Long.toString(peakBytes()));
        continue;
      }
      int count = Integer.parseInt(line);
      long start = System.nanoTime();
      for (int i = 0; i < count; i++) {
        step.run(Input.floats(x[place], BATCH, FEATURES), Input.indices(y[place])).item();
        place = (place + 1) % BATCHES;
      }
      Server.answer(Double.toString((System.nanoTime() - start) * 1e-9));
    }
  }

  /** Most bytes that were resident, as Linux counts them; -1 elsewhere. */
  private static long peakBytes() throws IOException {
    if (!Files.exists(STATUS)) {
      return -1;
    }
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith("VmHWM:")) {
        return 1024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    return -1;
  }
}
