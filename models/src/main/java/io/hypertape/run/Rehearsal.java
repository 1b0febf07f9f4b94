package io.hypertape.run;

import io.hypertape.autodiff.Buffer;
import io.hypertape.autodiff.DropoutCounter;
import io.hypertape.autodiff.Scope;
import io.hypertape.autodiff.Session;
import java.util.List;

/** A forward pass as in training, after which running statistics and masks are what they were. */
final class Rehearsal {

  private Rehearsal() {}

  /**
   * Does it.
   *
   * @return how many masks each counter has drawn
   */
  static int[] masks(
      Session session, List<Buffer> buffers, List<DropoutCounter> counters, Runnable forward) {
    List<double[]> values = buffers.stream().map(Buffer::toDoubles).toList();
    long[] counts = counters.stream().mapToLong(DropoutCounter::count).toArray();
    try (Scope unused = session.scratch()) {
      forward.run();
      int[] drawn = new int[counts.length];
      for (int i = 0; i < drawn.length; i++) {
        // Counters begin anew after 2^32.
        drawn[i] = (int) (counters.get(i).count() - counts[i]);
      }
      return drawn;
    } finally {
      for (int i = 0; i < values.size(); i++) {
        buffers.get(i).set(values.get(i));
      }
      for (int i = 0; i < counts.length; i++) {
        counters.get(i).set(counts[i]);
      }
    }
  }
}
