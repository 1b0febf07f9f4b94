package io.hypertape.benchmarks.peers;

import io.hypertape.benchmarks.report.Figures;
import io.hypertape.benchmarks.report.Machine;
import io.hypertape.benchmarks.report.Ratio;
import io.hypertape.benchmarks.report.Report;
import io.hypertape.benchmarks.report.Statistics;
import io.hypertape.benchmarks.report.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Times of every side, a row each, and beside them how many times ours they are; two columns for
 * each number of threads, and what the last number brings over the first. A side that was left out
 * has the reason in its row.
 */
final class PeerTable {

  private static final int REASON = 90;

  private static final Pattern JUDGED =
      Pattern.compile(", \\d+ threads, (\\d+ parameters|outputs differ by \\S+)$");

  private final List<Integer> threads;
  private final Table table;
  private final List<Ratio> ratios = new ArrayList<>();
  private final Set<String> notices = new LinkedHashSet<>();
  private final List<Map<String, Object>> figures = new ArrayList<>();

  /** Of cases that are called so. */
  PeerTable(String what, List<Integer> threads) {
    this.threads = threads;
    List<String> columns = new ArrayList<>(List.of(what, "side"));
    for (int count : threads) {
      columns.add(count == 1 ? "1 thread" : count + " threads");
      columns.add("time / ours");
    }
    if (threads.size() > 1) {
      columns.add(threads.getLast() + " over " + threads.getFirst());
    }
    this.table = new Table(columns.toArray(new String[0]));
  }

  /** What became of a case with a number of threads. */
  static final class Outcome {
    private final Map<String, double[]> times = new LinkedHashMap<>();
    private final Map<String, String> leftOut = new LinkedHashMap<>();
    private final Map<String, Double> heap = new LinkedHashMap<>();

    /** Takes over what a match gave. */
    Outcome(Map<String, double[]> times, Map<String, String> leftOut) {
      this(times, leftOut, Map.of());
    }

    /** Takes over what a match gave, and bytes on the heap of a piece of work. */
    Outcome(Map<String, double[]> times, Map<String, String> leftOut, Map<String, Double> heap) {
      this.times.putAll(times);
      this.leftOut.putAll(leftOut);
      this.heap.putAll(heap);
    }
  }

  /** Says something below the table, once. */
  void note(String notice) {
    if (!notice.isEmpty()) {
      notices.add(notice);
    }
  }

  /** Says something of a case below the table; what a side is, once for all cases. */
  void note(String label, int count, List<String> own) {
    String of = threads.size() > 1 ? label + ", threads: " + count : label;
    for (String notice : own) {
      String plain = plain(notice);
      notices.add(plain.equals(notice) ? of + ": " + notice : plain);
    }
  }

  /** A side's description without what only its judge looks at. */
  static String plain(String notice) {
    return JUDGED.matcher(notice).replaceAll("");
  }

  /**
   * Adds a row for each side, ours first.
   *
   * @param name of the case, for programs
   * @param label of the case, in the table
   * @param outcomes by number of threads
   */
  void rows(String name, String label, Map<Integer, Outcome> outcomes) {
    outcomes.forEach(
        (count, outcome) -> {
          Map<String, Object> figure = figure(name, count, outcome.times);
          if (!outcome.heap.isEmpty()) {
            figure.put("heapBytes", outcome.heap);
            note(label, count, List.of(heap(outcome.heap)));
          }
          figures.add(figure);
        });
    Set<String> sides = new LinkedHashSet<>();
    outcomes.values().forEach(outcome -> sides.addAll(outcome.times.keySet()));
    outcomes.values().forEach(outcome -> sides.addAll(outcome.leftOut.keySet()));
    for (String side : sides) {
      List<String> cells = new ArrayList<>(List.of(label, side));
      for (int count : threads) {
        cells(side, outcomes.get(count), cells);
      }
      if (threads.size() > 1) {
        cells.add(gain(outcomes.get(threads.getFirst()), outcomes.get(threads.getLast()), side));
      }
      table.row(cells.toArray(new String[0]));
    }
  }

  private static String heap(Map<String, Double> bytes) {
    return bytes.entrySet().stream()
        .map(side -> side.getKey() + " " + Math.round(side.getValue()))
        .collect(Collectors.joining(", ", "heap bytes a call: ", "."));
  }

  private void cells(String side, Outcome outcome, List<String> cells) {
    double[] own = outcome.times.get(side);
    double[] ours = outcome.times.get(GemmPeers.OURS);
    if (own == null) {
      cells.add("left out");
      cells.add(reason(side, outcome.leftOut.getOrDefault(side, "-")));
      return;
    }
    cells.add(Figures.time(Statistics.median(own)));
    if (own == ours || ours == null) {
      cells.add("-");
    } else {
      Ratio ratio = Statistics.speedup(own, ours);
      ratios.add(ratio);
      cells.add(ratio.toString());
    }
  }

  /**
   * Without the name, which stands beside it, and of a process's last words the last; the notes
   * have all.
   */
  static String reason(String side, String message) {
    String text = message.replace(side + " ", "");
    if (text.startsWith("ended with status") && text.contains(": ")) {
      text = text.substring(text.indexOf(": ") + 2);
      text = text.substring(text.lastIndexOf("; ") + 1).strip();
    }
    return text.length() > REASON ? text.substring(0, REASON) + "…" : text;
  }

  private static String gain(Outcome few, Outcome many, String side) {
    double[] slow = few.times.get(side);
    double[] fast = many.times.get(side);
    return slow == null || fast == null
        ? "-"
        : Figures.digits(Statistics.median(slow) / Statistics.median(fast));
  }

  static Map<String, Object> figure(String name, int threads, Map<String, double[]> times) {
    Map<String, Object> figure = new LinkedHashMap<>();
    figure.put("suite", "peers");
    figure.put("benchmark", name);
    figure.put("threads", threads);
    figure.put("secondsOfRounds", times);
    return figure;
  }

  /**
   * Makes a section of it.
   *
   * @param title what is compared; threads and the processor are added
   * @param how it was measured
   */
  void addTo(Report report, String title, String how) {
    note(Ratio.warning(ratios));
    notices.add(how);
    report.add(new Report.Section(title(title, threads), table, List.copyOf(notices)), figures);
  }

  static String title(String what, List<Integer> threads) {
    return what
        + ", threads: "
        + threads.stream().map(String::valueOf).collect(Collectors.joining(", "))
        + ", "
        + Machine.processor();
  }
}
