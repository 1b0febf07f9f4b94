package io.hypertape.benchmarks.paper;

import io.hypertape.benchmarks.parts.Csv;
import io.hypertape.benchmarks.parts.ExperimentFiles;
import io.hypertape.benchmarks.parts.Outcome;
import io.hypertape.benchmarks.parts.Part;
import io.hypertape.benchmarks.parts.Results;
import io.hypertape.benchmarks.parts.Spread;
import io.hypertape.benchmarks.report.Table;
import io.hypertape.plots.DotPlot;
import io.hypertape.plots.DotPlot.Dot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a finished table 1 is written as, the paper's figures beside ours. */
final class Table1Report {

  private static final String AXIS = "test error (%), mean and standard deviation";
  private static final List<String> SIDES = List.of("Hypertape", "the paper");

  private final Table1 table;
  private final Results results;

  Table1Report(Table1 table, Results results) {
    this.table = table;
    this.results = results;
  }

  String write(Path folder, String head) throws IOException {
    return new ExperimentFiles(folder, "table1")
        .write(csv(), "Table 1", head, markdown(), picture -> DotPlot.write(picture, plots()));
  }

  private Outcome outcome(Part part) {
    return results.of(part).orElseThrow();
  }

  private Spread errors(List<TrainingPart> parts) {
    return Spread.of(parts.stream().map(p -> outcome(p).figure(table.measure().name())).toList());
  }

  private Csv csv() {
    Csv csv =
        new Csv(
            "row",
            "kind",
            "tower",
            "epochs",
            "seed",
            table.measure().name(),
            "test_loss",
            "train_loss",
            "hyperparameters",
            "note");
    for (Table1Row row : Table1Row.ALL) {
      table.parts(row).forEach(part -> csv(csv, row, "run", part));
      table.afresh(row, results).forEach(part -> csv(csv, row, "learned values afresh", part));
      table.papersValues(row).forEach(part -> csv(csv, row, "the paper's values afresh", part));
    }
    return csv;
  }

  private void csv(Csv csv, Table1Row row, String kind, TrainingPart part) {
    Outcome outcome = outcome(part);
    csv.row(
        row.tower(),
        kind,
        part.tower(),
        part.training().length().count(),
        part.seed(),
        outcome.figure(table.measure().name()),
        outcome.figure("test_loss"),
        outcome.figure("train_loss"),
        outcome.figures().entrySet().stream()
            .filter(figure -> figure.getKey().startsWith("L"))
            .map(figure -> figure.getKey() + "=" + figure.getValue())
            .collect(Collectors.joining(" ")),
        outcome.note());
  }

  private String markdown() {
    Table text =
        new Table(
            "optimizer",
            "epochs",
            "error, %",
            "the paper's",
            "learned values",
            "the paper's",
            "ours afresh, %",
            "the paper's afresh, %",
            "in the paper");
    int apart = 0;
    for (Table1Row row : Table1Row.ALL) {
      Spread ours = errors(table.parts(row));
      Spread afresh = errors(table.afresh(row, results));
      Optional<Learned> learned = table.learned(row, results);
      Spread papers = errors(table.papersValues(row));
      apart += (isApart(ours, row.error()) ? 1 : 0) + (isApart(papers, row.afresh()) ? 1 : 0);
      text.row(
          row.tower().toString(),
          Integer.toString(table.epochs(row)),
          ours + mark(ours, row.error()),
          row.error().toString(),
          learned.map(Learned::text).orElse(""),
          row.learned(),
          row.learns() ? afresh.toString() : "",
          row.learns() ? papers + mark(papers, row.afresh()) : "",
          row.learns() ? row.afresh().toString() : "");
    }
    return text.render() + "\n" + notes(apart);
  }

  private String notes(int apart) {
    List<String> notes = new ArrayList<>();
    notes.add(
        table.subject()
            + ", batch 256; mean ± standard deviation over the seeds, learned values as means. Afresh:"
            + " the learned values as fixed ones, ours and the paper's.");
    if (table.length() == Table1.Length.WHOLE) {
      notes.add("\\* beyond both error bars: " + apart + " of the figures.");
    } else {
      notes.add(
          "A quick run, a tenth of the paper's epochs: it shows the order of the optimizers, and"
              + " its figures cannot be compared with the paper's.");
    }
    for (Table1Row row : Table1Row.ALL) {
      List<TrainingPart> all = new ArrayList<>(table.parts(row));
      all.addAll(table.afresh(row, results));
      all.addAll(table.papersValues(row));
      for (TrainingPart part : all) {
        String note = outcome(part).note();
        if (!note.isEmpty()) {
          notes.add(part.label() + ": " + note + ".");
        }
      }
    }
    return notes.stream().map(note -> "- " + note + "\n").collect(Collectors.joining());
  }

  private String mark(Spread ours, Spread paper) {
    return table.length() == Table1.Length.WHOLE && isApart(ours, paper) ? " \\*" : "";
  }

  /** Whether two means lie farther apart than their deviations reach. */
  static boolean isApart(Spread a, Spread b) {
    return Math.abs(a.mean() - b.mean()) > a.deviation() + b.deviation();
  }

  private List<DotPlot> plots() {
    Map<Integer, DotPlot> byEpochs = new LinkedHashMap<>();
    for (Table1Row row : Table1Row.ALL) {
      int epochs = table.epochs(row);
      DotPlot plot =
          byEpochs.computeIfAbsent(
              epochs,
              n ->
                  new DotPlot(
                      table.training(row).title(),
                      AXIS,
                      table.length() == Table1.Length.WHOLE
                          ? SIDES
                          : List.of("Hypertape, quick", "the paper, " + row.epochs() + " epochs")));
      plot.row(row.tower().toString(), dots(errors(table.parts(row)), row.error()));
      if (row.learns()) {
        // Our learned values afresh have nothing of the paper's beside them: they are in the table.
        plot.row(
            "→ the paper's " + row.learned(), dots(errors(table.papersValues(row)), row.afresh()));
      }
    }
    return List.copyOf(byEpochs.values());
  }

  private static List<Dot> dots(Spread ours, Spread paper) {
    return List.of(
        new Dot(ours.mean(), ours.deviation()), new Dot(paper.mean(), paper.deviation()));
  }
}
