package io.hypertape.benchmarks.paper;

import io.hypertape.autodiff.Device;
import io.hypertape.benchmarks.fork.ClassPath;
import io.hypertape.benchmarks.parts.Conditions;
import io.hypertape.benchmarks.parts.Outcome;
import io.hypertape.benchmarks.parts.Part;
import io.hypertape.benchmarks.report.Figures;
import io.hypertape.benchmarks.report.Ratio;
import io.hypertape.benchmarks.report.Statistics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * A tower of one height beside one of height 0, ours and, where it is there, the official code's: a
 * process each, in turns.
 *
 * @param model what is trained, by its short name
 * @param height of the tower
 * @param length how long to measure
 * @param device where, CPU or CUDA
 * @param official the paper's own code
 * @param officialVersion what decides its results
 */
record OverheadPart(
    String model,
    int height,
    Length length,
    Device device,
    Optional<Official> official,
    String officialVersion)
    implements Part {

  static final String OURS = "hypertape";
  static final String OFFICIAL = "official";

  private static final int LIVES = 3;

  /** Which part of the usual warm-up is taken: tests look at what is told, not at figures. */
  private static final String PART = "hypertape.overhead.part";

  /** How long to measure; a step's code is long, and takes seconds to be compiled. */
  enum Length {
    /** For figures to keep. */
    WHOLE(5, 15),
    /** For a first look. */
    SHORT(4, 5);

    private final double warmup;
    private final int rounds;

    Length(double warmup, int rounds) {
      this.warmup = warmup;
      this.rounds = rounds;
    }
  }

  private Turns.Pace pace(double part) {
    double warmup = part * length.warmup;
    // On the CPU steps of the larger models take tens and hundreds of milliseconds.
    return switch (device == Device.CUDA ? "mlp" : model) {
      case "char-lstm" -> new Turns.Pace(4, 2, 2 * warmup, 0.4);
      case "resnet20" -> new Turns.Pace(2, 1, 3 * warmup, 1);
      default -> new Turns.Pace(50, 20, warmup, 0.2);
    };
  }

  /**
   * How often all processes are started anew: two of long steps differ by a few hundredths for as
   * long as they live, however many rounds they play.
   */
  private int lives() {
    return length == Length.SHORT || model.equals("mlp") ? 1 : LIVES;
  }

  /** What a step needs and not much more, as a heap is let grow before it is cleaned. */
  private String heap() {
    return model.equals("resnet20") ? "-Xmx3g" : "-Xmx256m";
  }

  @Override
  public String label() {
    return "overhead of " + model + ", height " + height;
  }

  @Override
  public Map<String, String> key() {
    Map<String, String> key = new LinkedHashMap<>();
    key.put("overhead", model);
    key.put("height", Integer.toString(height));
    key.put("length", length.name());
    key.put("official", officialVersion);
    return key;
  }

  /** Seconds, a step about a millisecond each. */
  @Override
  public long steps() {
    int sides = official.isPresent() ? 4 : 2;
    return Math.round(
        1000
            * sides
            * (lives() * (2 + pace(1).warmSeconds()) + pace(1).turnSeconds() * length.rounds));
  }

  @Override
  public Company company() {
    return Company.NONE;
  }

  static String tower(int height) {
    return height == 0 ? "sgd(0.01)" : "sgd(0.01)/sgd(1e-4)^" + height;
  }

  @Override
  public Outcome run(Conditions conditions) throws IOException {
    Turns.Pace pace = pace(Double.parseDouble(System.getProperty(PART, "1")));
    Map<String, double[]> times = new LinkedHashMap<>();
    Map<String, double[]> bytes = new LinkedHashMap<>();
    for (int life = 0; life < lives(); life++) {
      try (Turns turns = new Turns()) {
        turns.start(OURS + 0, ours(0));
        turns.start(OURS + height, ours(height));
        if (official.isPresent()) {
          turns.start(OFFICIAL + 0, official.get().command(model, 0, device));
          turns.start(OFFICIAL + height, official.get().command(model, height, device));
        }
        for (var taken : turns.times(pace, length.rounds / lives(), conditions).entrySet()) {
          times.merge(taken.getKey(), taken.getValue(), OverheadPart::joined);
          bytes.merge(
              taken.getKey(), new double[] {turns.memory(taken.getKey())}, OverheadPart::joined);
        }
      }
    }
    Map<String, Double> figures = new LinkedHashMap<>();
    put(figures, OURS, times, bytes);
    if (official.isPresent()) {
      put(figures, OFFICIAL, times, bytes);
    }
    return new Outcome(figures, "");
  }

  private static double[] joined(double[] first, double[] second) {
    return DoubleStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
  }

  private List<String> ours(int towerHeight) {
    // The serial collector keeps no memory of its own, and a small heap is not let grow for
    // nothing.
    List<String> command =
        new ArrayList<>(
            ClassPath.java(
                OverheadServer.class.getName(), "", List.of("-XX:+UseSerialGC", heap())));
    command.addAll(List.of(model, tower(towerHeight), device.name()));
    return command;
  }

  private void put(
      Map<String, Double> figures,
      String side,
      Map<String, double[]> times,
      Map<String, double[]> bytes) {
    double[] base = times.get(side + 0);
    double[] own = times.get(side + height);
    Ratio ratio = Statistics.speedup(own, base);
    figures.put(side + "_base_seconds", Statistics.median(base));
    figures.put(side + "_seconds", Statistics.median(own));
    figures.put(side + "_ratio", ratio.median());
    figures.put(side + "_ratio_low", ratio.low());
    figures.put(side + "_ratio_high", ratio.high());
    figures.put(side + "_base_bytes", Statistics.median(bytes.get(side + 0)));
    figures.put(side + "_bytes", Statistics.median(bytes.get(side + height)));
  }

  @Override
  public String told(Outcome outcome) {
    return Figures.time(outcome.figure(OURS + "_seconds"))
        + String.format(Locale.ROOT, " a step, %.2f of height 0", outcome.figure(OURS + "_ratio"));
  }
}
