package io.hypertape.benchmarks;

import io.hypertape.autodiff.Device;
import io.hypertape.autodiff.Session;
import io.hypertape.autodiff.SessionOptions;
import io.hypertape.benchmarks.fork.Child;
import io.hypertape.optim.Input;
import io.hypertape.optim.Tower;
import io.hypertape.optim.TowerOptimizer;
import io.hypertape.optim.TrainingStep;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * A JVM's training steps from its beginning on. Its arguments are a model of {@link TunedModel},
 * the kernels ({@link SessionOptions.Simd}) and for how many seconds it trains; its answer is, for
 * each step, the milliseconds since the JVM began, on the clock and of processor time.
 */
public final class FirstSteps {

  private static final String TOWER = "adam(1e-3)/sgd(1e-5)";

  private FirstSteps() {}

  /**
   * Trains.
   *
   * @param args the model, the kernels, seconds
   */
  public static void main(String[] args) {
    SessionOptions options =
        SessionOptions.of(Device.CPU)
            .withThreads(1)
            .withSimd(SessionOptions.Simd.valueOf(args[1].toUpperCase(Locale.ROOT)));
    long begin = ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli();
    long end = begin + Math.round(1000 * Double.parseDouble(args[2]));
    try (Session session = Session.open(options)) {
      TunedModel model = TunedModel.of(args[0], session);
      StringJoiner steps = new StringJoiner(" ");
      try (TowerOptimizer optimizer = Tower.parse(TOWER).bind(session, model.parameters())) {
        TrainingStep step = optimizer.prepare(model.loss());
        List<Input[]> batches = model.batches();
        long now = begin;
        for (int i = 0; now < end; i++) {
          step.run(batches.get(i % batches.size())).item();
          now = System.currentTimeMillis();
          steps.add((now - begin) + ":" + processorMillis());
        }
      }
      System.out.println(Child.MARK + steps);
    }
  }

  private static long processorMillis() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis();
  }
}
