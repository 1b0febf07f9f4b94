package io.hypertape.data.table;

import io.hypertape.data.Standardization;
import io.hypertape.data.Targets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What is to be foretold of a table's rows.
 *
 * @param columns where it stands
 * @param missing what becomes of rows where it is missing
 * @param targets classes by name, labels or standardized numbers
 */
record TableTargets(List<String> columns, Missing missing, Targets targets) {

  /** Finds classes and standardizations in the rows to learn from. */
  static TableTargets fit(Schema schema, DataTable table, int... rows) {
    List<String> columns = schema.columns(Schema.Role.TARGET);
    Missing missing =
        schema.fields().stream()
            .filter(f -> f.role() == Schema.Role.TARGET)
            .findFirst()
            .orElseThrow()
            .missing();
    Targets targets =
        switch (schema.task().orElseThrow()) {
          case CLASSES -> new Targets.Classes(classes(table, columns.getFirst(), rows));
          case LABELS -> new Targets.Labels(columns);
          case NUMBERS -> {
            double[][] values = new double[columns.size()][rows.length];
            for (int k = 0; k < values.length; k++) {
              TableColumn column = table.column(columns.get(k));
              for (int i = 0; i < rows.length; i++) {
                values[k][i] = CellReader.number(table, column, rows[i]);
              }
            }
            yield new Targets.Numbers(columns, Standardization.of(values));
          }
        };
    return new TableTargets(columns, missing, targets);
  }

  /** Numbers in their order, else by the alphabet: whatever the rows' order. */
  private static List<String> classes(DataTable table, String name, int... rows) {
    TableColumn column = table.column(name);
    TreeSet<String> words = new TreeSet<>(TableEncoder.ORDER);
    for (int row : rows) {
      words.add(column.text(row));
    }
    if (words.size() > TableFeature.OfCategory.MOST) {
      throw new IllegalArgumentException(
          table.name()
              + ": column "
              + name
              + " has "
              + words.size()
              + " different values to be told apart; at most "
              + TableFeature.OfCategory.MOST
              + " classes fit, or they are numbers (numbers, --task numbers)");
    }
    return new ArrayList<>(words);
  }

  /** The class of every row. */
  int[] labels(DataTable table, int... rows) {
    TableColumn column = table.column(columns.getFirst());
    Map<String, Integer> known = new HashMap<>();
    targets.names().forEach(name -> known.put(name, known.size()));
    int[] labels = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      Integer label = known.get(column.text(rows[i]));
      if (label == null) {
        throw CellReader.wrong(
            table, column, rows[i], "is none of the classes " + CellText.few(targets.names()));
      }
      labels[i] = label;
    }
    return labels;
  }

  /** Numbers or labels of every row, [rows, outputs]. */
  float[] values(DataTable table, int... rows) {
    int outputs = columns.size();
    float[] values = new float[rows.length * outputs];
    for (int k = 0; k < outputs; k++) {
      TableColumn column = table.column(columns.get(k));
      for (int i = 0; i < rows.length; i++) {
        values[i * outputs + k] =
            (float)
                (targets instanceof Targets.Numbers numbers
                    ? numbers.standardization().apply(k, CellReader.number(table, column, rows[i]))
                    : CellReader.truth(table, column, rows[i]));
      }
    }
    return values;
  }
}
