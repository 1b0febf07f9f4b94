package io.hypertape.benchmarks.paper;

import io.hypertape.benchmarks.parts.Csv;
import io.hypertape.benchmarks.parts.Experiment;
import io.hypertape.benchmarks.parts.ExperimentFiles;
import io.hypertape.benchmarks.parts.Outcome;
import io.hypertape.benchmarks.parts.Part;
import io.hypertape.benchmarks.parts.Results;
import io.hypertape.benchmarks.parts.Spread;
import io.hypertape.benchmarks.report.Table;
import io.hypertape.optim.Hyperparameter;
import io.hypertape.optim.Optimizer;
import io.hypertape.optim.Tower;
import io.hypertape.plots.DotPlot;
import io.hypertape.plots.DotPlot.Dot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How a model does with several optimizers, such as a fixed and a hyperoptimized one, that start
 * from the same values.
 */
final class Comparison implements Experiment {

  /**
   * What is compared.
   *
   * @param training what is trained, and how long
   * @param axes the hyperparameters that starts differ in, such as {@code α}
   * @param sides the optimizers' names
   * @param starts where they start
   * @param remarks what is to be said below the table
   */
  record Subject(
      TrainingRun training,
      List<String> axes,
      List<String> sides,
      List<Start> starts,
      List<String> remarks) {}

  /**
   * A place to start from.
   *
   * @param values one for each axis, as text
   * @param entries one for each side
   */
  record Start(List<String> values, List<Entry> entries) {}

  /**
   * What one side does from there.
   *
   * @param tower the optimizers
   * @param paper the paper's figure; its mean is NaN if there is none
   */
  record Entry(Tower tower, Spread paper) {}

  /** For where the paper has no number. */
  static final Spread NONE = new Spread(Double.NaN, 0, 0);

  private final Subject subject;
  private final TrainingRun training;
  private final int seeds;

  Comparison(Subject subject, int seeds) {
    this.subject = subject;
    this.training = subject.training();
    this.seeds = seeds;
  }

  @Override
  public String name() {
    return training.name();
  }

  private List<TrainingPart> parts(Entry entry) {
    return IntStream.rangeClosed(1, seeds)
        .mapToObj(seed -> training.part(entry.tower(), seed))
        .toList();
  }

  @Override
  public List<Part> parts(Results results) {
    List<Part> parts = new ArrayList<>();
    subject.starts().forEach(s -> s.entries().forEach(entry -> parts.addAll(parts(entry))));
    return parts;
  }

  @Override
  public long laterSteps(Results results) {
    return 0;
  }

  @Override
  public double stepSeconds() {
    return training.stepSeconds();
  }

  @Override
  public String write(Results results, Path folder, String head) throws IOException {
    return new ExperimentFiles(folder, name())
        .write(
            csv(results),
            training.title(),
            head,
            table(results).render() + "\n" + notes(results),
            picture -> DotPlot.write(picture, List.of(plot(results))));
  }

  private static Outcome outcome(Results results, Part part) {
    return results.of(part).orElseThrow();
  }

  private Spread spread(Results results, Entry entry) {
    return Spread.of(
        parts(entry).stream()
            .map(p -> outcome(results, p).figure(training.measure().name()))
            .toList());
  }

  private long diverged(Results results, Entry entry) {
    return parts(entry).stream().filter(p -> !outcome(results, p).note().isEmpty()).count();
  }

  private boolean hasPapers(int side) {
    return subject.starts().stream()
        .anyMatch(start -> !Double.isNaN(start.entries().get(side).paper().mean()));
  }

  private boolean learns(int side) {
    return subject.starts().stream().anyMatch(s -> s.entries().get(side).tower().height() > 1);
  }

  private Csv csv(Results results) {
    List<String> columns = new ArrayList<>(subject.axes());
    columns.addAll(
        List.of(
            "kind",
            "tower",
            training.length().unit(),
            "seed",
            training.measure().name(),
            "test_loss",
            "train_loss",
            "hyperparameters",
            "note"));
    Csv csv = new Csv(columns.toArray(String[]::new));
    for (Start start : subject.starts()) {
      for (int side = 0; side < subject.sides().size(); side++) {
        for (TrainingPart part : parts(start.entries().get(side))) {
          List<Object> cells = new ArrayList<>(start.values());
          cells.add(subject.sides().get(side));
          cells.addAll(List.of(part.tower(), training.length().count(), part.seed()));
          cells.addAll(figures(outcome(results, part)));
          csv.row(cells.toArray());
        }
      }
    }
    return csv;
  }

