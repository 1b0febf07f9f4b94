package io.hypertape.benchmarks.peers;

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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Our convolutions and LSTM layers against oneDNN's primitives, as PyTorch calls them: one {@link
 * Match} for all, on one thread.
 */
final class LayerPeers {

  private static final String SCRIPT = "torch_layers.py";
  private static final int THREADS = 1;

  /** PyTorch's sides, with what its script calls the layout of images. */
  private static final List<String> LAYOUTS = List.of("plain", "channels-last");

  private final List<LayerCase> cases;
  private final PeerOptions options;

  /** Of the layers whose names a filter is found in. */
  LayerPeers(Pattern filter, PeerOptions options) {
    this.cases = LayerCase.LISTED.stream().filter(c -> filter.matcher(c.name()).find()).toList();
    this.options = options;
  }

  /** How many comparisons there are. */
  int size() {
    return cases.size();
  }

  /** Plays the match. */
  void run(BenchmarkProgress progress, Report report) throws IOException {
    if (cases.isEmpty()) {
      return;
    }
    Python.Outcome torch = Python.find(options.python());
    Set<String> notes = new LinkedHashSet<>(List.of(torch.notice()));
    List<String> columns = new ArrayList<>(List.of("layer", "MFLOP", "GFLOP/s"));
    LAYOUTS.forEach(layout -> columns.addAll(List.of(side(layout), "time / ours")));
    Table table = new Table(columns.toArray(new String[0]));
    List<Map<String, Object>> data = new ArrayList<>();
    List<Ratio> ratios = new ArrayList<>();
    Path folder = Python.folder(List.of(Python.TURNS, SCRIPT));
    Judge judge = new OutputJudge();
    Pace pace = options.pace(Pace.LAYER);
    try (Match match = new Match(THREADS, pace, judge)) {
      List<String> own = new ArrayList<>();
      start(match, folder, torch, own);
      for (LayerCase which : cases) {
        Map<String, double[]> times = match.play(which.label(), pace.rounds(options.rounds()), own);
        table.row(row(which, times, ratios));
        data.add(PeerTable.figure(which.name(), THREADS, times));
        progress.done(which.name());
      }
      own.forEach(notice -> notes.add(PeerTable.plain(notice)));
      notes.addAll(judge.verdict());
    } finally {
      Python.deleteFolder(folder);
    }
    notes.add(Ratio.warning(ratios));
    notes.add(
        "Medians of "
            + pace.rounds(options.rounds())
            + " rounds of turns of "
            + pace.turnSeconds()
            + " s, a process a side; ratios above 1 mean that Hypertape is faster, with quartiles."
            + " MFLOP at the rate of the product in the first row is a layer's floor. Channels"
            + " last: images and filters lie so already.");
    notes.remove("");
    report.add(
        new Report.Section(
            PeerTable.title("Layers and oneDNN's primitives", List.of(THREADS)),
            table,
            List.copyOf(notes)),
        data);
  }

  private void start(Match match, Path folder, Python.Outcome torch, List<String> notices) {
    List<String> labels = cases.stream().map(LayerCase::label).toList();
    List<String> ours = ClassPath.java(TimedLayers.class.getName(), "", List.of());
    ours.addAll(List.of(Integer.toString(THREADS), folder.toString()));
    ours.addAll(labels);
    match.start(new Contender(GemmPeers.OURS, ours), labels, notices);
    for (String layout : LAYOUTS) {
      torch
          .program()
          .ifPresent(
              program ->
                  match.start(
                      Contender.python(
                          side(layout),
                          List.of(
                              program,
                              folder.resolve(SCRIPT).toString(),
                              folder.toString(),
                              layout,
                              Integer.toString(THREADS))),
                      labels,
                      notices));
    }
  }

  private static String side(String layout) {
    return layout.equals("plain") ? "PyTorch" : "PyTorch, channels last";
  }

  private static String[] row(LayerCase which, Map<String, double[]> times, List<Ratio> ratios) {
    double[] ours = times.get(GemmPeers.OURS);
    List<String> cells = new ArrayList<>();
    cells.add(which.label());
    cells.add(Figures.digits(1e-6 * which.flops()));
    cells.add(rate(which, ours));
    for (String layout : LAYOUTS) {
      double[] own = times.get(side(layout));
      cells.add(rate(which, own));
      if (own == null || ours == null) {
        cells.add("-");
      } else {
        Ratio ratio = Statistics.speedup(own, ours);
        ratios.add(ratio);
        cells.add(ratio.toString());
      }
    }
    return cells.toArray(new String[0]);
  }

  private static String rate(LayerCase which, double[] times) {
    return times == null ? "-" : Figures.digits(1e-9 * which.flops() / Statistics.median(times));
  }
}
