package io.hypertape.benchmarks.run;

import io.hypertape.benchmarks.TuningBenchmark;
import io.hypertape.benchmarks.report.BenchmarkProgress;
import io.hypertape.benchmarks.report.Figures;
import io.hypertape.benchmarks.report.Ratio;
import io.hypertape.benchmarks.report.Report;
import io.hypertape.benchmarks.report.Statistics;
import io.hypertape.benchmarks.report.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Training steps with self-tuning and without, which take turns in one process. */
final class TuningSuite {

  private final Rounds rounds;

  TuningSuite(Pattern filter, List<Integer> threads, int rounds) {
    this.rounds = new Rounds(Case.of(List.of(TuningBenchmark.class), filter), threads, rounds);
  }

  int size() {
    return rounds.size();
  }

  void run(Jmh jmh, BenchmarkProgress progress, Report report) {
    rounds.run(
        jmh::runTurns,
        score -> ratio(List.of(score)).toString(),
        progress,
        (count, scores) -> summarize(report, count, scores));
  }

  private void summarize(Report report, int count, Map<String, List<JmhScore>> scores) {
    Table table = new Table("step", "time", "auto's", "ratio", "bytes/step", "auto's");
    List<Map<String, Object>> data = new ArrayList<>();
    scores.forEach(
        (label, own) -> {
          table.row(
              label,
              Figures.time(1e-9 * median(own, "plainTime")),
              Figures.time(1e-9 * median(own, "tunedTime")),
              text(ratio(own)),
              String.format(Locale.ROOT, "%.0f", median(own, "plainBytes")),
              String.format(Locale.ROOT, "%.0f", median(own, "tunedBytes")));
          Map<String, Object> figure = new LinkedHashMap<>();
          figure.put("suite", Suite.TUNING.toString());
          figure.put("benchmark", label);
          figure.put("threads", count);
          for (String counter : List.of("plainTime", "tunedTime", "plainBytes", "tunedBytes")) {
            figure.put(counter, each(own, counter));
          }
          data.add(figure);
        });
    report.add(
        new Report.Section(
            "Self-tuning, threads: " + count,
            table,
            List.of(
                "Steps under an optimizer and under auto of it, in turns of some 10 ms in one"
                    + " process. Medians of the iterations of "
                    + rounds.rounds()
                    + " forks, of the ratio with quartiles; with one thread times are those on the"
                    + " processor. Bytes are the training thread's.")),
        data);
  }

  /** Digits that a percent is seen in. */
  private static String text(Ratio ratio) {
    return String.format(
        Locale.ROOT, "%.3f (%.3f–%.3f)", ratio.median(), ratio.low(), ratio.high());
  }

  /** What each iteration counted, a step. */
  private static double[] each(List<JmhScore> scores, String counter) {
    return scores.stream()
        .flatMap(score -> score.iterations().stream())
        .mapToDouble(one -> one.get(counter) / one.get("steps"))
        .toArray();
  }

  private static double median(List<JmhScore> scores, String counter) {
    return Statistics.median(each(scores, counter));
  }

  private static Ratio ratio(List<JmhScore> scores) {
    return Statistics.speedup(each(scores, "tunedTime"), each(scores, "plainTime"));
  }
}
