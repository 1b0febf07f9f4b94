package io.hypertape.benchmarks.paper;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.benchmarks.fork.Server;
import io.hypertape.benchmarks.peers.Workload;
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
import java.util.List;

/**
 * Our side of the measurement of towers' overhead, in a process of its own, whose peak memory is
 * then its model's and its tower's. Answers a number of steps by the seconds that they took, and
 * {@code memory} by the most bytes that were resident, or that its tensors took on a GPU. Batches
 * lie ready, as on the other side.
 */
public final class OverheadServer {

  private static final Path STATUS = Path.of("/proc/self/status");

  private OverheadServer() {}

  /**
   * Serves.
   *
   * @param args the model, the tower and the device, CPU or CUDA
   * @throws IOException if the pipe breaks
   */
  public static void main(String[] args) throws IOException {
    Device device = Device.valueOf(args[2]);
    try (Session session =
        Session.open(
            SessionOptions.of(device).withThreads(1).withSimd(SessionOptions.Simd.VECTOR))) {
      Workload workload = Workload.of(args[0], session);
      try (TowerOptimizer optimizer =
          Tower.parse(args[1]).bind(session, workload.model().parameters())) {
        Memory memory =
            device == Device.CUDA ? session::allocatedBytes : OverheadServer::residentBytes;
        serve(optimizer.prepare(workload.loss()), workload.batches(), memory);
      }
    }
  }

  /** The most bytes that have been in use; -1 if that is not known. */
  @FunctionalInterface
  private interface Memory {
    long bytes() throws IOException;
  }

  private static void serve(TrainingStep step, List<Input[]> batches, Memory memory)
      throws IOException {
    Server.answer("ready");
    BufferedReader questions =
        new BufferedReader(
            new InputStreamReader(new FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8));
    int place = 0;
    for (String line = questions.readLine(); line != null; line = questions.readLine()) {
      if (line.equals(Turns.MEMORY)) {
        Server.answer(Long.toString(memory.bytes()));
        continue;
      }
      int count = Integer.parseInt(line);
      long start = System.nanoTime();
      for (int i = 0; i < count; i++) {
        step.run(batches.get(place)).item();
        place = (place + 1) % batches.size();
      }
      Server.answer(Double.toString((System.nanoTime() - start) * 1e-9));
    }
  }

  /** Most bytes that were resident, as Linux counts them; -1 elsewhere. */
  private static long residentBytes() throws IOException {
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
