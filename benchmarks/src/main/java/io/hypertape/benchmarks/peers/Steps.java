package io.hypertape.benchmarks.peers;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.benchmarks.fork.Server;
import io.hypertape.optim.Input;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import java.io.IOException;
import java.util.List;

/**
 * Our side of a comparison of training steps, in a process of its own. Batches lie ready, as on the
 * other side; a step takes one in and gives the loss.
 */
public final class Steps {

  private final List<Input[]> batches;
  private final TrainingStep step;
  private int place;

  private Steps(List<Input[]> batches, TrainingStep step) {
    this.batches = batches;
    this.step = step;
  }

  /**
   * Serves steps.
   *
   * @param args the model, the tower and the number of threads
   * @throws IOException if the pipe breaks
   */
  public static void main(String[] args) throws IOException {
    int threads = Integer.parseInt(args[2]);
    SessionOptions options =
        SessionOptions.of(Device.CPU).withThreads(threads).withSimd(SessionOptions.Simd.VECTOR);
    try (Session session = Session.open(options)) {
      Workload workload = Workload.of(args[0], session);
      Tower tower = Tower.parse(args[1]);
      try (TowerOptimizer optimizer = tower.bind(session, workload.model().parameters())) {
        Steps steps = new Steps(workload.batches(), optimizer.prepare(workload.loss()));
        Server.serve(
            "Hypertape, " + threads + " threads, " + workload.size() + " parameters", steps::run);
      }
    }
  }

  private double run(int count) {
    double loss = Double.NaN;
    for (int i = 0; i < count; i++) {
      loss = step.run(batches.get(place)).item();
      place = (place + 1) % batches.size();
    }
    return loss;
  }
}
