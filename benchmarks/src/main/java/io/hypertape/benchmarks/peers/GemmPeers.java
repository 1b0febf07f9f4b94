package io.hypertape.benchmarks.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hypertape.benchmarks.GemmShape;
import io.hypertape.benchmarks.fork.Child;
import io.hypertape.benchmarks.fork.ClassPath;
import io.hypertape.benchmarks.fork.Environment;
import io.hypertape.benchmarks.report.BenchmarkProgress;
import io.hypertape.benchmarks.report.Figures;
import io.hypertape.benchmarks.report.Ratio;
import io.hypertape.benchmarks.report.Report;
import io.hypertape.benchmarks.report.Statistics;
import io.hypertape.benchmarks.report.Table;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Our gemm against OpenBLAS, oneDNN, MKL and PyTorch: a {@link GemmDuel} for each shape and number
 * of threads.
 */
final class GemmPeers {

  /** Our side's name. */
  static final String OURS = "hypertape";

  /** PyTorch's sides, with what its script calls them. */
  static final Map<String, String> TORCH =
      new TreeMap<>(Map.of("torch.mm", "mm", "torch's oneDNN", "linear"));

  private static final List<String> NAMES =
      Stream.concat(Stream.of("OpenBLAS", "oneDNN", "MKL"), TORCH.keySet().stream()).toList();

  private final List<String> shapes;
  private final PeerOptions options;
  // Our seconds with the first number of threads.
  private final Map<String, Double> alone = new LinkedHashMap<>();

  /** Of the shapes that a filter is found in, as {@code gemm SHAPE}. */
  GemmPeers(Pattern filter, PeerOptions options) {
    this.shapes =
        GemmShape.LISTED.stream().filter(s -> filter.matcher("gemm " + s).find()).toList();
    this.options = options;
  }

  /** How many duels there are to fight. */
  int size() {
    return shapes.size() * options.threads().size();
  }

  /** Fights the duels. */
  void run(BenchmarkProgress progress, Report report) throws IOException {
    if (shapes.isEmpty()) {
      return;
    }
    Python.Outcome python = Python.find(options.python());
    String mkl = options.mkl();
    if (mkl.isEmpty() && python.program().isPresent()) {
      mkl = Python.mathLibrary(python.program().get());
    }
    Path script = Python.gemmScript();
    try {
      for (int threads : options.threads()) {
        run(threads, python, script, mkl, progress, report);
      }
    } finally {
      Files.deleteIfExists(script);
    }
  }

  private void run(
      int threads,
      Python.Outcome python,
      Path script,
      String mkl,
      BenchmarkProgress progress,
      Report report)
      throws IOException {
    boolean first = threads == options.threads().getFirst();
    List<String> columns = new ArrayList<>(List.of("gemm", "GFLOP/s"));
    if (!first) {
      columns.add("over " + options.threads().getFirst());
    }
    NAMES.forEach(name -> columns.add("x " + name));
    Table table = new Table(columns.toArray(new String[0]));
    List<Map<String, Object>> data = new ArrayList<>();
    Map<String, List<Ratio>> ratios = new LinkedHashMap<>();
    Set<String> notes = new LinkedHashSet<>(List.of(python.notice()));
    for (String shape : shapes) {
      JsonNode answer = duel(shape, threads, python.program().orElse(""), script, mkl);
      answer.get("peers").forEach(peer -> notes.add(peer.asText()));
      answer.get("notices").forEach(notice -> notes.add(notice.asText()));
      Map<String, double[]> times = times(answer.get("times"));
      List<String> cells = new ArrayList<>(List.of(shape));
      double own = Statistics.median(times.get(OURS));
      cells.add(Figures.digits(1e-9 * GemmShape.parse(shape).flops() / own));
      if (first) {
        alone.put(shape, own);
      } else {
        cells.add(Figures.digits(alone.get(shape) / own));
      }
      peers(cells, times, ratios);
      table.row(cells.toArray(new String[0]));
      data.add(PeerTable.figure("gemm " + shape, threads, times));
      progress.done("gemm " + shape + ", threads: " + threads);
    }
    notes.add(ratios.isEmpty() ? "There was no peer to compare with." : means(ratios));
    notes.add(
        "Medians of "
            + options.rounds()
            + " rounds of turns of 20 ms, in one JVM and, PyTorch's, in a process beside it;"
            + " ratios above 1 mean that Hypertape is faster, with quartiles.");
    notes.add(Ratio.warning(ratios.values().stream().flatMap(List::stream).toList()));
    notes.add(Environment.note(System.getenv()));
    notes.remove("");
    report.add(
        new Report.Section(
            PeerTable.title("gemm and its peers", List.of(threads)), table, List.copyOf(notes)),
        data);
  }

