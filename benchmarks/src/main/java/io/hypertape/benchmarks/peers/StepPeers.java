package io.hypertape.benchmarks.peers;

import io.hypertape.benchmarks.fork.ClassPath;
import io.hypertape.benchmarks.report.BenchmarkProgress;
import io.hypertape.benchmarks.report.Figures;
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

/**
 * Our training steps against PyTorch's and DJL's: a {@link StepMatch} for each {@link StepCase}.
 */
public final class StepPeers {

  private final List<StepCase> cases;
  private final PeerOptions options;

  /**
   * Prepares the comparison.
   *
   * @param filter which steps, by {@code step TOWER} for the MLP, {@code step MODEL TOWER} for
   *     other models
   * @param options where peers are, how long to measure
   */
  public StepPeers(Pattern filter, PeerOptions options) {
    this.cases = StepCase.LISTED.stream().filter(c -> filter.matcher(c.name()).find()).toList();
    this.options = options;
  }

  /**
   * How much there is to do.
   *
   * @return number of matches
   */
  public int size() {
    return cases.size() * options.threads().size();
  }

  /**
   * Plays the matches.
   *
   * @param progress told of each
   * @param report gets a section for each number of threads
   * @throws IOException if a process fails
   */
  public void run(BenchmarkProgress progress, Report report) throws IOException {
    if (cases.isEmpty()) {
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
      int threads, Python.Outcome python, Path script, BenchmarkProgress progress, Report report)
      throws IOException {
    Table table = new Table("step", "side", "time", "time / ours");
    List<String> notices = new ArrayList<>();
    List<Map<String, Object>> data = new ArrayList<>();
    List<Ratio> ratios = new ArrayList<>();
    if (!python.notice().isEmpty()) {
      notices.add(python.notice());
    }
    for (StepCase which : cases) {
      List<Contender> contenders = new ArrayList<>();
      List<String> ours = ClassPath.java(Steps.class.getName(), "", List.of());
      ours.addAll(List.of(which.model(), which.tower(), Integer.toString(threads)));
      contenders.add(new Contender(GemmPeers.OURS, ours));
      python.program().ifPresent(p -> contenders.addAll(torch(p, script, which, threads, notices)));
      if (which.isOfDjl()) {
        Djl.find(ClassPath.target(), threads, notices).ifPresent(contenders::add);
      }
      int rounds = which.pace().rounds(options.rounds());
      List<String> own = new ArrayList<>();
      Map<String, double[]> times =
          new StepMatch(threads, rounds, which.pace(), which.classes()).run(contenders, own);
      own.add("medians of " + rounds + " rounds of turns of " + which.pace().turnSeconds() + " s.");
      own.forEach(notice -> notices.add(which.label() + ": " + notice));
      rows(table, which.label(), times, ratios);
      data.add(figure(which, threads, times));
      progress.done(which.name() + ", threads: " + threads);
    }
    notices.add(Ratio.warning(ratios));
    notices.add(
        "A process a side; ratios above 1 mean that Hypertape is faster, with quartiles. Batches lie"
            + " ready on every side.");
    report.add(
        new Report.Section(
            "Training steps and their peers, threads: " + threads,
            table,
            notices.stream().filter(notice -> !notice.isEmpty()).distinct().toList()),
        data);
  }

  private List<Contender> torch(
      String program, Path script, StepCase which, int threads, List<String> notices) {
    List<Contender> sides = new ArrayList<>();
    for (String mode : List.of("eager", "compile")) {
      sides.add(new Contender("PyTorch " + mode, arguments(program, script, mode, which, threads)));
    }
    if (which.isOfficial()) {
      official()
          .ifPresentOrElse(
              folder -> {
                List<String> command = arguments(program, script, "official", which, threads);
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
      String program, Path script, String mode, StepCase which, int threads) {
    return new ArrayList<>(
        List.of(
            program,
            script.toString(),
            "--mode",
            mode,
            "--step",
            which.script(),
            "--threads",
            Integer.toString(threads)));
  }

  private static void rows(
      Table table, String label, Map<String, double[]> times, List<Ratio> ratios) {
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

  private static Map<String, Object> figure(
      StepCase which, int threads, Map<String, double[]> times) {
    Map<String, Object> figure = new LinkedHashMap<>();
    figure.put("suite", "peers");
    figure.put("benchmark", which.name());
    figure.put("threads", threads);
    figure.put("secondsOfRounds", times);
    return figure;
  }
}
