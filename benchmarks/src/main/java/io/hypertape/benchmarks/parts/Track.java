package io.hypertape.benchmarks.parts;

import io.hypertape.cli.spi.ProgressBar;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells how far a run is: a bar with the time left where somebody watches, and a line for each part
 * that is done. Safe for several threads.
 */
final class Track {

  private final PrintStream out;
  private final ProgressBar bar;
  private final AtomicLong done = new AtomicLong();
  private final long start = System.nanoTime();
  private final long total;
  private final int known;
  private int parts;

  /**
   * Nothing is done yet.
   *
   * @param out where to tell
   * @param interactive whether lines can be redrawn there
   * @param total steps to take
   * @param known parts that can be named
   */
  Track(PrintStream out, boolean interactive, long total, int known) {
    this.out = out;
    this.bar = new ProgressBar(out, interactive, "steps", total);
    this.total = total;
    this.known = known;
  }

  /** Of one part's steps. */
  final class Lane {
    private final Part part;
    private long taken;

    private Lane(Part part) {
      this.part = part;
    }

    void step() {
      taken++;
      // Redrawing is not worth a lock at each step.
      long now = done.incrementAndGet();
      if (taken % 50 == 0) {
        draw(now, part.label());
      }
    }

    /** The part is done, early if it diverged. */
    void done(String told, double seconds) {
      done.addAndGet(part.steps() - taken);
      tell(part.label() + ": " + told + " (" + ProgressBar.duration(seconds) + ")");
    }
  }

  Lane lane(Part part) {
    return new Lane(part);
  }

  private synchronized void draw(long now, String label) {
    bar.update(Math.min(now, total), label);
  }

  private synchronized void tell(String line) {
    bar.clear();
    double seconds = (System.nanoTime() - start) * 1e-9;
    long now = done.get();
    String left =
        now > 0 && now < total
            ? "; " + ProgressBar.duration(seconds / now * (total - now)) + " left"
            : "";
    parts++;
    out.println("[" + parts + "/" + known + "] " + line + left);
    out.flush();
  }

  synchronized void close() {
    bar.close();
  }
}
