package io.hypertape.benchmarks.paper;

import io.hypertape.benchmarks.paper.Sensitivity.Cell;
import io.hypertape.benchmarks.paper.Sensitivity.Subject;
import io.hypertape.plots.Figure;
import io.hypertape.plots.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A line for each height over the step sizes, both axes logarithmic, with crosses for what
 * diverged.
 *
 * @param subject what was examined
 * @param results what came of a height from a step size
 */
record SensitivityFigure(Subject subject, Cells results) {

  /** What came of the runs. */
  @FunctionalInterface
  interface Cells {
    Cell of(int height, double stepSize);
  }

  /** In the palette of figures. */
  private static final int SKY = 5;

  private static final int BLACK = 6;

  void write(Path file) throws IOException {
    double[] sizes = subject.stepSizes().stream().mapToDouble(s -> s).toArray();
    double low = low();
    double high = high(subject.training().measure());
    Figure figure =
        new Figure(
                subject.training().title(),
                "initial step size",
                subject.training().measure().text())
            .scales(Figure.Scale.LOGARITHMIC, Figure.Scale.LOGARITHMIC)
            .rangeY(low, high);
    List<Double> divergedAt = new ArrayList<>();
    List<Double> diverged = new ArrayList<>();
    for (int height = 0; height < Sensitivity.HEIGHTS; height++) {
      double[] means = new double[sizes.length];
      double[] deviations = new double[sizes.length];
      for (int i = 0; i < sizes.length; i++) {
        Cell cell = results.of(height, sizes[i]);
        means[i] = Math.clamp(cell.spread().mean(), low, high);
        // An error bar that reached 0 would have no place on a logarithmic axis.
        deviations[i] = Math.min(cell.spread().deviation(), 0.99 * means[i]);
        if (cell.diverged() > 0) {
          divergedAt.add(sizes[i]);
          diverged.add(means[i]);
        }
      }
      String name = height == 0 ? "fixed" : "tower of height " + height;
      // Towers that end alike lie on top of each other: the last lets the one below it be seen.
      Figure.Look look = height == Sensitivity.HEIGHTS - 1 ? Figure.Look.DASHED : Figure.Look.LINE;
      figure.add(new Series(name, sizes, means), deviations, look, height);
    }
    // Black, as most crosses lie on our markers.
    boolean papers = !subject.readings().isEmpty();
    points(figure, "diverged", divergedAt, diverged, papers ? SKY : BLACK);
    points(
        figure,
        "the paper's, as read",
        subject.readings().stream()
            .flatMap(r -> r.values().stream().map(v -> r.stepSize()))
            .toList(),
        subject.readings().stream().flatMap(r -> r.values().stream()).toList(),
        BLACK);
    Figure.write(file, List.of(figure));
  }

  /** The decade above guessing: what is worse is drawn there. */
  static double high(RunMeasure measure) {
    return Math.pow(10, Math.ceil(Math.log10(measure.guessing())));
  }

  /** The decade below all that is drawn; an error of 0 is drawn as 0.1. */
  private double low() {
    double least = high(subject.training().measure());
    for (double stepSize : subject.stepSizes()) {
      for (int height = 0; height < Sensitivity.HEIGHTS; height++) {
        least = Math.min(least, results.of(height, stepSize).spread().mean());
      }
    }
    for (Sensitivity.Reading reading : subject.readings()) {
      least = reading.values().stream().reduce(least, Math::min);
    }
    // Not quite the decade of a value that lies on it: a figure has some height.
    return Math.pow(10, Math.ceil(Math.log10(Math.max(least, 0.11))) - 1);
  }

  private static void points(
      Figure figure, String name, List<Double> x, List<Double> y, int color) {
    figure.add(
        new Series(
            name,
            x.stream().mapToDouble(v -> v).toArray(),
            y.stream().mapToDouble(v -> v).toArray()),
        new double[0],
        Figure.Look.POINTS,
        color);
  }
}
