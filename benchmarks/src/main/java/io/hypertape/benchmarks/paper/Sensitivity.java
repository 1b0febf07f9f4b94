package io.hypertape.benchmarks.paper;

import io.hypertape.benchmarks.parts.Csv;
import io.hypertape.benchmarks.parts.Experiment;
import io.hypertape.benchmarks.parts.ExperimentFiles;
import io.hypertape.benchmarks.parts.Outcome;
import io.hypertape.benchmarks.parts.Part;
import io.hypertape.benchmarks.parts.Results;
import io.hypertape.benchmarks.parts.Spread;
import io.hypertape.benchmarks.report.Table;
import io.hypertape.optim.Optimizer;
import io.hypertape.optim.Tower;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;

/**
 * The paper's figures of sensitivity: how a model does against the step size that its training
 * starts from, for towers of height 0 (an optimizer with fixed hyperparameters) to 3.
 */
final class Sensitivity implements Experiment {

  static final int HEIGHTS = 4;

  /**
   * What is examined.
   *
   * @param training what is trained, and how long
   * @param first makes the first level from its step size
   * @param uppers where the levels above start
   * @param stepSizes where the first level starts
   * @param readings what the paper's figure shows, as far as it can be read
   */
  record Subject(
      TrainingRun training,
      DoubleFunction<Optimizer> first,
      Uppers uppers,
      List<Double> stepSizes,
      List<Reading> readings) {}

  /**
   * A place in the paper's figure.
   *
   * @param stepSize its abscissa
   * @param values for heights from 0 on
   */
  record Reading(double stepSize, List<Double> values) {}

  /**
   * What came of the runs with one height from one step size.
   *
   * @param spread of the figure that they are judged by
   * @param diverged how many did
   */
  record Cell(Spread spread, int diverged) {
    @Override
    public String toString() {
      return spread + (diverged > 0 ? " (diverged)" : "");
    }
  }

  private final Subject subject;
  private final TrainingRun training;
  private final int seeds;

  Sensitivity(Subject subject, int seeds) {
    this.subject = subject;
    this.training = subject.training();
    this.seeds = seeds;
  }

  @Override
  public String name() {
    return "sensitivity-" + training.model();
  }

  private Tower tower(int height, double stepSize) {
    return subject.uppers().tower(subject.first().apply(stepSize), stepSize, height);
  }

  private List<TrainingPart> parts(int height, double stepSize) {
    return IntStream.rangeClosed(1, seeds)
        .mapToObj(seed -> training.part(tower(height, stepSize), seed))
        .toList();
  }

  @Override
  public List<Part> parts(Results results) {
    List<Part> parts = new ArrayList<>();
    for (double stepSize : subject.stepSizes()) {
      for (int height = 0; height < HEIGHTS; height++) {
        parts.addAll(parts(height, stepSize));
      }
    }
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
            new SensitivityFigure(subject, (height, stepSize) -> cell(results, height, stepSize))
                ::write);
  }

  private Cell cell(Results results, int height, double stepSize) {
    List<Outcome> outcomes =
        parts(height, stepSize).stream().map(part -> results.of(part).orElseThrow()).toList();
    return new Cell(
        Spread.of(outcomes.stream().map(o -> o.figure(training.measure().name())).toList()),
        (int) outcomes.stream().filter(o -> !o.note().isEmpty()).count());
  }

  private Csv csv(Results results) {
    Csv csv =
        new Csv(
            "height",
            "step_size",
            "tower",
            training.length().unit(),
            "seed",
            training.measure().name(),
            "note");
    for (int height = 0; height < HEIGHTS; height++) {
      for (double stepSize : subject.stepSizes()) {
        for (TrainingPart part : parts(height, stepSize)) {
          Outcome outcome = results.of(part).orElseThrow();
          csv.row(
              height,
              stepSize,
              part.tower(),
              training.length().count(),
              part.seed(),
              outcome.figure(training.measure().name()),
              outcome.note());
        }
      }
    }
    return csv;
  }

  private Table table(Results results) {
    boolean papers = !subject.readings().isEmpty();
    List<String> columns = new ArrayList<>(List.of("initial step size"));
    for (int height = 0; height < HEIGHTS; height++) {
      columns.add("height " + height);
      if (papers) {
        columns.add("the paper's");
      }
    }
    Table table = new Table(columns.toArray(String[]::new));
    for (double stepSize : subject.stepSizes()) {
      List<String> cells = new ArrayList<>(List.of(String.format(Locale.ROOT, "%.0e", stepSize)));
      for (int height = 0; height < HEIGHTS; height++) {
        cells.add(cell(results, height, stepSize).toString());
        if (papers) {
          cells.add(paper(stepSize, height));
        }
      }
      table.row(cells.toArray(String[]::new));
    }
    return table;
  }

  private String notes(Results results) {
    int diverged = 0;
    double most = 0;
    for (double stepSize : subject.stepSizes()) {
      for (int height = 0; height < HEIGHTS; height++) {
        Cell cell = cell(results, height, stepSize);
        diverged += cell.diverged();
        most = Math.max(most, cell.spread().mean());
      }
    }
    double edge = SensitivityFigure.high(training.measure());
    return "- "
        + training.measure().text()
        + " after "
        + training.length()
        + ", "
        + (seeds == 1 ? "seed 1" : "mean ± standard deviation over " + seeds + " seeds")
        + (subject.readings().isEmpty() ? "" : "; the paper's as read from its figure")
        + ".\n"
        + (training.remark().isEmpty() ? "" : "- " + training.remark() + "\n")
        + "- "
        + subject.uppers().description()
        + "\n"
        + (subject.readings().isEmpty()
            ? "- Neither the values of the paper's figure nor the length of its runs could be had, so"
                + " that none stands beside ours.\n"
            : "")
        + "- "
        + diverged
        + (diverged == 1 ? " run diverged and counts" : " runs diverged; they count")
        + " as guessing, "
        + String.format(Locale.ROOT, "%.0f", training.measure().guessing())
        + ".\n"
        + (most > edge
            ? String.format(
                Locale.ROOT, "- The figure has values above %.0f at its upper edge.\n", edge)
            : "");
  }

  private String paper(double stepSize, int height) {
    return subject.readings().stream()
        .filter(reading -> reading.stepSize() == stepSize)
        .map(reading -> number(reading.values().get(height)))
        .findFirst()
        .orElse("");
  }

  /** As precise as it was read: 88, 13.5. */
  private static String number(double value) {
    return String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%.1f", value);
  }
}
