package io.hypertape.benchmarks.gpu;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.backend.DeviceMemoryException;
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
import java.util.Locale;

/**
 * Takes a GPU's memory until there is none left, and says what is told then; afterwards the same
 * session trains on.
 */
public final class Exhaustion {

  private static final int BATCH = 256;
  private static final int STEPS = 20;

  private Exhaustion() {}

  /**
   * Runs it.
   *
   * @param args the backend, {@code cuda} if none is named; MiB of an allocation, 1024 if not given
   */
  public static void main(String[] args) {
    StandardOutput.install();
    Device device = Device.valueOf((args.length > 0 ? args[0] : "cuda").toUpperCase(Locale.ROOT));
    run(device, args.length > 1 ? Integer.parseInt(args[1]) : 1024, System.out);
  }

  static void run(Device device, int mebibytes, PrintStream out) {
    try (Session session = Session.open(device)) {
      out.println(session.description());
      Mlp model = Mlp.create(session, MlpSpec.tanh(784, 128, 10), 1);
      Batches batches =
          new Batches(Strokes.generate(1, STEPS * BATCH, 0).train(), BATCH, Batches.LastBatch.DROP);
      try (TowerOptimizer optimizer =
          Tower.parse("adam(1e-3)/sgd(1e-5)").bind(session, model.parameters())) {
        TrainingStep step =
            optimizer.prepare(in -> Losses.nll(model.forward(in.get(0), Mode.TRAIN), in.get(1)));
        out.printf(Locale.ROOT, "loss before: %.4f%n", train(step, batches));
        exhaust(session, mebibytes, out);
        out.printf(Locale.ROOT, "loss after: %.4f; %s%n", train(step, batches), step.mode());
      }
    }
    out.println("the session went on");
  }

  private static void exhaust(Session session, int mebibytes, PrintStream out) {
    int count = 0;
    try (Scope scope = session.scratch()) {
      while (true) {
        session.zeros(mebibytes, 1 << 18);
        count++;
      }
    } catch (DeviceMemoryException e) {
      out.printf(Locale.ROOT, "after %d times %d MiB: %s%n", count, mebibytes, e.getMessage());
    }
  }

  private static double train(TrainingStep step, Batches batches) {
    batches.restart();
    double loss = Double.NaN;
    while (batches.next()) {
      loss = step.run(Input.floats(batches.x(), BATCH, 784), Input.indices(batches.y())).item();
    }
    return loss;
  }
}
