package io.hypertape.data.table;

import io.hypertape.checks.Nulls;
import io.hypertape.data.table.format.CellSink;
import io.hypertape.data.table.format.CsvRows;
import io.hypertape.data.table.parquet.ParquetRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows and columns, as a file has them, in memory. A {@link Schema} says what they mean. Immutable.
 */
public final class DataTable {

  private final String name;
  private final Map<String, TableColumn> columns;
  private final int rows;
  // Where rows stand in the file; empty if it has no lines.
  private final int[] lines;

  private DataTable(String name, Map<String, TableColumn> columns, int rows, int[] lines) {
    this.name = name;
    this.columns = columns;
    this.rows = rows;
    this.lines = lines;
  }

  /**
   * Reads a file by what its name ends in: {@code .parquet}, else text as by {@link #csv(Path)}.
   *
   * @param file the file
   * @return the table
   * @throws IOException if it cannot be read, is no such table, or the library for it is not there
   */
  public static DataTable read(Path file) throws IOException {
    Nulls.check(file, "table: file");
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".parquet") || name.endsWith(".pq") ? parquet(file) : csv(file);
  }

  /**
   * Reads comma-separated values (RFC 4180) in UTF-8, whose first line names the columns. Needs
   * {@code org.apache.commons:commons-csv}.
   *
   * @param file the file
   * @return the table
   * @throws IOException if it cannot be read, a row has more or fewer cells than there are columns,
   *     or the library is not there
   */
  public static DataTable csv(Path file) throws IOException {
    return csv(file, CsvForm.usual());
  }

  /**
   * Reads comma-separated values of another form.
   *
   * @param file the file
   * @param form its delimiter, and what stands in missing cells
   * @return the table
   * @throws IOException if it cannot be read, a row has more or fewer cells than there are columns,
   *     or the library is not there
   */
  public static DataTable csv(Path file, CsvForm form) throws IOException {
    Nulls.check(file, "table: file");
    Nulls.check(form, "table: form");
    Gathering cells = new Gathering(file.toString());
    CsvRows.read(file, form.delimiter(), form.missing(), cells);
    return cells.table();
  }

  /**
   * Reads a Parquet file of columns of plain values. One that is compressed by ZSTD needs {@code
   * com.github.luben:zstd-jni}; uncompressed ones and by Snappy or GZIP need no library.
   *
   * @param file the file
   * @return the table; dates are days and times seconds since 1970
   * @throws IOException if it cannot be read, is damaged, a column has lists or structures, or the
   *     library is not there
   */
  public static DataTable parquet(Path file) throws IOException {
    Nulls.check(file, "table: file");
    Gathering cells = new Gathering(file.toString());
    ParquetRows.read(file, cells);
    return cells.table();
  }

  /**
   * A table of arrays.
   *
   * @param name of the table, for errors
   * @param columns {@code double[]}, {@code float[]}, {@code int[]}, or a list of values as {@link
   *     #ofRows} takes them, by name
   * @return the table
   * @throws IllegalArgumentException if they have no one length, or are something else
   */
  public static DataTable of(String name, Map<String, ?> columns) {
    Nulls.check(name, "table: name");
    Map<String, Object> all = new LinkedHashMap<>(Nulls.copy(columns, "table: columns"));
    List<String> names = List.copyOf(all.keySet());
    List<Iterator<?>> cells = new ArrayList<>();
    for (String column : names) {
      cells.add(cells(name, column, all.get(column)));
    }
    Gathering gathering = new Gathering(name);
    gathering.columns(names);
    while (cells.stream().anyMatch(Iterator::hasNext)) {
      gathering.row(0);
      for (int k = 0; k < names.size(); k++) {
        if (!cells.get(k).hasNext()) {
          throw new IllegalArgumentException(
              name
                  + ": column "
                  + names.get(k)
                  + " is shorter than others; columns of one length are needed");
        }
        gathering.value(k, cells.get(k).next());
      }
    }
    return gathering.table();
  }

  private static Iterator<?> cells(String name, String column, Object values) {
    return switch (values) {
      case double[] numbers -> Arrays.stream(numbers).iterator();
      case int[] numbers -> Arrays.stream(numbers).iterator();
      case float[] numbers -> {
        List<Float> list = new ArrayList<>();
        for (float number : numbers) {
          list.add(number);
        }
        yield list.iterator();
      }
      case Iterable<?> list -> list.iterator();
      default ->
          throw new IllegalArgumentException(
              name
                  + ": column "
                  + column
                  + " is a "
                  + values.getClass().getSimpleName()
                  + "; double[], float[], int[] or a list is needed");
    };
  }

  /**
   * A table of rows as they come, all of them.
   *
   * @param name of the table, for errors
   * @param columns what they are called
   * @param rows each with a value for every column: a number, a text, a boolean, or null (or an
   *     empty text) where it is missing
   * @return the table
   * @throws IllegalArgumentException if a row has more or fewer values
   */
  public static DataTable ofRows(
      String name, List<String> columns, Iterator<? extends List<?>> rows) {
    Nulls.check(name, "table: name");
    Nulls.check(columns, "table: columns");
    Nulls.check(rows, "table: rows");
    Gathering gathering = new Gathering(name);
    gathering.columns(Nulls.copy(columns, "table: columns"));
    while (rows.hasNext()) {
      List<?> row = Nulls.check(rows.next(), "table: a row");
      gathering.row(0);
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            name
                + ", row "
                + gathering.rows
                + ": "
                + row.size()
                + " values; "
                + columns.size()
                + " are needed, one a column");
      }
      for (int k = 0; k < row.size(); k++) {
        gathering.value(k, row.get(k));
      }
    }
    return gathering.table();
  }

  /** Takes cells as they come. */
  private static final class Gathering implements CellSink {

    private static final int FIRST = 64;

    private final String name;
    private final List<TableColumn.Builder> builders = new ArrayList<>();
    private List<String> names = List.of();
    private int rows;
    private int[] lines = new int[0];

    Gathering(String name) {
      this.name = name;
    }

    @Override
    public void columns(List<String> columns) {
      names = columns;
      columns.forEach(column -> builders.add(new TableColumn.Builder(column)));
    }

    @Override
    public void row(long line) {
      if (line > 0) {
        if (rows == lines.length) {
          lines = Arrays.copyOf(lines, Math.max(FIRST, rows + rows / 2));
        }
        lines[rows] = (int) Math.min(line, Integer.MAX_VALUE);
      }
      builders.forEach(column -> column.padTo(rows));
      rows++;
    }

    @Override
    public void text(int column, String text) {
      builders.get(column).text(text);
    }

    @Override
    public void number(int column, double value) {
      builders.get(column).number(value);
    }

    void value(int column, @Nullable Object value) {
      if (value instanceof Number number) {
        number(column, number.doubleValue());
      } else if (value != null && !value.toString().isBlank()) {
        text(column, value.toString().strip());
      }
    }

    DataTable table() {
      builders.forEach(column -> column.padTo(rows));
      Map<String, TableColumn> columns = new LinkedHashMap<>();
      for (int k = 0; k < names.size(); k++) {
        columns.put(names.get(k), builders.get(k).column());
      }
      if (columns.size() != names.size() || columns.isEmpty()) {
        throw new IllegalArgumentException(
            name + ": columns " + names + "; one or more of different names are needed");
      }
      return new DataTable(name, columns, rows, Arrays.copyOf(lines, lines.length > 0 ? rows : 0));
    }
  }

  /**
   * Name of the table.
   *
   * @return such as the file's path
   */
  public String name() {
    return name;
  }

  /**
   * Number of rows.
   *
   * @return 0 or more
   */
  public int rows() {
    return rows;
  }

  /**
   * What the columns are called.
   *
   * @return names, in their order
   */
  public List<String> columns() {
    return List.copyOf(columns.keySet());
  }

  /**
   * Whether there is a column of a name.
   *
   * @param column the name
   * @return true if so
   */
  public boolean has(String column) {
    return columns.containsKey(Nulls.check(column, "table: column"));
  }

  /**
   * A column.
   *
   * @param column its name
   * @return the column
   * @throws IllegalArgumentException if there is none of that name; tells those that there are
   */
  public TableColumn column(String column) {
    TableColumn found = columns.get(Nulls.check(column, "table: column"));
    if (found == null) {
      throw new IllegalArgumentException(
          name
              + ": there is no column "
              + CellText.shown(column)
              + "; there are "
              + CellText.few(columns()));
    }
    return found;
  }

  /**
   * Where a row stands, for people.
   *
   * @param row from 0
   * @return such as {@code houses.csv, line 17}
   */
  public String place(int row) {
    return lines.length == 0 ? name + ", row " + (row + 1) : name + ", line " + lines[row];
  }

  /**
   * Where a cell stands, for people.
   *
   * @param row from 0
   * @param column its column
   * @return such as {@code houses.csv, line 17, column price}
   */
  public String place(int row, String column) {
    return place(row) + ", column " + Nulls.check(column, "table: column");
  }

  @Override
  public String toString() {
    return name + ": " + rows + " rows of " + String.join(", ", columns.keySet());
  }
}
