package io.hypertape.benchmarks.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A table in Markdown whose columns are aligned, so that it reads well as plain text too. The first
 * column is text, the others are numbers and stand to the right.
 */
public final class Table {

  private final List<String> columns;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * An empty table.
   *
   * @param columns the columns' names
   */
  public Table(String... columns) {
    this.columns = List.of(columns);
  }

  /**
   * Adds a row.
   *
   * @param cells one a column; no vertical bar or control character survives in them
   */
  public void row(String... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(
          cells.length + " cells in a table of " + columns.size() + " columns");
    }
    rows.add(
        Arrays.stream(cells).map(c -> c.replaceAll("\\p{Cntrl}", " ").replace('|', '/')).toList());
  }

  /**
   * Whether there is no row.
   *
   * @return true if there is none
   */
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /**
   * The table as text.
   *
   * @return lines that end with a newline each
   */
  public String render() {
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(3, columns.get(i).length());
      for (List<String> row : rows) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    line(text, columns, widths);
    // Markdown's mark for a column that stands to the right is a colon at the end of its rule.
    line(
        text,
        IntStream.range(0, widths.length)
            .mapToObj(i -> i == 0 ? "-".repeat(widths[0]) : "-".repeat(widths[i] - 1) + ":")
            .toList(),
        widths);
    rows.forEach(row -> line(text, row, widths));
    return text.toString();
  }

  private static void line(StringBuilder text, List<String> cells, int[] widths) {
    for (int i = 0; i < widths.length; i++) {
      String space = " ".repeat(widths[i] - cells.get(i).length());
      text.append("| ");
      text.append(i == 0 ? cells.get(i) + space : space + cells.get(i)).append(' ');
    }
    text.append("|\n");
  }
}
