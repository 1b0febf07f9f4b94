package io.hypertape.benchmarks.paper;

import io.hypertape.benchmarks.report.Figures;
import io.hypertape.benchmarks.report.Table;
import io.hypertape.io.AtomicFile;
import io.hypertape.run.Figure;
import io.hypertape.run.Series;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a tower costs: time and peak memory of training steps against its height. */
final class Overhead implements Experiment {

  static final List<Integer> HEIGHTS = List.of(1, 2, 3, 5, 10, 20, 50);
  static final List<Integer> FEW_HEIGHTS = List.of(1, 5, 50);
  private static final double MIB = 1 << 20;

  private final List<OverheadPart> parts = new ArrayList<>();
  private final String model;
  private final List<String> sides;
  private final String notice;

  /**
   * Prepares the measurement.
   *
   * @param model what is trained, by its short name
   * @param heights of towers
   * @param length how long to measure
   * @param search the paper's own code, or that it is missing
   * @throws IOException if that code cannot be read
   */
  Overhead(String model, List<Integer> heights, OverheadPart.Length length, Official.Search search)
      throws IOException {
    this.model = model;
    this.notice = search.notice();
    Optional<Official> official = search.found();
    String version = official.isPresent() ? official.get().version() : "none";
    for (int height : heights) {
      parts.add(new OverheadPart(model, height, length, official, version));
    }
    sides =
        official.isPresent()
            ? List.of(OverheadPart.OURS, OverheadPart.OFFICIAL)
            : List.of(OverheadPart.OURS);
  }

  @Override
  public String name() {
    return "overhead-" + model;
  }

  @Override
  public List<Part> parts(Results results) {
    return List.copyOf(parts);
  }

  @Override
  public long laterSteps(Results results) {
    return 0;
  }

  @Override
  public String write(Results results, Path folder, String head) throws IOException {
    Csv csv =
        new Csv(
            "model",
            "height",
            "side",
            "step_seconds",
            "step_seconds_height_0",
            "ratio",
            "ratio_low",
            "ratio_high",
            "peak_bytes",
            "peak_bytes_height_0");
    Table table =
        new Table(
            "height", "side", "step", "to height 0", "a level", "peak memory", "above height 0");
    for (OverheadPart part : parts) {
      for (String side : sides) {
        row(csv, table, part.height(), side, results.of(part).orElseThrow());
      }
    }
    csv.write(folder.resolve(name() + ".csv"));
    String text = table.render() + "\n" + notes();
    byte[] bytes = ("# Overhead, " + model + "\n\n" + head + text).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(folder.resolve(name() + ".md"), out -> out.write(bytes));
    draw(results, folder.resolve(name() + ".png"));
    return text;
  }

  private void row(Csv csv, Table table, int height, String side, Outcome outcome) {
    double seconds = outcome.figure(side + "_seconds");
    double ratio = outcome.figure(side + "_ratio");
    double bytes = outcome.figure(side + "_bytes");
    double base = outcome.figure(side + "_base_bytes");
    csv.row(
        model,
        height,
        side,
        seconds,
        outcome.figure(side + "_base_seconds"),
        ratio,
        outcome.figure(side + "_ratio_low"),
        outcome.figure(side + "_ratio_high"),
        bytes,
        base);
    table.row(
        Integer.toString(height),
        side,
        Figures.time(seconds),
        String.format(
            Locale.ROOT,
            "%.3f (%.3f–%.3f)",
            ratio,
            outcome.figure(side + "_ratio_low"),
            outcome.figure(side + "_ratio_high")),
        String.format(Locale.ROOT, "%+.2f %%", 100 * (ratio - 1) / height),
        String.format(Locale.ROOT, "%.0f MiB", bytes / MIB),
        String.format(Locale.ROOT, "%+.1f MiB", (bytes - base) / MIB));
  }

  private String notes() {
    return "- Towers `"
        + OverheadPart.tower(0)
        + "/sgd(1e-4)^height`, one thread, batch 256; a process each, in turns with one of height 0;"
        + " medians of the ratios of each round, with quartiles. The paper: 1 to 2 % a level.\n"
        + "- Peak memory is what the whole process has had resident, the JVM or Python included.\n"
        + (notice.isEmpty() ? "" : "- " + notice + "\n");
  }

  private void draw(Results results, Path file) throws IOException {
    Figure time =
        new Figure("Training step, " + model, "height of the tower", "time / that of height 0");
    Figure memory =
        new Figure("Peak memory, " + model, "height of the tower", "more than at height 0 (MiB)");
    double[] heights = parts.stream().mapToDouble(OverheadPart::height).toArray();
    for (int i = 0; i < sides.size(); i++) {
      String side = sides.get(i);
      List<Outcome> all = parts.stream().map(part -> results.of(part).orElseThrow()).toList();
      double[] ratios = all.stream().mapToDouble(o -> o.figure(side + "_ratio")).toArray();
      double[] bars =
          all.stream()
              .mapToDouble(
                  o -> (o.figure(side + "_ratio_high") - o.figure(side + "_ratio_low")) / 2)
              .toArray();
      double[] more =
          all.stream()
              .mapToDouble(o -> (o.figure(side + "_bytes") - o.figure(side + "_base_bytes")) / MIB)
              .toArray();
      time.add(new Series(side, heights, ratios), bars, Figure.Look.LINE, i);
      memory.add(new Series(side, heights, more), new double[0], Figure.Look.LINE, i);
    }
    Figure.write(file, List.of(time, memory));
  }
}
