package io.hypertape.benchmarks.peers;

import io.hypertape.benchmarks.fork.ClassPath;
import io.hypertape.benchmarks.report.Figures;
import io.hypertape.benchmarks.report.Progress;
import io.hypertape.benchmarks.report.Ratio;
import io.hypertape.benchmarks.report.Report;
import io.hypertape.benchmarks.report.Statistics;
import io.hypertape.benchmarks.report.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Our training steps against PyTorch's and DJL's: a {@link StepMatch} for each tower. */
public final class StepPeers {

  private static final Map<String, String> TOWERS = new LinkedHashMap<>();

  static {
    // Ours, and the script's name of it.
    TOWERS.put("sgd(0.01)", "sgd");
    TOWERS.put("adam(1e-3)/sgd(1e-5)", "adam/sgd");
  }

  private final List<String> towers;
  private final PeerOptions options;

  /**
   * Prepares the comparison.
   *
   * @param filter which towers, by {@code step TOWER}
   * @param options where peers are, how long to measure
   */
  public StepPeers(Pattern filter, PeerOptions options) {
    this.towers = TOWERS.keySet().stream().filter(t -> filter.matcher("step " + t).find()).toList();
    this.options = options;
  }

  /**
   * How much there is to do.
   *
   * @return number of matches
   */
  public int size() {
    return towers.size() * options.threads().size();
  }

  /**
   * Plays the matches.
   *
   * @param progress told of each
   * @param report gets a section for each number of threads
   * @throws IOException if a process fails
   */
  public void run(Progress progress, Report report) throws IOException {
    if (towers.isEmpty()) {
      return;
    }
    Python.Outcome python = Python.find(options.python());
    Path script = Python.script();
    try {
      for (int threads : options.threads()) {
        run(threads, python, script, progress, report);
      }
    } finally {
      Files.deleteIfExists(script);
    }
  }

  private void run(
      int threads, Python.Outcome python, Path script, Progress progress, Report report)
      throws IOException {
    Table table = new Table("step", "side", "time", "time / ours");
    List<String> notices = new ArrayList<>();
    List<Map<String, Object>> data = new ArrayList<>();
    List<Ratio> ratios = new ArrayList<>();
    if (!python.notice().isEmpty()) {
      notices.add(python.notice());
    }
    for (String tower : towers) {
      List<Contender> contenders = new ArrayList<>();
      List<String> ours = ClassPath.java(Steps.class.getName(), "", List.of());
      ours.addAll(List.of(tower, Integer.toString(threads)));
      contenders.add(new Contender(GemmPeers.OURS, ours));
      python
          .program()
          .ifPresent(p -> contenders.addAll(torch(p, script, TOWERS.get(tower), threads, notices)));
      if (TOWERS.get(tower).equals("sgd")) {
        Djl.find(ClassPath.target(), threads, notices).ifPresent(contenders::add);
      }
      Map<String, double[]> times =
          new StepMatch(threads, options.rounds()).run(contenders, notices);
      rows(table, tower, times, ratios);
      data.add(figure(tower, threads, times));
      progress.done("step " + tower + ", threads: " + threads);
    }
    notices.add(Ratio.warning(ratios));
    notices.add(
        "Medians of "
            + options.rounds()
            + " rounds of turns of 0.2 s, a process a side; ratios"
            + " above 1 mean that Hypertape is faster, with quartiles. Batches lie ready on every"
            + " side.");
    report.add(
        new Report.Section(
            "Training steps and their peers, threads: " + threads,
            table,
            notices.stream().filter(notice -> !notice.isEmpty()).distinct().toList()),
        data);
  }

  private List<Contender> torch(
      String program, Path script, String tower, int threads, List<String> notices) {
    List<Contender> sides = new ArrayList<>();
    for (String mode : List.of("eager", "compile")) {
      sides.add(new Contender("PyTorch " + mode, arguments(program, script, mode, tower, threads)));
    }
    if (!tower.equals("sgd")) {
      official()
          .ifPresentOrElse(
              folder -> {
                List<String> command = arguments(program, script, "official", tower, threads);
                command.addAll(List.of("--official", folder));
                sides.add(new Contender("official", command));
              },
              () ->
                  notices.add(
                      "The official code is missing: name a clone of its repository with --official."));
    }
    return sides;
  }

  private Optional<String> official() {
    return options.official().isEmpty() ? Optional.empty() : Optional.of(options.official());
  }

  private static List<String> arguments(
      String program, Path script, String mode, String tower, int threads) {
    return new ArrayList<>(
        List.of(
            program,
            script.toString(),
            "--mode",
            mode,
            "--tower",
            tower,
            "--threads",
            Integer.toString(threads)));
  }

  private static void rows(
      Table table, String tower, Map<String, double[]> times, List<Ratio> ratios) {
    double[] ours = times.get(GemmPeers.OURS);
    times.forEach(
        (side, own) -> {
          String text = "-";
          if (own != ours && ours != null) {
            Ratio ratio = Statistics.speedup(own, ours);
            ratios.add(ratio);
            text = ratio.toString();
          }
          table.row(tower, side, Figures.time(Statistics.median(own)), text);
        });
  }

  private static Map<String, Object> figure(
      String tower, int threads, Map<String, double[]> times) {
    Map<String, Object> figure = new LinkedHashMap<>();
    figure.put("suite", "peers");
    figure.put("benchmark", "step " + tower);
    figure.put("threads", threads);
    figure.put("secondsOfRounds", times);
    return figure;
  }
}
