package io.hypertape.autodiff.cpu.blas;

import io.hypertape.bindings.BlasReport;
import io.hypertape.bindings.LibraryReport.Attempt;
import io.hypertape.bindings.blas.BlasLibraries;
import io.hypertape.bindings.blas.BlasLibrary;
import io.hypertape.bindings.blas.BlasMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Whether there is a BLAS, how fast it is, and what was found while looking for it. */
public final class BlasSupport {

  /** That of the product by which our kernels are measured beside. */
  private static final int SIZE = 192;

  private static final long LONG_ENOUGH = 200_000_000;

  private BlasSupport() {}

  /**
   * What was looked for and found, for people; measures for a fifth of a second.
   *
   * @return lines of text
   */
  public static List<String> report() {
    return report(BlasLibraries.auto());
  }

  static List<String> report(BlasReport<BlasLibrary> found) {
    List<String> lines = new ArrayList<>();
    found.library().ifPresent(library -> lines.addAll(describe(library)));
    if (!found.problem().isEmpty()) {
      lines.add(found.problem());
    }
    for (Attempt attempt : found.attempts()) {
      lines.add("    tried " + attempt.place() + ": " + attempt.answer());
    }
    return lines;
  }

  private static List<String> describe(BlasLibrary library) {
    library.setThreads(1);
    return List.of(
        "found: " + library.description(),
        String.format(
            Locale.ROOT,
            "the same matrix product, one thread: %.1f GFLOP/s",
            2.0 * SIZE * SIZE * SIZE / nanoseconds(library)),
        "--blas auto gives it large products, whose bits then are the library's; --blas FILE another");
  }

  /** The best call's. */
  private static long nanoseconds(BlasLibrary library) {
    Runnable product = library.product(filled(0.5f), filled(0.25f), 0, filled(0));
    long best = Long.MAX_VALUE;
    long begin = System.nanoTime();
    long now = begin;
    while (now - begin < LONG_ENOUGH) {
      product.run();
      long end = System.nanoTime();
      best = Math.min(best, Math.max(1, end - now));
      now = end;
    }
    return best;
  }

  private static BlasMatrix filled(float value) {
    float[] x = new float[SIZE * SIZE];
    Arrays.fill(x, value);
    return new BlasMatrix(x, 0, SIZE, SIZE, SIZE, 1);
  }
}
