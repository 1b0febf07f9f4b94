package io.hypertape.predict;

import io.hypertape.autodiff.program.Compilation;
import java.time.Duration;
import java.util.List;

/** Predictions before those that count. */
final class WarmUp {

  /** What surrounds the kernels is compiled after so many rounds, or as good as after a second. */
  private static final int ROUNDS = 1_000;

  private static final long ROUNDS_NANOS = 1_000_000_000;

  /** One part of so many of the time is too little to wait for. */
  private static final int WORTH = 50;

  private WarmUp() {}

  /**
   * Predicts once on the first lane, so that what is wrong is found; then on all of them, batches
   * of all sizes, until the kernels are compiled or the time is over.
   */
  static void run(List<Lane> lanes, ExampleForm form, Duration most) {
    long begin = System.nanoTime();
    long end = begin + most.toNanos();
    int largest = form.batches().length - 1;
    float[] zeros = new float[form.batches()[largest] * form.inputs()];
    float[] results = new float[form.batches()[largest] * form.outputs()];
    int rounds = 0;
    lanes.getFirst().run(zeros, 0, 1, results, 0);
    boolean done = false;
    while (!done && System.nanoTime() < end) {
      long waited = Compilation.waited();
      long start = System.nanoTime();
      for (int batch : form.batches()) {
        for (Lane lane : lanes) {
          if (System.nanoTime() < end) {
            lane.run(zeros, 0, batch, results, 0);
          }
        }
      }
      rounds++;
      boolean settled = rounds >= ROUNDS || System.nanoTime() - begin > ROUNDS_NANOS;
      long waits = WORTH * (Compilation.waited() - waited);
      done = settled && waits <= System.nanoTime() - start;
    }
  }
}
