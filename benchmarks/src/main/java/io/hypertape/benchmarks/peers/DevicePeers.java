package io.hypertape.benchmarks.peers;

import io.hypertape.autodiff.Precision;
import io.hypertape.benchmarks.fork.ClassPath;
import io.hypertape.benchmarks.report.BenchmarkProgress;
import io.hypertape.benchmarks.report.Figures;
import io.hypertape.benchmarks.report.Ratio;
import io.hypertape.benchmarks.report.Report;
import io.hypertape.benchmarks.report.Statistics;
import io.hypertape.benchmarks.report.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Our training steps on a GPU against PyTorch's (eager, torch.compile, CUDA graphs) and the paper's
 * own code, on the same GPU in turns.
 */
public final class DevicePeers {

  private static final List<String> MODES = List.of("eager", "compile", "graph", "compile+graph");
  private static final Pattern HEIGHT = Pattern.compile("sgd(?:/sgd(?:\\^(\\d+))?)?");

  private final List<StepCase> cases;
  private final PeerOptions options;
  private final DeviceOptions where;
  private final List<Ratio> ratios = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();

  /**
   * Prepares the comparison.
   *
   * @param filter which steps, by {@code step MODEL TOWER}
   * @param options where peers are, how long to measure
   * @param where the device, precisions, and where batches lie
   */
  public DevicePeers(Pattern filter, PeerOptions options, DeviceOptions where) {
    this.cases = StepCase.ON_DEVICE.stream().filter(c -> filter.matcher(c.name()).find()).toList();
    this.options = options;
    this.where = where;
  }

  /**
   * How much there is to do.
   *
   * @return number of matches
   */
  public int size() {
    return cases.size() * where.precisions().size();
  }

  /**
   * Plays the matches.
   *
   * @param progress told of each
   * @param report gets a section for each precision
   * @throws IOException if a process fails
   */
  public void run(BenchmarkProgress progress, Report report) throws IOException {
    Python.Outcome python = Python.find(options.python());
    Path script = Python.deviceScript();
    try {
      for (Precision precision : where.precisions()) {
        run(precision, python, script, progress, report);
      }
    } finally {
      Python.deleteDeviceScript(script);
    }
  }

  private void run(
      Precision precision,
      Python.Outcome python,
      Path script,
      BenchmarkProgress progress,
      Report report)
      throws IOException {
    String name = precision.name().toLowerCase(Locale.ROOT);
    Table table = new Table("step", "side", "time", "time / ours");
    List<Map<String, Object>> data = new ArrayList<>();
    Map<Integer, Double> heights = new LinkedHashMap<>();
    notices.clear();
    notices.add(python.notice());
    for (StepCase which : cases) {
      List<Contender> contenders = new ArrayList<>();
      contenders.add(new Contender(GemmPeers.OURS, ours(which, name)));
      python.program().ifPresent(p -> contenders.addAll(torch(p, script, which, name)));
      int rounds = which.pace().rounds(options.rounds());
      List<String> own = new ArrayList<>();
      int threads = Runtime.getRuntime().availableProcessors();
      Map<String, double[]> times =
          new StepMatch(threads, rounds, which.pace(), which.classes()).run(contenders, own);
      own.add("medians of " + rounds + " rounds of turns of " + which.pace().turnSeconds() + " s.");
      own.forEach(notice -> notices.add(which.label() + ": " + notice));
      rows(table, which.label(), times);
      data.add(figure(which, name, times));
      Matcher height = HEIGHT.matcher(which.script());
      if (height.matches() && times.containsKey(GemmPeers.OURS)) {
        int levels =
            which.script().equals("sgd")
                ? 0
                : height.group(1) == null ? 1 : Integer.parseInt(height.group(1));
        heights.put(levels, Statistics.median(times.get(GemmPeers.OURS)));
      }
      progress.done(which.name() + ", " + name);
    }
    notices.addAll(levels(heights));
    notices.add(Ratio.warning(ratios));
    notices.add(
        "A process a side; ratios above 1 mean that Hypertape is faster, with quartiles. Wall clock"
            + " between two waits for the device; batches lie ready on the "
            + where.data().name().toLowerCase(Locale.ROOT)
            + " on every side.");
    report.add(
        new Report.Section(
            "Training steps on a GPU and their peers, " + name,
            table,
            notices.stream().filter(notice -> !notice.isEmpty()).distinct().toList()),
        data);
  }

  /** What a level costs, as far as towers of several heights were timed. */
  static List<String> levels(Map<Integer, Double> heights) {
    List<String> lines = new ArrayList<>();
    Double without = heights.get(0);
    heights.forEach(
        (height, seconds) -> {
          if (without != null && height > 0) {
            lines.add(
                String.format(
                    Locale.ROOT,
                    "Height %d takes %.1f %% more than height 0: %.1f %% a level.",
                    height,
                    100 * (seconds / without - 1),
                    100 * (seconds / without - 1) / height));
          }
        });
    return lines;
  }

  private List<String> ours(StepCase which, String precision) {
    List<String> command = ClassPath.java(DeviceSteps.class.getName(), "", List.of());
    command.addAll(
        List.of(
            which.model(),
            which.tower(),
            where.device().name().toLowerCase(Locale.ROOT),
            precision,
            data()));
    return command;
  }

  private String data() {
    return where.data().name().toLowerCase(Locale.ROOT);
  }

  private List<Contender> torch(String program, Path script, StepCase which, String precision) {
    List<Contender> sides = new ArrayList<>();
    for (String mode : MODES) {
      sides.add(
          new Contender("PyTorch " + mode, arguments(program, script, mode, which, precision)));
    }
    if (which.model().equals(StepCase.MLP)) {
      if (options.official().isEmpty()) {
        notices.add(
            "The official code is missing: name a clone of its repository with --official.");
      } else {
        List<String> command = arguments(program, script, "official", which, precision);
        command.addAll(List.of("--official", options.official()));
        sides.add(new Contender("official", command));
      }
    }
    return sides;
  }

  private List<String> arguments(
      String program, Path script, String mode, StepCase which, String precision) {
    return new ArrayList<>(
        List.of(
            program,
            script.toString(),
            "--mode",
            mode,
            "--step",
            which.script(),
            "--precision",
            precision,
            "--data",
            data()));
  }

  private void rows(Table table, String label, Map<String, double[]> times) {
    double[] ours = times.get(GemmPeers.OURS);
    times.forEach(
        (side, own) -> {
          String text = "-";
          if (own != ours && ours != null) {
            Ratio ratio = Statistics.speedup(own, ours);
            ratios.add(ratio);
            text = ratio.toString();
          }
          table.row(label, side, Figures.time(Statistics.median(own)), text);
        });
  }

  private Map<String, Object> figure(
      StepCase which, String precision, Map<String, double[]> times) {
    Map<String, Object> figure = new LinkedHashMap<>();
    figure.put("suite", "peers");
    figure.put("benchmark", which.name());
    figure.put("precision", precision);
    figure.put("data", data());
    figure.put("secondsOfRounds", times);
    return figure;
  }
}