  private JsonNode duel(String shape, int threads, String python, Path script, String mkl)
      throws IOException {
    List<String> command = ClassPath.java(GemmDuel.class.getName(), "", List.of());
    command.addAll(
        List.of(
            shape,
            Integer.toString(threads),
            Integer.toString(options.rounds()),
            options.openblas(),
            options.onednn(),
            mkl,
            python,
            script.toString()));
    try (Child child =
        new Child(
            "gemm " + shape,
            command,
            Environment.of(threads, ClassPath.inheritedOptions()),
            Duration.ofMinutes(5))) {
      return new ObjectMapper().readTree(child.answer());
    }
  }

  private static Map<String, double[]> times(JsonNode answer) {
    Map<String, double[]> times = new LinkedHashMap<>();
    answer
        .fields()
        .forEachRemaining(
            side -> {
              double[] values = new double[side.getValue().size()];
              for (int i = 0; i < values.length; i++) {
                values[i] = side.getValue().get(i).asDouble();
              }
              times.put(side.getKey(), values);
            });
    return times;
  }

  private static void peers(
      List<String> cells, Map<String, double[]> times, Map<String, List<Ratio>> ratios) {
    for (String name : NAMES) {
      if (times.containsKey(name)) {
        Ratio ratio = Statistics.speedup(times.get(name), times.get(OURS));
        ratios.computeIfAbsent(name, unused -> new ArrayList<>()).add(ratio);
        cells.add(ratio.toString());
      } else {
        cells.add("-");
      }
    }
  }

  private static String means(Map<String, List<Ratio>> ratios) {
    List<String> parts = new ArrayList<>();
    ratios.forEach(
        (name, values) -> {
          double[] all = values.stream().mapToDouble(Ratio::median).toArray();
          parts.add(
              String.format(
                  Locale.ROOT,
                  "%.2f x %s (lowest %.2f)",
                  Statistics.geometricMean(all),
                  name,
                  Statistics.quantile(0, all)));
        });
    return "Geometric mean over the shapes: " + String.join(", ", parts) + ".";
  }

  /**
   * Binds what is there; says of each that is not what was looked for and how to install it.
   *
   * @param given files of OpenBLAS, oneDNN and MKL, empty for the usual places
   */
  static void find(List<String> given, Arena arena, List<Blas> peers, List<String> notices) {
    bind(LibrarySearch.OPENBLAS, given.get(0), arena, OpenBlas::bind, peers, notices);
    bind(LibrarySearch.ONEDNN, given.get(1), arena, OneDnn::bind, peers, notices);
    bind(LibrarySearch.MKL, given.get(2), arena, Mkl::bind, peers, notices);
  }

  private static void bind(
      LibrarySearch search,
      String given,
      Arena arena,
      java.util.function.Function<LibrarySearch.Found, java.util.Optional<Blas>> binding,
      List<Blas> peers,
      List<String> notices) {
    switch (search.find(given, arena)) {
      case LibrarySearch.Found found ->
          binding
              .apply(found)
              .ifPresentOrElse(
                  peers::add,
                  () ->
                      notices.add(
                          search.peer() + " is missing: " + found.place() + " has no gemm of it."));
      case LibrarySearch.Missing missing -> notices.add(missing.notice());
    }
  }
}
