package io.hypertape.benchmarks.peers;

import com.fasterxml.jackson.core.type.TypeReference;
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

/** What {@code --blas} makes of a library: a {@link BlasDuel} a shape and number of threads. */
public final class BlasSuite {

  /** What the backend takes for large, see docs/decisions/0012-blas.md. */
  private static final double LARGE = 1 << 20;

  private static final int NARROW = 16;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<LinkedHashMap<String, double[]>> TIMES =
      new TypeReference<>() {};

  private final List<String> shapes;
  private final PeerOptions options;

  /**
   * Prepares the comparison.
   *
   * @param filter which shapes, by {@code blas SHAPE}
   * @param options where libraries are, how long to measure
   */
  public BlasSuite(Pattern filter, PeerOptions options) {
    this.shapes =
        GemmShape.LISTED.stream().filter(s -> filter.matcher("blas " + s).find()).toList();
    this.options = options;
  }

  /**
   * How much there is to do.
   *
   * @return number of duels
   */
  public int size() {
    return shapes.size() * options.threads().size();
  }

  /**
   * Fights the duels.
   *
   * @param progress told of each
   * @param report gets a section for each number of threads
   * @throws IOException if a process fails
   */
  public void run(BenchmarkProgress progress, Report report) throws IOException {
    if (shapes.isEmpty()) {
      return;
    }
    for (int threads : options.threads()) {
      run(threads, progress, report);
    }
  }

  private void run(int threads, BenchmarkProgress progress, Report report) throws IOException {
    Table table = new Table("product, library", "GFLOP/s", "by --blas", "ratio", "aligned", "ours");
    List<Map<String, Object>> data = new ArrayList<>();
    Set<String> notes = new LinkedHashSet<>();
    Map<String, List<Double>> ratios = new TreeMap<>();
    for (String shape : shapes) {
      JsonNode answer = duel(shape, threads);
      answer.get("peers").forEach(peer -> notes.add(peer.asText()));
      answer.get("notices").forEach(notice -> notes.add(notice.asText()));
      Map<String, double[]> times = JSON.convertValue(answer.get("times"), TIMES);
      rows(table, GemmShape.parse(shape), times, ratios);
      data.add(figure(shape, threads, times));
      progress.done("blas " + shape + ", threads: " + threads);
    }
    ratios.forEach(
        (name, all) ->
            notes.add(
                String.format(
                    Locale.ROOT,
                    "By --blas, large products at %.3f of %s called directly (geometric mean; lowest %.3f).",
                    Statistics.geometricMean(all.stream().mapToDouble(r -> r).toArray()),
                    name,
                    all.stream().mapToDouble(r -> r).min().orElse(0))));
    notes.add(
        "Libraries called directly on native memory that lies as a Java array does, and on aligned"
            + " one; by --blas: a recorded product of the cpu backend with that library, small"
            + " products by our kernels; ours: without a library. Ratio: by --blas to directly."
            + " Medians of "
            + options.rounds()
            + " rounds of turns of 20 ms in one JVM.");
    notes.add(Environment.note(System.getenv()));
    notes.remove("");
    report.add(
        new Report.Section("products by --blas, threads: " + threads, table, List.copyOf(notes)),
        data);
  }

  private JsonNode duel(String shape, int threads) throws IOException {
    List<String> command = ClassPath.java(BlasDuel.class.getName(), "", List.of());
    command.addAll(
        List.of(
            shape,
            Integer.toString(threads),
            Integer.toString(options.rounds()),
            options.openblas(),
            options.onednn(),
            options.mkl()));
    try (Child child =
        new Child(
            "blas " + shape,
            command,
            Environment.of(threads, ClassPath.inheritedOptions()),
            Duration.ofMinutes(5))) {
      return JSON.readTree(child.answer());
    }
  }

  private static void rows(
      Table table, GemmShape shape, Map<String, double[]> times, Map<String, List<Double>> ratios) {
    String ours = rate(shape, times.get(GemmPeers.OURS));
    List<String> names =
        times.keySet().stream().filter(name -> times.containsKey(name + BlasDuel.THROUGH)).toList();
    for (String name : names) {
      double[] direct = times.get(name);
      double[] through = times.get(name + BlasDuel.THROUGH);
      Ratio ratio = Statistics.speedup(direct, through);
      if (shape.flops() >= LARGE && Math.min(shape.n(), shape.k()) >= NARROW) {
        ratios.computeIfAbsent(name, unused -> new ArrayList<>()).add(ratio.median());
      }
      table.row(
          shape + " " + name,
          rate(shape, direct),
          rate(shape, through),
          ratio.toString(),
          rate(shape, times.get(name + BlasDuel.ALIGNED)),
          ours);
    }
  }

  private static String rate(GemmShape shape, double[] times) {
    return Figures.digits(1e-9 * shape.flops() / Statistics.median(times));
  }

  private static Map<String, Object> figure(
      String shape, int threads, Map<String, double[]> times) {
    Map<String, Object> figure = new LinkedHashMap<>();
    figure.put("suite", "blas");
    figure.put("benchmark", "blas " + shape);
    figure.put("threads", threads);
    figure.put("secondsOfRounds", times);
    return figure;
  }
}
