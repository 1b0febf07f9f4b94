package io.hypertape.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Times of two versions beside each other, and what has become slower. */
public final class VersionTable {

  /** Names of the versions, in tables and files. */
  public static final List<String> SIDES = List.of("old", "new");

  /** What is no faster than so much of the old version is slower, not noise. */
  private static final double SLOWER = 0.95;

  private final int threads;
  private final Table table = new Table("benchmark", "old", "new", "old / new");
  private final List<Map<String, Object>> data = new ArrayList<>();
  private final List<Ratio> ratios = new ArrayList<>();
  private final List<String> slower = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /**
   * An empty table.
   *
   * @param threads how many the figures are of
   */
  public VersionTable(int threads) {
    this.threads = threads;
  }

  /**
   * Adds a benchmark.
   *
   * @param benchmark its name
   * @param seconds of the old version and of the new one, one a round
   * @return how many times as fast the new one is
   */
  public Ratio row(String benchmark, List<double[]> seconds) {
    Ratio ratio = Statistics.speedup(seconds.getFirst(), seconds.getLast());
    ratios.add(ratio);
    table.row(
        benchmark,
        Figures.time(Statistics.median(seconds.getFirst())),
        Figures.time(Statistics.median(seconds.getLast())),
        ratio.toString());
    if (ratio.median() < SLOWER && (ratio.high() < 1 || seconds.getFirst().length == 1)) {
      slower.add(benchmark + " " + ratio);
    }
    Map<String, Object> figure = new LinkedHashMap<>();
    figure.put("suite", "versions");
    figure.put("benchmark", benchmark);
    figure.put("threads", threads);
    figure.put(
        "secondsOfRounds",
        Map.of(SIDES.getFirst(), seconds.getFirst(), SIDES.getLast(), seconds.getLast()));
    data.add(figure);
    return ratio;
  }

  /**
   * Names a benchmark that cannot be compared.
   *
   * @param benchmark its name
   * @param version which does not have it
   * @param reason why
   */
  public void leaveOut(String benchmark, String version, String reason) {
    notes.add(benchmark + " was left out: the " + version + " version says: " + reason);
  }

  /**
   * Whether there is nothing to tell.
   *
   * @return true before the first benchmark
   */
  public boolean isEmpty() {
    return table.isEmpty() && notes.isEmpty();
  }

  /**
   * Writes the table as a section of a report.
   *
   * @param report gets it
   * @param what is compared
   * @param how it was measured
   */
  public void addTo(Report report, String what, String how) {
    List<String> all = new ArrayList<>();
    if (!ratios.isEmpty()) {
      double[] medians = ratios.stream().mapToDouble(Ratio::median).toArray();
      all.add(
          how
              + " Above 1 the new one is faster; geometric mean "
              + Figures.digits(Statistics.geometricMean(medians))
              + ", lowest "
              + Figures.digits(Statistics.quantile(0, medians))
              + ".");
      all.add(
          slower.isEmpty()
              ? "Nothing has become slower by 5 %."
              : "Slower by 5 % and more: " + String.join("; ", slower) + ".");
      String warning = Ratio.warning(ratios);
      if (!warning.isEmpty()) {
        all.add(warning);
      }
    }
    all.addAll(notes);
    report.add(
        new Report.Section("Two versions, " + what + ", threads: " + threads, table, all), data);
  }
}
