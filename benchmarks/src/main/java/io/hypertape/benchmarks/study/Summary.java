package io.hypertape.benchmarks.study;

import io.hypertape.benchmarks.parts.Csv;
import io.hypertape.benchmarks.parts.ExperimentFiles;
import io.hypertape.benchmarks.parts.Results;
import io.hypertape.io.guard.CheckedJson;
import io.hypertape.plots.Figure;
import io.hypertape.plots.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All tasks beside each other; has no runs of its own. */
record Summary(List<Robustness> tasks) {

  static final String NAME = "robustness";

  /** Ends of the picture's vertical axis; what lies above is drawn at its edge. */
  private static final double LOW = 0.5;

  private static final double HIGH = 2;

  /**
   * Writes a page, tables for programs and a picture.
   *
   * @param results of all tasks
   * @param folder where
   * @param head the command and the machine
   * @return the page without its head
   * @throws IOException if a file cannot be written
   */
  String write(Results results, Path folder, String head) throws IOException {
    List<Field> fields =
        tasks.stream().map(task -> new Field(task.task(), task.lines(results))).toList();
    List<Map<String, Object>> all =
        fields.stream().flatMap(f -> f.lines().stream().map(f::figures)).toList();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("methods", all);
    CheckedJson.write(folder.resolve(NAME + ".json"), json);
    return new ExperimentFiles(folder, NAME)
        .write(
            csv(all),
            "Step sizes that training starts from",
            head,
            new SummaryText(fields).render(),
            file -> draw(file, fields));
  }

  private static Csv csv(List<Map<String, Object>> all) {
    String[] columns = {
      "task",
      "half",
      "optimizer",
      "method",
      "tower",
      "chosen_step_size",
      "unit",
      "mean",
      "worst_start_mean",
      "worst_start",
      "mean_over_better",
      "worst_over_better",
      "runs",
      "no_number",
      "untrained"
    };
    Csv csv = new Csv(columns);
    for (Map<String, Object> line : all) {
      Object[] cells = new Object[columns.length];
      for (int i = 0; i < cells.length; i++) {
        cells[i] = line.getOrDefault(columns[i], "");
      }
      csv.row(cells);
    }
    return csv;
  }

  /** Ratios against the start, a picture for each kind of optimizer and a line for each task. */
  private void draw(Path file, List<Field> fields) throws IOException {
    List<Figure> rows = new ArrayList<>();
    List<Start> starts = tasks.getFirst().design().starts();
    double[] x = starts.stream().mapToDouble(Start::value).toArray();
    for (Base base : Base.values()) {
      Figure figure =
          new Figure(
                  base + ", " + shown(base),
                  "initial step size",
                  tasks.getFirst().design().judge()
                      + " figure / better of tuned constant and cosine")
              .scales(Figure.Scale.LOGARITHMIC, Figure.Scale.LINEAR)
              .rangeY(LOW, HIGH);
      int color = 0;
      for (Field field : fields) {
        for (Line line : field.line(base, shown(base)).stream().toList()) {
          double better = field.better(base);
          double[] y = new double[x.length];
          for (int i = 0; i < y.length; i++) {
            y[i] = Math.min(line.cells().get(i).mean() / better, HIGH);
          }
          figure.add(new Series(field.task().name(), x, y), new double[0], Figure.Look.LINE, color);
        }
        color++;
      }
      rows.add(figure);
    }
    Figure.write(file, rows);
  }

  /** Self-tuning towers, or if they are not tried what is tried from every start. */
  private String shown(Base base) {
    List<String> names =
        tasks.getFirst().design().methods().stream()
            .filter(m -> m.base() == base && m.kind() == Method.Kind.STARTS)
            .map(Method::name)
            .toList();
    return names.isEmpty() || names.contains(Method.AUTO) ? Method.AUTO : names.getLast();
  }
}
