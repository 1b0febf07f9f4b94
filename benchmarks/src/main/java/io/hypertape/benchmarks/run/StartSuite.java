package io.hypertape.benchmarks.run;

import io.hypertape.benchmarks.FirstSteps;
import io.hypertape.benchmarks.fork.Child;
import io.hypertape.benchmarks.fork.ClassPath;
import io.hypertape.benchmarks.fork.Environment;
import io.hypertape.benchmarks.report.BenchmarkProgress;
import io.hypertape.benchmarks.report.Report;
import io.hypertape.benchmarks.report.Statistics;
import io.hypertape.benchmarks.report.Table;
import io.hypertape.plots.Figure;
import io.hypertape.plots.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;

/**
 * The first seconds of a JVM that trains, with each kind of kernels in turns: {@code auto}, where
 * scalar twins stand in until vectors are compiled, the same with the launcher's options, vectors
 * from the first step on, and scalar kernels.
 */
final class StartSuite {

  private static final List<String> MODELS = List.of("mlp", "char-lstm", "resnet20");

  /** Kernels that are compiled early, as the launcher asks of a JVM for its commands. */
  private static final String SOON = "auto, launched";

  private static final List<String> KINDS = List.of("auto", SOON, "vector", "scalar");

  private static final List<String> LAUNCHED =
      List.of(
          "-XX:CompileCommand=quiet",
          "-XX:CompileCommand=CompileThresholdScaling,io.hypertape.kernels.*::*,0.05");

  /** Seconds since the JVM began at which steps are counted. */
  private static final int[] MARKS = {1, 2, 3, 4, 6, 8, 12};

  private static final int SECONDS = 12;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final double STEADY = 0.9;

  private final List<String> models;
  private final int rounds;

  StartSuite(Pattern filter, int rounds) {
    this.models = MODELS.stream().filter(model -> filter.matcher("start " + model).find()).toList();
    this.rounds = rounds;
  }

  int size() {
    return models.size();
  }

  /** Steps of a JVM: when each was done, in milliseconds of the clock and of processor time. */
  private record Steps(double[] clock, double[] processor) {

    static Steps of(String answer) {
      String[] steps = answer.split(" ");
      double[] clock = new double[steps.length];
      double[] processor = new double[steps.length];
      for (int i = 0; i < steps.length; i++) {
        String[] times = steps[i].split(":");
        clock[i] = Double.parseDouble(times[0]);
        processor[i] = Double.parseDouble(times[1]);
      }
      return new Steps(clock, processor);
    }

    long until(double millis) {
      return Arrays.stream(clock).filter(time -> time <= millis).count();
    }

    /** Steps a second within a stretch of time. */
    double speed(double from, double to) {
      return (until(to) - until(from)) / (1e-3 * (to - from));
    }
  }

  void run(Path folder, BenchmarkProgress progress, Report report) throws IOException {
    List<Figure> figures = new ArrayList<>();
    for (String model : models) {
      Map<String, List<Steps>> runs = new LinkedHashMap<>();
      KINDS.forEach(kind -> runs.put(kind, new ArrayList<>()));
      List<String> order = KINDS;
      for (int round = 0; round < rounds; round++) {
        for (String kind : order) {
          runs.get(kind).add(steps(model, kind));
        }
        order = order.reversed();
      }
      report.add(section(model, runs), data(model, runs));
      figures.add(figure(model, runs));
      progress.done(
          "start "
              + model
              + ": "
              + Math.round(first(runs.get(KINDS.getFirst())))
              + " ms to the first step");
    }
    Figure.write(folder.resolve("start.png"), figures);
  }

  private static Steps steps(String model, String kind) throws IOException {
    boolean launched = kind.equals(SOON);
    List<String> command =
        new ArrayList<>(
            ClassPath.java(FirstSteps.class.getName(), "", launched ? LAUNCHED : List.of()));
    command.addAll(List.of(model, launched ? "auto" : kind, Integer.toString(SECONDS)));
    try (Child child =
        new Child(
            "a JVM with kernels " + kind,
            command,
            Environment.of(1, ClassPath.inheritedOptions()),
            PATIENCE)) {
      return Steps.of(child.answer());
    }
  }

