package io.hypertape.spark;

import io.hypertape.run.folder.MetricsCsv;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A table of a run's numbers, which a state keeps as text.
 *
 * @param columns their names; none before the first row
 * @param rows a number a column
 */
record RunTable(ArrayList<String> columns, ArrayList<double[]> rows) implements Serializable {

  RunTable() {
    this(new ArrayList<>(), new ArrayList<>());
  }

  static RunTable parse(String text) {
    RunTable table = new RunTable();
    List<String> lines = text.lines().toList();
    // A table before its first row is an empty line, which has no column's name.
    if (!lines.isEmpty() && !lines.getFirst().isEmpty()) {
      table.columns.addAll(List.of(lines.getFirst().split(",")));
      for (String line : lines.subList(1, lines.size())) {
        table.rows.add(Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray());
      }
    }
    return table;
  }

  String text() {
    String numbers =
        rows.stream()
            .map(row -> Arrays.stream(row).mapToObj(Double::toString))
            .map(row -> row.collect(Collectors.joining(",")))
            .collect(Collectors.joining("\n"));
    return String.join(",", columns) + "\n" + numbers;
  }

  /** Writes it as a local run does. */
  void write(Path file) throws IOException {
    try (MetricsCsv csv = new MetricsCsv(file, columns)) {
      for (double[] row : rows) {
        csv.row(row);
      }
    }
  }
}
