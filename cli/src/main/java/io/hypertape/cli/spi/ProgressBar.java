package io.hypertape.cli.spi;

import io.hypertape.checks.Nulls;
import java.io.PrintStream;
import java.util.Locale;

/**
 * A line that tells how far a task is, redrawn in place up to ten times a second; without a
 * terminal it prints nothing.
 */
public final class ProgressBar implements AutoCloseable {

  private static final long REDRAW_NANOS = 100_000_000;
  private static final int WIDTH = 24;

  private final PrintStream out;
  private final boolean interactive;
  private final String unit;
  private final long total;
  private final long start = System.nanoTime();
  private long drawn;
  private int length;
  private long before;

  /**
   * Nothing is done yet.
   *
   * @param out where to draw
   * @param interactive whether that is a terminal; nothing is drawn elsewhere
   * @param unit of what is done, in the plural
   * @param total how many there are to do
   */
  public ProgressBar(PrintStream out, boolean interactive, String unit, long total) {
    Nulls.check(out, "progress bar: out");
    Nulls.check(unit, "progress bar: unit");
    this.out = out;
    this.interactive = interactive;
    this.unit = unit;
    this.total = total;
  }

  /**
   * Some had been done before, which says nothing of how fast it goes.
   *
   * @param done how many, of all
   */
  public void startAt(long done) {
    before = done;
  }

  /**
   * Some is done.
   *
   * @param done how many, of all
   * @param text what follows the bar
   */
  public void update(long done, String text) {
    Nulls.check(text, "progress bar: text");
    long now = System.nanoTime();
    if (!interactive || (now - drawn < REDRAW_NANOS && done < total)) {
      return;
    }
    drawn = now;
    String line = line(done, (now - start) * 1e-9) + text;
    // As a byte: what is printed as text may not steer a terminal.
    out.write('\r');
    out.print(line + " ".repeat(Math.max(0, length - line.length())));
    out.flush();
    length = line.length();
  }

  private String line(long done, double seconds) {
    int filled = total == 0 ? 0 : (int) (WIDTH * done / total);
    double rate = seconds > 0 ? (done - before) / seconds : 0;
    String left = rate > 0 ? duration((total - done) / rate) : "?";
    return String.format(
        Locale.ROOT,
        "[%s%s] %d/%d  %s %s/s  %s left  ",
        "#".repeat(filled),
        "-".repeat(WIDTH - filled),
        done,
        total,
        rate < 10 ? String.format(Locale.ROOT, "%.1f", rate) : Math.round(rate),
        unit,
        left);
  }

  /**
   * Seconds as a person reads them.
   *
   * @param seconds how many
   * @return such as {@code 2 min 05 s}
   */
  public static String duration(double seconds) {
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 60
        ? whole + " s"
        : whole < 3600
            ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
            : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole / 60 % 60);
  }

  /** Wipes the line, so that what is printed next begins on a clean one. */
  public void clear() {
    if (interactive && length > 0) {
      out.write('\r');
      out.print(" ".repeat(length));
      out.write('\r');
      out.flush();
      length = 0;
    }
  }

  @Override
  public void close() {
    clear();
  }
}
