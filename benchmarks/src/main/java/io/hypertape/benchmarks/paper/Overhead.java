package io.hypertape.benchmarks.paper;

import io.hypertape.autodiff.Device;
import io.hypertape.benchmarks.parts.Csv;
import io.hypertape.benchmarks.parts.Experiment;
import io.hypertape.benchmarks.parts.ExperimentFiles;
import io.hypertape.benchmarks.parts.Outcome;
import io.hypertape.benchmarks.parts.Part;
import io.hypertape.benchmarks.parts.Results;
import io.hypertape.benchmarks.report.Figures;
import io.hypertape.benchmarks.report.Statistics;
import io.hypertape.benchmarks.report.Table;
import io.hypertape.plots.Figure;
import io.hypertape.plots.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
  private final Device device;
  private final List<String> sides;
  private final String notice;

  /**
   * Prepares the measurement.
   *
   * @param model what is trained, by its short name
   * @param heights of towers
   * @param length how long to measure
   * @param device where, CPU or CUDA
   * @param search the paper's own code, or that it is missing
   * @throws IOException if that code cannot be read
   */
  Overhead(
      String model,
      List<Integer> heights,
      OverheadPart.Length length,
      Device device,
      Official.Search search)
      throws IOException {
    this.model = model;
    this.device = device;
    this.notice = search.notice();
    Optional<Official> official = search.found();
    String version = official.isPresent() ? official.get().version() : "none";
    for (int height : heights) {
      parts.add(new OverheadPart(model, height, length, device, official, version));
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
  public double stepSeconds() {
    return 1e-3;
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
    return new ExperimentFiles(folder, name())
        .write(
            csv,
            "Overhead, " + model,
            head,
            table.render() + "\n" + notes(),
            picture -> draw(results, picture));
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
        + "/sgd(1e-4)^height`, "
        + (device == Device.CUDA ? "on the GPU, " : "one thread, ")
        + batch()
        + "; a process each, in turns with one of height 0;"
        + " medians of the ratios of each round, with quartiles. The paper: 1 to 2 % a level.\n"
        + (device == Device.CUDA
            ? "- Peak memory is what tensors have taken on the GPU, without the libraries' own.\n"
            : "- Peak memory is what the whole process has had resident, the JVM or Python"
                + " included.\n")
        + (notice.isEmpty() ? "" : "- " + notice + "\n");
  }

  private String batch() {
    return switch (model) {
      case "char-lstm" -> "2 layers of 128 units, 50 texts of 50 of 90 characters";
      case "resnet20" -> "batch 128 of 3×32×32";
      default -> "batch 256";
    };
  }

  private void draw(Results results, Path file) throws IOException {
    Figure time =
        new Figure("Training step, " + model, "height of the tower", "time / that of height 0");
    Figure memory = new Figure("Peak memory, " + model, "height of the tower", "peak memory (MiB)");
    double most = 0;
    for (int i = 0; i < sides.size(); i++) {
      Curves curves = curves(results, sides.get(i));
      time.add(
          new Series(sides.get(i), curves.heights(), curves.ratios()),
          curves.bars(),
          Figure.Look.LINE,
          i);
      memory.add(
          new Series(sides.get(i), curves.heights(), curves.memory()),
          new double[0],
          Figure.Look.LINE,
          i);
      most = Math.max(most, Arrays.stream(curves.memory()).filter(m -> m > 0).max().orElse(0));
    }
    if (most > 0) {
      // From 0 on, as differences of a few MiB are noise.
      memory.rangeY(0, 1.1 * most);
    }
    Figure.write(file, List.of(time, memory));
  }

  /** One side's lines, which begin at height 0. */
  private record Curves(double[] heights, double[] ratios, double[] bars, double[] memory) {}

  private Curves curves(Results results, String side) {
    int n = parts.size() + 1;
    Curves curves = new Curves(new double[n], new double[n], new double[n], new double[n]);
    curves.ratios()[0] = 1;
    double[] bases = new double[parts.size()];
    for (int i = 1; i < n; i++) {
      OverheadPart part = parts.get(i - 1);
      Outcome outcome = results.of(part).orElseThrow();
      curves.heights()[i] = part.height();
      curves.ratios()[i] = outcome.figure(side + "_ratio");
      curves.bars()[i] =
          (outcome.figure(side + "_ratio_high") - outcome.figure(side + "_ratio_low")) / 2;
      curves.memory()[i] = outcome.figure(side + "_bytes") / MIB;
      bases[i - 1] = outcome.figure(side + "_base_bytes") / MIB;
    }
    // It was measured beside each height anew.
    curves.memory()[0] = Statistics.median(bases);
    return curves;
  }
}
