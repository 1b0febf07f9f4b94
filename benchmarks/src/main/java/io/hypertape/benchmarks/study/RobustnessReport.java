package io.hypertape.benchmarks.study;

import io.hypertape.benchmarks.parts.Csv;
import io.hypertape.benchmarks.parts.ExperimentFiles;
import io.hypertape.benchmarks.parts.Outcome;
import io.hypertape.benchmarks.report.Table;
import io.hypertape.io.guard.CheckedJson;
import io.hypertape.plots.Pictures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a task's runs are written as: a page, tables for programs, pictures. */
final class RobustnessReport {

  private final Robustness robustness;
  private final Task task;
  private final Field field;

  RobustnessReport(Robustness robustness, List<Line> lines) {
    this.robustness = robustness;
    this.task = robustness.task();
    this.field = new Field(task, lines);
  }

  String write(Path folder, String head) throws IOException {
    String name = robustness.name();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("task", task.name());
    json.put("half", task.half().toString());
    json.put("title", task.title());
    json.put("chance", task.quality().chance());
    json.put("methods", field.lines().stream().map(field::figures).toList());
    CheckedJson.write(folder.resolve(name + ".json"), json);
    RobustnessFigures figures = new RobustnessFigures(field, robustness.design());
    Path steps = folder.resolve(name + "-steps.png");
    if (figures.hasStepSizes()) {
      Pictures.draw(steps, () -> figures.writeStepSizes(steps));
    }
    String title = "Task " + task.name() + ", " + task.half() + " half";
    return new ExperimentFiles(folder, name)
        .write(csv(), title, head, markdown(), figures::writeErrors);
  }

  private Csv csv() {
    Csv csv =
        new Csv(
            "task",
            "half",
            "optimizer",
            "method",
            "step_size",
            "tower",
            "seed",
            "test",
            "valid",
            "test_loss",
            "valid_loss",
            "train_loss",
            "steps",
            "note");
    for (Line line : field.lines()) {
      for (Line.Cell cell : line.cells()) {
        for (int i = 0; i < cell.parts().size(); i++) {
          StudyPart part = cell.parts().get(i);
          Outcome outcome = cell.outcomes().get(i);
          csv.row(
              task.name(),
              task.half(),
              line.method().base(),
              line.method().name(),
              cell.stepSize(),
              part.tower(),
              part.seed(),
              outcome.figure(StudyPart.TEST),
              outcome.figure(StudyPart.VALID),
              outcome.figure("test_loss"),
              outcome.figure("valid_loss"),
              outcome.figure("train_loss"),
              outcome.figure("steps"),
              outcome.note());
        }
      }
    }
    return csv;
  }

  private String markdown() {
    StringBuilder text = new StringBuilder();
    text.append(task.title())
        .append("; ")
        .append(task.quality().text())
        .append(" on " + robustness.design().judge() + " data, ")
        .append(
            robustness.design().seeds() == 1 ? "seed 1" : robustness.design().seeds() + " seeds")
        .append(". Who has learned nothing has ")
        .append(number(task.quality().chance()))
        .append(".\n\n");
    for (Base base : field.bases()) {
      text.append("## ").append(base).append("\n\n");
      text.append(standings(base).render()).append('\n');
      Table starts = starts(base);
      if (!starts.isEmpty()) {
        text.append(starts.render()).append('\n');
      }
    }
    return text.append(notes()).toString();
  }

  private Table standings(Base base) {
    Table table =
        new Table(
            "method",
            "step size",
            "mean",
            "worst start",
            "at",
            "mean / better",
            "worst / better",
            "no number",
            "untrained",
            "runs");
    for (Line line : field.of(base)) {
      Standing standing = field.standing(line);
      boolean tuned = line.method().kind() == Method.Kind.TUNED;
      table.row(
          line.method().name(),
          tuned ? line.cells().getFirst().stepSize() : "",
          number(standing.mean()),
          number(standing.worst()),
          tuned ? "" : standing.worstStart(),
          ratio(standing.meanOver(field.better(base))),
          ratio(standing.worstOver(field.better(base))),
          Integer.toString(standing.lost()),
          Integer.toString(standing.untrained()),
          Integer.toString(standing.runs()));
    }
    return table;
  }

  private Table starts(Base base) {
    List<String> columns = new ArrayList<>(List.of("from"));
    robustness.design().starts().forEach(start -> columns.add(start.text()));
    Table table = new Table(columns.toArray(String[]::new));
    for (Line line : field.of(base)) {
      if (line.method().kind() == Method.Kind.STARTS) {
        List<String> cells = new ArrayList<>(List.of(line.method().name()));
        line.cells().forEach(cell -> cells.add(number(cell.mean())));
        table.row(cells.toArray(String[]::new));
      }
    }
    return table;
  }

  private String notes() {
    StringBuilder notes = new StringBuilder();
    notes.append(
        "- Better: the better of the tuned constant and the tuned cosine, whose step sizes were"
            + " chosen on validation data. A run whose loss is no number counts with what chance"
            + " gives; untrained is who ends at 90 % of that or above.\n");
    robustness
        .design()
        .skipped()
        .forEach(
            (method, why) ->
                notes
                    .append("- Skipped, as it cannot be read: `")
                    .append(method.tower())
                    .append("` (")
                    .append(why)
                    .append(")\n"));
    return notes.toString();
  }

  static String number(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }

  static String ratio(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.3f", value);
  }
}
