package io.hypertape.benchmarks.peers;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Precision;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.autodiff.Tensor;
import io.hypertape.benchmarks.fork.Server;
import io.hypertape.optim.Input;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * Our side of a comparison of training steps on a GPU, in a process of its own. Nothing of a step
 * waits for the device; a request is answered when all its steps are done.
 */
public final class DeviceSteps {

  private final Session session;
  private final List<Input[]> batches;
  private final TrainingStep step;
  private int place;

  private DeviceSteps(Session session, List<Input[]> batches, TrainingStep step) {
    this.session = session;
    this.batches = batches;
    this.step = step;
  }

  /**
   * Serves steps.
   *
   * @param args the model, the tower, the backend, the precision, and where batches lie: {@code
   *     host} or {@code device}
   * @throws IOException if the pipe breaks
   */
  public static void main(String[] args) throws IOException {
    SessionOptions options =
        SessionOptions.of(Device.valueOf(args[2].toUpperCase(Locale.ROOT)))
            .withPrecision(Precision.valueOf(args[3].toUpperCase(Locale.ROOT)));
    DeviceOptions.Data data = DeviceOptions.Data.valueOf(args[4].toUpperCase(Locale.ROOT));
    try (Session session = Session.open(options)) {
      Workload workload = Workload.of(args[0], session);
      Tower tower = Tower.parse(args[1]);
      try (TowerOptimizer optimizer = tower.bind(session, workload.model().parameters())) {
        DeviceSteps steps = of(session, workload, optimizer, data);
        steps.run(1);
        Server.serve(
            String.format(
                Locale.ROOT,
                "Hypertape, %s, %s, data on the %s, %d parameters",
                session.description(),
                args[3],
                args[4],
                workload.size()),
            steps::run);
      }
    }
  }

  static DeviceSteps of(
      Session session, Workload workload, TowerOptimizer optimizer, DeviceOptions.Data data) {
    if (data == DeviceOptions.Data.HOST) {
      return new DeviceSteps(session, workload.batches(), optimizer.prepare(workload.loss()));
    }
    List<Tensor> batch =
        workload.values().getFirst().stream().map(values -> values.tensor(session)).toList();
    TrainingStep step = optimizer.prepare(unused -> workload.loss().apply(batch));
    return new DeviceSteps(session, List.of(new Input[][] {{}}), step);
  }

  /** The loss of the last of some steps. */
  double run(int count) {
    session.synchronize();
    Tensor loss = null;
    for (int i = 0; i < count; i++) {
      loss = step.run(batches.get(place));
      place = (place + 1) % batches.size();
    }
    return loss == null ? Double.NaN : loss.item();
  }

  String mode() {
    return step.mode();
  }
}
