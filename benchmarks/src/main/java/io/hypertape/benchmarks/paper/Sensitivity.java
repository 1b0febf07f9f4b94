package io.hypertape.benchmarks.paper;

import io.hypertape.benchmarks.report.Table;
import io.hypertape.io.AtomicFile;
import io.hypertape.optim.Optimizer;
import io.hypertape.run.Figure;
import io.hypertape.run.Series;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * The paper's figure of sensitivity: how a model does against the step size that its training
 * starts from, for towers of height 0 (an optimizer with fixed hyperparameters) to 3.
 */
final class Sensitivity implements Experiment {

  static final int HEIGHTS = 4;

  /** In the palette of figures. */
  private static final int BLACK = 6;

  /**
   * What is examined.
   *
   * @param task what is trained
   * @param first makes the first level from its step size
   * @param uppers where the levels above start
   * @param epochs how long
   * @param stepSizes where the first level starts
   * @param readings what the paper's figure shows, as far as it can be read
   */
  record Subject(
      Task task,
      DoubleFunction<Optimizer> first,
      Uppers uppers,
      int epochs,
      List<Double> stepSizes,
      List<Reading> readings) {}

  /**
   * A place in the paper's figure.
   *
   * @param stepSize its abscissa
   * @param values for heights from 0 on
   */
  record Reading(double stepSize, List<Double> values) {}

  private final Subject subject;
  private final int seeds;

  Sensitivity(Subject subject, int seeds) {
    this.subject = subject;
    this.seeds = seeds;
  }

  @Override
  public String name() {
    return "sensitivity-" + subject.task().name();
  }

  private List<Part> parts(int height, double stepSize) {
    List<Part> parts = new ArrayList<>();
    for (int seed = 1; seed <= seeds; seed++) {
      parts.add(
          new TrainingPart(
              subject.task(),
              subject.uppers().tower(subject.first().apply(stepSize), stepSize, height),
              subject.epochs(),
              seed));
    }
    return parts;
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
  public String write(Results results, Path folder, String head) throws IOException {
    csv(results).write(folder.resolve(name() + ".csv"));
    String text = markdown(results);
    byte[] bytes = ("# " + title() + "\n\n" + head + text).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(folder.resolve(name() + ".md"), out -> out.write(bytes));
    Figure.write(folder.resolve(name() + ".png"), List.of(figure(results)));
    return text;
  }

  private String title() {
    return String.format(
        Locale.ROOT,
        "%s, %d %s",
        subject.task().title(),
        subject.epochs(),
        subject.epochs() == 1 ? "epoch" : "epochs");
  }

  private Spread spread(Results results, int height, double stepSize) {
    return Spread.of(
        parts(height, stepSize).stream()
            .map(part -> results.of(part).orElseThrow().figure(subject.task().measure()))
            .toList());
  }

  private Csv csv(Results results) {
    Csv csv =
        new Csv("height", "step_size", "tower", "epochs", "seed", subject.task().measure(), "note");
    for (int height = 0; height < HEIGHTS; height++) {
      for (double stepSize : subject.stepSizes()) {
        for (Part part : parts(height, stepSize)) {
          TrainingPart run = (TrainingPart) part;
          Outcome outcome = results.of(part).orElseThrow();
          csv.row(
              height,
              stepSize,
              run.tower(),
              run.epochs(),
              run.seed(),
              outcome.figure(subject.task().measure()),
              outcome.note());
        }
      }
    }
    return csv;
  }

  private String markdown(Results results) {
    Table table =
        new Table(
            "initial step size",
            "height 0",
            "the paper's",
            "height 1",
            "the paper's",
            "height 2",
            "the paper's",
            "height 3",
            "the paper's");
    int diverged = 0;
    for (double stepSize : subject.stepSizes()) {
      List<String> cells = new ArrayList<>(List.of(String.format(Locale.ROOT, "%.0e", stepSize)));
      for (int height = 0; height < HEIGHTS; height++) {
        long ended =
            parts(height, stepSize).stream()
                .filter(part -> !results.of(part).orElseThrow().note().isEmpty())
                .count();
        diverged += (int) ended;
        cells.add(spread(results, height, stepSize) + (ended > 0 ? " (diverged)" : ""));
        cells.add(paper(stepSize, height));
      }
      table.row(cells.toArray(String[]::new));
    }
    return table.render()
        + "\n- "
        + subject.task().measureText()
        + " after "
        + subject.epochs()
        + (subject.epochs() == 1 ? " epoch, " : " epochs, ")
        + (seeds == 1 ? "seed 1" : "mean ± standard deviation over " + seeds + " seeds")
        + "; the paper's as read from its figure.\n- "
        + diverged
        + " runs diverged; they count as guessing, "
        + String.format(Locale.ROOT, "%.0f", subject.task().guessing())
        + ".\n";
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

  private Figure figure(Results results) {
    double[] sizes = subject.stepSizes().stream().mapToDouble(s -> s).toArray();
    Figure figure =
        new Figure(title(), "initial step size", subject.task().measureText())
            .scales(Figure.Scale.LOGARITHMIC, Figure.Scale.LOGARITHMIC)
            .rangeY(1, 100);
    for (int height = 0; height < HEIGHTS; height++) {
      double[] means = new double[sizes.length];
      double[] deviations = new double[sizes.length];
      for (int i = 0; i < sizes.length; i++) {
        Spread spread = spread(results, height, sizes[i]);
        means[i] = spread.mean();
        deviations[i] = spread.deviation();
      }
      String name = height == 0 ? "fixed" : "tower of height " + height;
      figure.add(new Series(name, sizes, means), deviations, Figure.Look.LINE, height);
    }
    // Black, as most of them lie on our markers.
    double[] read =
        subject.readings().stream()
            .flatMap(r -> r.values().stream().map(value -> r.stepSize()))
            .mapToDouble(x -> x)
            .toArray();
    double[] values =
        subject.readings().stream().flatMap(r -> r.values().stream()).mapToDouble(y -> y).toArray();
    figure.add(
        new Series("the paper's, as read", read, values), new double[0], Figure.Look.POINTS, BLACK);
    return figure;
  }
}
