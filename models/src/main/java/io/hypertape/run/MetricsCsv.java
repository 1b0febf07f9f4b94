package io.hypertape.run;

import io.hypertape.checks.Nulls;
import io.hypertape.io.AtomicFile;
import io.hypertape.io.RegularFile;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A table of numbers that grows while a run goes on. Rows reach the disk at least once a second, so
 * that what a run leaves behind is readable however it ends.
 */
public final class MetricsCsv implements AutoCloseable {

  private static final long FLUSH_NANOS = 1_000_000_000L;

  private static final String WANTED = "a table of metrics";

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
    this(
        Nulls.check(file, "metrics: file"),
        Nulls.checkAll(columns, "metrics: columns").size(),
        Files.newBufferedWriter(file, StandardCharsets.UTF_8));
    out.write(String.join(",", columns));
    out.write('\n');
    out.flush();
  }

  private MetricsCsv(Path file, int columns, BufferedWriter out) {
    this.file = file;
    this.columns = columns;
    this.out = out;
  }

  /**
   * Goes on with a table, or begins it if there is none.
   *
   * @param file the table
   * @param columns their names
   * @return the table
   * @throws IOException if it has other columns, or cannot be written
   */
  public static MetricsCsv append(Path file, List<String> columns) throws IOException {
    Nulls.check(file, "metrics: file");
    Nulls.check(columns, "metrics: columns");
    if (!Files.exists(file)) {
      return new MetricsCsv(file, columns);
    }
    RegularFile.check(file, WANTED);
    String header = String.join(",", columns);
    try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      String found = in.readLine();
      if (!header.equals(found)) {
        throw new IOException(file + ": its columns are " + found + ", not " + header);
      }
    }
    return new MetricsCsv(
        file,
        columns.size(),
        Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND));
  }

  /**
   * Takes a table back to an earlier row: removes those after it, and one that was cut off.
   *
   * @param file the table; it need not be there
   * @param last what the first column has at the most
   * @return the rows that are left
   * @throws IOException if it cannot be read or written
   */
  public static List<double[]> goBack(Path file, double last) throws IOException {
    Nulls.check(file, "metrics: file");
    if (!Files.exists(file)) {
      return List.of();
    }
    RegularFile.check(file, WANTED);
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    int columns = lines.isEmpty() ? 0 : lines.getFirst().split(",", -1).length;
    List<double[]> rows = new ArrayList<>();
    StringBuilder kept = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      double[] row = i == 0 ? new double[0] : values(lines.get(i), columns);
      if (i > 0 && (row.length == 0 || row[0] > last)) {
        break;
      }
      kept.append(lines.get(i)).append('\n');
      if (i > 0) {
        rows.add(row);
      }
    }
    byte[] bytes = kept.toString().getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, out -> out.write(bytes));
    return rows;
  }

  /** The numbers of a row; none if it has not as many as there are columns. */
  private static double[] values(String line, int columns) {
    String[] cells = line.split(",", -1);
    if (cells.length != columns) {
      return new double[0];
    }
    double[] row = new double[columns];
    try {
      for (int i = 0; i < columns; i++) {
        row[i] = Double.parseDouble(cells[i]);
      }
    } catch (NumberFormatException e) {
      return new double[0];
    }
    return row;
  }

  /**
   * Adds a row.
   *
   * @param values one a column; whole numbers are written without a fraction
   * @throws IOException if it cannot be written; names the file
   */
  public void row(double... values) throws IOException {
    Nulls.check(values, "metrics: values");
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

  /**
   * Brings all rows to the disk.
   *
   * @throws IOException if they cannot be written; names the file
   */
  public void flush() throws IOException {
    try {
      out.flush();
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
