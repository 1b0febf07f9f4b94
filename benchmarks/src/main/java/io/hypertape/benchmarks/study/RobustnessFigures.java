package io.hypertape.benchmarks.study;

import io.hypertape.benchmarks.parts.Outcome;
import io.hypertape.plots.Figure;
import io.hypertape.plots.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Pictures of a task: the error against the start, a line for each method, and step sizes over
 * time, a line for each start, or for each method that starts nowhere and finds one.
 *
 * @param field what came of the methods
 * @param design where they started, and by what they are judged
 */
record RobustnessFigures(Field field, Design design) {

  private static final double MARGIN = 1.1;

  /** Lines of one figure that can be told apart. */
  private static final int COLOURS = 7;

  void writeErrors(Path file) throws IOException {
    List<Figure> rows = new ArrayList<>();
    for (Base base : field.bases()) {
      rows.add(errors(base));
    }
    Figure.write(file, rows);
  }

  private Figure errors(Base base) {
    double[] x = design.starts().stream().mapToDouble(Start::value).toArray();
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    Figure figure =
        new Figure(
                field.task().title() + ", " + base,
                "initial step size",
                design.judge() + " " + field.task().quality().text())
            .scales(Figure.Scale.LOGARITHMIC, Figure.Scale.LOGARITHMIC);
    int color = 0;
    for (Line line : drawn(base)) {
      double[] y = new double[x.length];
      boolean starting = line.method().kind() == Method.Kind.STARTS;
      for (int i = 0; i < y.length; i++) {
        // One that has no start is the same from everywhere.
        y[i] = line.cells().get(starting ? i : 0).mean();
        least = Math.min(least, y[i]);
        most = Math.max(most, y[i]);
      }
      figure.add(
          new Series(line.method().name(), x, positive(y)),
          new double[0],
          starting ? Figure.Look.LINE : Figure.Look.DASHED,
          color);
      color++;
    }
    return figure.rangeY(Math.max(least, 1e-3) / MARGIN, Math.max(most, 1e-2) * MARGIN);
  }

  /**
   * The tuned ones, those that start somewhere but the factors' rule, and the best of the others: a
   * figure has seven colours.
   */
  private List<Line> drawn(Base base) {
    Optional<Line> best =
        field.of(base).stream()
            .filter(line -> line.method().kind() == Method.Kind.ALONE)
            .min(Comparator.comparingDouble(line -> field.standing(line).mean()));
    return field.of(base).stream()
        .filter(line -> !line.method().name().equals(Method.BAYDIN_FACTOR))
        .filter(line -> line.method().kind() != Method.Kind.ALONE || line == best.orElseThrow())
        .toList();
  }

  /** An error of 0 has no place on a logarithmic axis. */
  private static double[] positive(double[] values) {
    return Arrays.stream(values).map(v -> Math.max(v, 1e-3)).toArray();
  }

  boolean hasStepSizes() {
    return !tuningThemselves().isEmpty()
        || field.bases().stream().anyMatch(base -> !finding(base).isEmpty());
  }

  /** Methods that start nowhere and find a step size. */
  private List<Line> finding(Base base) {
    return field.of(base).stream()
        .filter(line -> line.method().kind() == Method.Kind.ALONE)
        .filter(line -> !noted(line.cells().getFirst(), StudyPart.FOUND).isEmpty())
        .toList();
  }

  /** Methods whose step size moves: all that start somewhere but the fixed ones. */
  private List<Line> tuningThemselves() {
    return field.lines().stream()
        .filter(line -> line.method().kind() == Method.Kind.STARTS)
        .filter(line -> !line.method().name().equals(Method.FIXED))
        .filter(line -> line.cells().stream().anyMatch(cell -> !stepSizes(cell).isEmpty()))
        .toList();
  }

  void writeStepSizes(Path file) throws IOException {
    List<Figure> rows = new ArrayList<>();
    for (Line line : tuningThemselves()) {
      Figure figure =
          new Figure(
                  field.task().name() + ", " + line.method().base() + ", " + line.method().name(),
                  "step",
                  "step size, seed 1")
              .scales(Figure.Scale.LINEAR, Figure.Scale.LOGARITHMIC);
      int color = 0;
      for (Line.Cell cell : line.cells()) {
        Map<Long, Double> sizes = stepSizes(cell);
        figure.add(
            series("from " + cell.stepSize(), sizes), new double[0], Figure.Look.LINE, color);
        color++;
      }
      rows.add(figure);
    }
    for (Base base : field.bases()) {
      List<Line> finding = finding(base);
      for (int from = 0; from < finding.size(); from += COLOURS) {
        int to = Math.min(finding.size(), from + COLOURS);
        rows.add(found(base, finding.subList(from, to)));
      }
    }
    Figure.write(file, rows);
  }

  /** What methods found that start nowhere, a line each. */
  private Figure found(Base base, List<Line> lines) {
    Figure figure =
        new Figure(
                field.task().name() + ", " + base + ", found without a start",
                "step",
                "step size, seed 1")
            .scales(Figure.Scale.LINEAR, Figure.Scale.LOGARITHMIC);
    int color = 0;
    for (Line line : lines) {
      Map<Long, Double> sizes = noted(line.cells().getFirst(), StudyPart.FOUND);
      figure.add(series(line.method().name(), sizes), new double[0], Figure.Look.LINE, color);
      color++;
    }
    return figure;
  }

  private static Series series(String name, Map<Long, Double> sizes) {
    return new Series(
        name,
        sizes.keySet().stream().mapToDouble(step -> step).toArray(),
        sizes.values().stream().mapToDouble(size -> size).toArray());
  }

  /** What it found, if it does, or else its own. */
  private static Map<Long, Double> stepSizes(Line.Cell cell) {
    Map<Long, Double> found = noted(cell, StudyPart.FOUND);
    return found.isEmpty() ? noted(cell, StudyPart.STEP_SIZE) : found;
  }

  /** Those above 0 of the first seed, by step. */
  private static Map<Long, Double> noted(Line.Cell cell, String prefix) {
    Outcome first = cell.outcomes().getFirst();
    Map<Long, Double> sizes = new TreeMap<>();
    first
        .figures()
        .forEach(
            (name, value) -> {
              if (name.startsWith(prefix) && value > 0 && Double.isFinite(value)) {
                sizes.put(Long.parseLong(name.substring(prefix.length())), value);
              }
            });
    return sizes;
  }
}
