package io.hypertape.run;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A table of numbers that grows while a run goes on. Rows reach the disk at least once a second, so
 * that what a run leaves behind is readable however it ends.
 */
public final class MetricsCsv implements AutoCloseable {

  private static final long FLUSH_NANOS = 1_000_000_000L;

  private final Path file;
  private final BufferedWriter out;
  private final int columns;
  private long flushed = System.nanoTime();

  /**
   * Begins a table.
   *
   * @param file what to write
   * @param columns their names
   * @throws IOException if the file cannot be written
   */
  public MetricsCsv(Path file, List<String> columns) throws IOException {
    this.file = file;
    this.columns = columns.size();
    this.out = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
    out.write(String.join(",", columns));
    out.write('\n');
    out.flush();
  }

  /**
   * Adds a row.
   *
   * @param values one a column; whole numbers are written without a fraction
   * @throws IOException if it cannot be written; names the file
   */
  public void row(double... values) throws IOException {
    if (values.length != columns) {
      throw new IllegalArgumentException(
          file + ": " + values.length + " values for " + columns + " columns");
    }
    StringBuilder line = new StringBuilder();
    for (double value : values) {
      line.append(line.isEmpty() ? "" : ",").append(text(value));
    }
    try {
      out.write(line.append('\n').toString());
      if (System.nanoTime() - flushed > FLUSH_NANOS) {
        out.flush();
        flushed = System.nanoTime();
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static String text(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private IOException failed(IOException e) {
    return new IOException(file + " could not be written: " + e.getMessage(), e);
  }

  @Override
  public void close() throws IOException {
    try {
      out.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }
}
