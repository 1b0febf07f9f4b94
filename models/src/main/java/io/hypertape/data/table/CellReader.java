package io.hypertape.data.table;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Reads cells as what a schema says they are; an error tells where one is something else. */
final class CellReader {

  private CellReader() {}

  /** A number; NaN if it is missing. */
  static double number(DataTable table, TableColumn column, int row) {
    double number = column.number(row);
    if (Double.isNaN(number) && !column.isMissing(row)) {
      throw wrong(table, column, row, "is no number; numbers such as -1.5 or 2e3 fit");
    }
    return number;
  }

  /** Whether a label holds; NaN if it is missing. */
  static double truth(DataTable table, TableColumn column, int row) {
    if (column.isMissing(row)) {
      return Double.NaN;
    }
    double truth = CellText.truth(column.text(row));
    if (Double.isNaN(truth)) {
      throw wrong(table, column, row, "tells no label; 0 and 1, or false and true, fit");
    }
    return truth;
  }

  static IllegalArgumentException wrong(DataTable table, TableColumn column, int row, String what) {
    return new IllegalArgumentException(
        table.place(row, column.name()) + ": " + CellText.shown(column.text(row)) + " " + what);
  }

  /** Refuses a missing cell. */
  static void checkThere(DataTable table, TableColumn column, int row) {
    if (column.isMissing(row)) {
      throw new IllegalArgumentException(
          table.place(row, column.name())
              + ": the cell is missing; a value is needed there, or the row left out (missing cells"
              + " are refused unless a policy is given: skip leaves rows out, fill takes the mean"
              + " of a feature)");
    }
  }

  /** Rows that no column's missing cell leaves out; a cell that may not be missing is refused. */
  static int[] kept(DataTable table, List<Schema.Field> fields) {
    List<TableColumn> skip = new ArrayList<>();
    List<TableColumn> needed = new ArrayList<>();
    for (Schema.Field field : fields) {
      TableColumn column = table.column(field.column());
      if (column.missing() > 0 && field.missing() == Missing.SKIP) {
        skip.add(column);
      } else if (column.missing() > 0
          && (field.missing() == Missing.REFUSE || field.role() != Schema.Role.FEATURE)) {
        needed.add(column);
      }
    }
    return IntStream.range(0, table.rows())
        .filter(row -> skip.stream().noneMatch(column -> column.isMissing(row)))
        .peek(row -> needed.forEach(column -> checkThere(table, column, row)))
        .toArray();
  }
}
