package io.hypertape.benchmarks.run;

import io.hypertape.benchmarks.StepBenchmark;
import io.hypertape.benchmarks.StepGemmsBenchmark;
import io.hypertape.benchmarks.report.BenchmarkProgress;
import io.hypertape.benchmarks.report.Figures;
import io.hypertape.benchmarks.report.Report;
import io.hypertape.benchmarks.report.Statistics;
import io.hypertape.benchmarks.report.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Training steps. Each round forks every case once, so that what disturbs the machine for a while
 * falls on neighbours alike; ratios are taken round by round, and their medians shown.
 */
final class StepSuite {

  private static final String TOWER = "tower";

  private final Rounds rounds;

  StepSuite(Pattern filter, List<Integer> threads, int rounds) {
    List<Case> cases = new ArrayList<>();
    List<Case> steps = Case.of(List.of(StepBenchmark.class), filter);
    if (!steps.isEmpty()) {
      // The floor is measured with whatever is compared with it.
      cases.addAll(Case.of(List.of(StepGemmsBenchmark.class), Pattern.compile("")));
      cases.addAll(steps);
    }
    this.rounds = new Rounds(cases, threads, rounds);
  }

  int size() {
    return rounds.size();
  }

  void run(Jmh jmh, BenchmarkProgress progress, Report report) {
    rounds.run(
        jmh::runStep,
        score -> Figures.time(score.seconds()),
        progress,
        (count, scores) -> summarize(report, count, scores));
  }

  private void summarize(Report report, int count, Map<String, List<JmhScore>> scores) {
    Table table =
        new Table("step", "time", "bytes/step", "x its gemms", "x height 0", "x height 1");
    List<Map<String, Object>> data = new ArrayList<>();
    String floor = rounds.cases().getFirst().label();
    for (Case which : rounds.cases()) {
      List<JmhScore> own = scores.get(which.label());
      String tower = which.params().getOrDefault(TOWER, "");
      double bytes = Statistics.median(own.stream().mapToDouble(JmhScore::bytes).toArray());
      table.row(
          which.label(),
          Figures.time(Statistics.median(times(own))),
          String.format(java.util.Locale.ROOT, "%.0f", bytes),
          ratio(own, scores.get(floor)),
          ratio(own, scores.get("step " + atHeight(tower, 0))),
          ratio(own, scores.get("step " + atHeight(tower, 1))));
      Map<String, Object> figure = new LinkedHashMap<>();
      figure.put("suite", Suite.STEPS.toString());
      figure.put("benchmark", which.label());
      figure.put("threads", count);
      figure.put("secondsOfRounds", times(own));
      figure.put("bytesPerStep", bytes);
      data.add(figure);
    }
    report.add(
        new Report.Section(
            "Steps, threads: " + count,
            table,
            List.of(
                "Medians of "
                    + rounds.rounds()
                    + " forks, interleaved. 'gemms' is the five products of a"
                    + " step and nothing else, the floor that our gemm implies.")),
        data);
  }

  /** The tower with another number of levels above the first: a/b^3 at height 1 is a/b. */
  static String atHeight(String tower, int height) {
    int slash = tower.indexOf('/');
    if (slash < 0 || height == 0) {
      return slash < 0 ? tower : tower.substring(0, slash);
    }
    int power = tower.indexOf('^', slash);
    return power < 0 ? tower : tower.substring(0, power);
  }

  private static double[] times(List<JmhScore> scores) {
    return scores.stream().mapToDouble(JmhScore::seconds).toArray();
  }

  private static String ratio(List<JmhScore> own, List<JmhScore> base) {
    return base == null || own == base
        ? "-"
        : Statistics.speedup(times(own), times(base)).toString();
  }
}
