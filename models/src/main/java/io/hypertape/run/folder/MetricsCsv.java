package io.hypertape.run.folder;

import io.hypertape.checks.Nulls;
import io.hypertape.io.guard.AtomicFile;
import io.hypertape.io.guard.FileProblem;
import io.hypertape.io.guard.HeapRoom;
import io.hypertape.io.guard.RegularFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A table of numbers that grows while a run goes on. Rows reach the system at least once a second,
 * so that what a run leaves behind is readable however it ends; {@link #seal} brings them to the
 * disk and tells their checksum, which the run's state keeps. A link that has the file's name is
 * not followed.
 */
public final class MetricsCsv implements AutoCloseable {

  /** Bytes of memory a byte of a table: as text, as lines, as the text that is kept, as numbers. */
  private static final long MEMORY = 16;

  private static final long FLUSH_NANOS = 1_000_000_000L;

  private final Path file;
  private final OutputStream out;
  private final int columns;
  private final CRC32C sum = new CRC32C();
  private long size;
  private long flushed = System.nanoTime();

  /**
   * Begins a table.
   *
   * @param file what to write; a table that is there is replaced
   * @param columns their names
   * @throws IOException if the file cannot be written
   */
  public MetricsCsv(Path file, List<String> columns) throws IOException {
    this(
        Nulls.check(file, "metrics: file"),
        Nulls.checkAll(columns, "metrics: columns").size(),
        begun(file, header(columns)));
  }

  private MetricsCsv(Path file, int columns, byte[] begun) throws IOException {
    this.file = file;
    this.columns = columns;
    count(begun);
    try {
      this.out =
          new BufferedOutputStream(
              Files.newOutputStream(file, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static byte[] begun(Path file, byte[] header) throws IOException {
    AtomicFile.write(file, out -> out.write(header));
    return header;
  }

  private static byte[] header(List<String> columns) {
    return (String.join(",", columns) + '\n').getBytes(StandardCharsets.UTF_8);
  }

  private void count(byte[] bytes) {
    sum.update(bytes);
    size += bytes.length;
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
    byte[] header = header(columns);
    byte[] found = read(file);
    if (Arrays.mismatch(header, found) < header.length && !Arrays.equals(header, found)) {
      throw new IOException(
          file + ": its columns are " + firstLine(found) + ", not " + String.join(",", columns));
    }
    return new MetricsCsv(file, columns.size(), found);
  }

  private static String firstLine(byte[] text) {
    return new String(text, StandardCharsets.UTF_8).lines().findFirst().orElse("none");
  }

  /**
   * Takes a table back to an earlier row: removes those after it, and one that was cut off or
   * damaged with all that follow.
   *
   * @param file the table; it need not be there
   * @param last what the first column has at the most
   * @return the rows that are left
   * @throws IOException if it cannot be read or written
   */
  public static List<double[]> goBack(Path file, double last) throws IOException {
    return goBack(file, last, Optional.empty());
  }

  /**
   * Takes a table back to what it was when it was sealed.
   *
   * @param file the table; it need not be there
   * @param last what the first column has at the most
   * @param seal what {@link #seal} told then; without it rows are not compared with any
   * @return the rows that are left
   * @throws IOException if it does not begin with what was sealed, or cannot be read or written
   */
  public static List<double[]> goBack(Path file, double last, Optional<String> seal)
      throws IOException {
    Nulls.check(file, "metrics: file");
    Nulls.check(seal, "metrics: seal");
    if (!Files.exists(file)) {
      return List.of();
    }
    byte[] whole = read(file);
    if (seal.isPresent()) {
      checkSeal(file, whole, seal.get());
    }
    List<String> lines = lines(whole);
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
    byte[] bytes = kept.toString().getBytes(StandardCharsets.ISO_8859_1);
    AtomicFile.write(file, out -> out.write(bytes));
    return rows;
  }

  /**
   * The header and the rows that end with their line, a char a byte: what is no UTF-8, as a crash
   * may leave it, is no row, and whatever is kept is kept as it is.
   */
  private static List<String> lines(byte[] whole) {
    String text = new String(whole, StandardCharsets.ISO_8859_1);
    List<String> lines = new ArrayList<>(text.lines().toList());
    if (lines.size() > 1 && !text.endsWith("\n") && !text.endsWith("\r")) {
      // Of a number that was cut off, a number is left.
      lines.removeLast();
    }
    return lines;
  }

  /**
   * Checks that a table begins with the rows that it was sealed with.
   *
   * @param file the table
   * @param seal what {@link #seal} told
   * @throws IOException if it does not, or cannot be read
   */
  public static void checkSeal(Path file, String seal) throws IOException {
    Nulls.check(file, "metrics: file");
    Nulls.check(seal, "metrics: seal");
    checkSeal(file, read(file), seal);
  }

  /**
   * Checks that a table is one: every row has a number a column, the first of which grows. A last
   * row may be cut off, as a run may be at work.
   *
   * @param file the table
   * @return how many rows it has
   * @throws IOException if it is none, or cannot be read
   */
  static int check(Path file) throws IOException {
    String text = new String(read(file), StandardCharsets.UTF_8);
    List<String> lines = text.lines().toList();
    int whole = lines.size() - (text.endsWith("\n") || lines.isEmpty() ? 0 : 1);
    if (whole == 0) {
      throw new IOException(file + ": no table; the names of its columns are missing");
    }
    int columns = lines.getFirst().split(",", -1).length;
    double last = Double.NEGATIVE_INFINITY;
    for (int i = 1; i < whole; i++) {
      double[] row = values(lines.get(i), columns);
      if (row.length == 0 || !(row[0] > last)) {
        throw new IOException(
            file + ": line " + (i + 1) + " is no row of " + columns + " numbers that goes on");
      }
      last = row[0];
    }
    return whole - 1;
  }

  private static void checkSeal(Path file, byte[] whole, String seal) throws IOException {
    if (!seal.matches("[0-9]{1,18} crc32c:[0-9a-f]{8}")) {
      throw new IOException(file + ": its seal '" + seal + "' is none");
    }
    long size = Long.parseLong(seal.substring(0, seal.indexOf(' ')));
    if (size <= whole.length) {
      CRC32C sum = new CRC32C();
      sum.update(whole, 0, (int) size);
      if (seal(size, sum).equals(seal)) {
        return;
      }
    }
    throw new IOException(
        file
            + ": was damaged or changed after it was written: its first "
            + size
            + " bytes are not those that the run's state tells of; remove it, and the run goes on"
            + " without its earlier rows");
  }

  private static String seal(long size, CRC32C sum) {
    return String.format(Locale.ROOT, "%d crc32c:%08x", size, sum.getValue());
  }

  private static byte[] read(Path file) throws IOException {
    RegularFile.check(file, "a table of metrics");
    HeapRoom room = HeapRoom.ofJvm();
    long memory = MEMORY * Files.size(file);
    if (!room.fits(memory)) {
      throw new IOException(file + ": " + room.lacking("its rows", memory));
    }
    return FileProblem.bytes(file);
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
    byte[] bytes = line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    try {
      out.write(bytes);
      count(bytes);
      if (System.nanoTime() - flushed > FLUSH_NANOS) {
        out.flush();
        flushed = System.nanoTime();
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * Brings all rows to the system, so that others can read them.
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

  /**
   * Brings all rows to the disk.
   *
   * @return how many bytes the table has, and their checksum (CRC-32C)
   * @throws IOException if they cannot be written; names the file
   */
  public String seal() throws IOException {
    flush();
    try {
      AtomicFile.flush(file);
    } catch (IOException e) {
      throw failed(e);
    }
    return seal(size, sum);
  }

  /**
   * What {@link #seal} tells, of rows that need not have come to the disk yet.
   *
   * @return how many bytes the table has, and their checksum (CRC-32C)
   */
  public String mark() {
    return seal(size, sum);
  }

  private static String text(double value) {
    boolean isWhole = value == Math.rint(value) && Math.abs(value) < 1e15;
    // Whole numbers of Java have no -0.
    return isWhole && Double.compare(value, -0.0) != 0
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