  private List<Object> figures(Outcome outcome) {
    return List.of(
        outcome.figure(training.measure().name()),
        outcome.figure("test_loss"),
        outcome.figure("train_loss"),
        outcome.figures().entrySet().stream()
            .filter(figure -> figure.getKey().startsWith("L"))
            .map(figure -> figure.getKey() + "=" + figure.getValue())
            .collect(Collectors.joining(" ")),
        outcome.note());
  }

  private Table table(Results results) {
    List<String> columns =
        new ArrayList<>(subject.axes().stream().map(axis -> "initial " + axis).toList());
    for (int side = 0; side < subject.sides().size(); side++) {
      columns.add(subject.sides().get(side));
      if (hasPapers(side)) {
        columns.add("the paper's");
      }
      if (learns(side)) {
        columns.add("learned values");
      }
    }
    Table table = new Table(columns.toArray(String[]::new));
    for (Start start : subject.starts()) {
      List<String> cells = new ArrayList<>(start.values());
      for (int side = 0; side < subject.sides().size(); side++) {
        Entry entry = start.entries().get(side);
        cells.add(spread(results, entry) + (diverged(results, entry) > 0 ? " (diverged)" : ""));
        if (hasPapers(side)) {
          cells.add(entry.paper().toString());
        }
        if (learns(side)) {
          cells.add(learned(results, entry));
        }
      }
      table.row(cells.toArray(String[]::new));
    }
    return table;
  }

  /** Where the first level's values ended that did not stay: means over the seeds. */
  private String learned(Results results, Entry entry) {
    Optimizer first = entry.tower().levels().getFirst().optimizer();
    List<String> shown = new ArrayList<>();
    for (Hyperparameter hyper : first.hyperparameters()) {
      String label = "L1." + first.name() + "." + hyper.name();
      double value =
          parts(entry).stream()
              .mapToDouble(part -> outcome(results, part).figure(label))
              .filter(Double::isFinite)
              .average()
              .orElse(Double.NaN);
      if (Double.isFinite(value) && Math.abs(value - hyper.initial()) > 1e-6 * hyper.initial()) {
        shown.add(hyper.name() + " " + String.format(Locale.ROOT, "%.4g", value));
      }
    }
    return String.join(", ", shown);
  }

  private String notes(Results results) {
    List<String> notes = new ArrayList<>();
    notes.add(
        training.title()
            + ": "
            + training.measure().text()
            + ", "
            + (seeds == 1 ? "seed 1" : "mean ± standard deviation over " + seeds + " seeds")
            + ".");
    notes.add(training.remark());
    notes.addAll(subject.remarks());
    for (int side = 0; side < subject.sides().size(); side++) {
      notes.add(
          subject.sides().get(side)
              + ": "
              + subject.starts().getFirst().entries().get(side).tower()
              + " in the first row.");
    }
    long diverged =
        subject.starts().stream()
            .flatMap(start -> start.entries().stream())
            .mapToLong(entry -> diverged(results, entry))
            .sum();
    notes.add(
        diverged
            + (diverged == 1 ? " run" : " runs")
            + " diverged and count as guessing, "
            + String.format(Locale.ROOT, "%.0f", training.measure().guessing())
            + ".");
    return notes.stream().map(note -> "- " + note + "\n").collect(Collectors.joining());
  }

  private DotPlot plot(Results results) {
    String axis = training.measure().text() + (seeds > 1 ? ", mean and standard deviation" : "");
    boolean papers = IntStream.range(0, subject.sides().size()).anyMatch(this::hasPapers);
    // Beside the paper's figures each side has a row of its own: more dots would be too many.
    DotPlot plot =
        new DotPlot(
            training.title(), axis, papers ? List.of("Hypertape", "the paper") : subject.sides());
    for (Start start : subject.starts()) {
      List<Dot> ours = start.entries().stream().map(e -> dot(spread(results, e))).toList();
      if (!papers) {
        plot.row(place(start), ours);
        continue;
      }
      for (int side = 0; side < ours.size(); side++) {
        plot.row(
            place(start) + ", " + subject.sides().get(side),
            List.of(ours.get(side), dot(start.entries().get(side).paper())));
      }
    }
    return plot;
  }

  private String place(Start start) {
    return IntStream.range(0, subject.axes().size())
        .mapToObj(i -> subject.axes().get(i) + " = " + start.values().get(i))
        .collect(Collectors.joining(", "));
  }

  private static Dot dot(Spread spread) {
    return new Dot(spread.mean(), spread.deviation());
  }
}
