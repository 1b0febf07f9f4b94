package io.hypertape.benchmarks.report;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * Tells how far a run is: a plain line for each benchmark when it is done, since each takes seconds
 * and a log of them is wanted, too. No line is redrawn, so that no terminal is needed.
 */
public final class BenchmarkProgress {

  private final PrintWriter out;
  private final int total;
  private final long start = System.nanoTime();
  private int done;

  /**
   * Nothing is done yet.
   *
   * @param out where to tell
   * @param total number of benchmarks
   */
  public BenchmarkProgress(PrintWriter out, int total) {
    this.out = out;
    this.total = total;
  }

  /**
   * A benchmark is done.
   *
   * @param what which, and its figure
   */
  public void done(String what) {
    done++;
    double seconds = (System.nanoTime() - start) * 1e-9;
    long left = Math.round(seconds / done * (total - done));
    out.printf(Locale.ROOT, "[%d/%d] %s; %d:%02d left%n", done, total, what, left / 60, left % 60);
    out.flush();
  }
}
