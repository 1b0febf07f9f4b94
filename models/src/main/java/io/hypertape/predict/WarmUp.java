package io.hypertape.predict;

import java.time.Duration;
import java.util.List;

/** Predictions before those that count. */
final class WarmUp {

  private WarmUp() {}

  /**
   * Predicts once on the first lane, so that what is wrong is found; then on all of them, batches
   * of all sizes, as long as there is time.
   */
  static void run(List<Lane> lanes, ExampleForm form, Duration most) {
    long end = System.nanoTime() + most.toNanos();
    int largest = form.batches().length - 1;
    float[] zeros = new float[form.batches()[largest] * form.inputs()];
    float[] results = new float[form.batches()[largest] * form.outputs()];
    lanes.getFirst().run(zeros, 0, 1, results, 0);
    while (System.nanoTime() < end) {
      for (int batch : form.batches()) {
        for (Lane lane : lanes) {
          if (System.nanoTime() < end) {
            lane.run(zeros, 0, batch, results, 0);
          }
        }
      }
    }
  }
}