  private Report.Section section(String model, Map<String, List<Steps>> runs) {
    List<String> columns = new ArrayList<>(List.of("kernels", "first step", "its CPU", "steady"));
    Arrays.stream(MARKS).forEach(mark -> columns.add("steps in " + mark + " s"));
    Table table = new Table(columns.toArray(String[]::new));
    runs.forEach(
        (kind, own) -> {
          List<String> row = new ArrayList<>();
          row.add(kind);
          row.add(Math.round(first(own)) + " ms");
          row.add(Math.round(median(own, steps -> steps.processor()[0])) + " ms");
          row.add(String.format(Locale.ROOT, "%.1f s", 1e-3 * median(own, StartSuite::steady)));
          for (int mark : MARKS) {
            row.add(Math.round(median(own, steps -> steps.until(1000.0 * mark))) + "");
          }
          table.row(row.toArray(String[]::new));
        });
    return new Report.Section(
        "The first " + SECONDS + " seconds of a JVM, " + model + ", threads: 1",
        table,
        List.of(
            "Medians of "
                + rounds
                + " JVMs of each kind, in turns, under adam(1e-3)/sgd(1e-5). First step: from the"
                + " JVM's beginning to its end, and the processor time of all threads until then."
                + " Steady: when steps have reached "
                + Math.round(100 * STEADY)
                + " % of the last quarter's speed. start.png draws speed over time."));
  }

  private List<Map<String, Object>> data(String model, Map<String, List<Steps>> runs) {
    List<Map<String, Object>> data = new ArrayList<>();
    runs.forEach(
        (kind, own) -> {
          Map<String, Object> figure = new LinkedHashMap<>();
          figure.put("suite", Suite.START.toString());
          figure.put("benchmark", model + " " + kind);
          figure.put("firstMillis", own.stream().mapToDouble(s -> s.clock()[0]).toArray());
          figure.put(
              "firstProcessorMillis", own.stream().mapToDouble(s -> s.processor()[0]).toArray());
          figure.put("steadyMillis", own.stream().mapToDouble(StartSuite::steady).toArray());
          for (int mark : MARKS) {
            figure.put(
                "steps" + mark, own.stream().mapToLong(s -> s.until(1000.0 * mark)).toArray());
          }
          data.add(figure);
        });
    return data;
  }

  private Figure figure(String model, Map<String, List<Steps>> runs) {
    Figure figure =
        new Figure("A JVM's first seconds, " + model, "seconds since it began", "steps a second");
    figure.scales(Figure.Scale.LINEAR, Figure.Scale.LOGARITHMIC);
    double[] x = new double[2 * SECONDS];
    Arrays.setAll(x, i -> 0.5 * i + 0.25);
    int number = 0;
    for (var entry : runs.entrySet()) {
      double[] y = new double[x.length];
      Arrays.setAll(
          y,
          i -> {
            double speed = median(entry.getValue(), s -> s.speed(500.0 * i, 500.0 * (i + 1)));
            return speed > 0 ? speed : Double.NaN;
          });
      figure.add(new Series(entry.getKey(), x, y), new double[0], Figure.Look.LINE, number++);
    }
    return figure;
  }

  private static double first(List<Steps> runs) {
    return median(runs, steps -> steps.clock()[0]);
  }

  /** The end of the first half second from which on steps are nearly as fast as at the end. */
  private static double steady(Steps steps) {
    double last = steps.speed(750.0 * SECONDS, 1000.0 * SECONDS);
    double from = 0;
    while (from < 1000.0 * SECONDS && steps.speed(from, from + 500) < STEADY * last) {
      from += 500;
    }
    return from + 500;
  }

  private static double median(List<Steps> runs, ToDoubleFunction<Steps> figure) {
    return Statistics.median(runs.stream().mapToDouble(figure).toArray());
  }
}
