package io.hypertape.benchmarks.paper;

import io.hypertape.benchmarks.fork.ClassPath;
import io.hypertape.benchmarks.report.Figures;
import io.hypertape.benchmarks.report.Ratio;
import io.hypertape.benchmarks.report.Statistics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A tower of one height beside one of height 0, ours and, where it is there, the official code's: a
 * process each, in turns.
 *
 * @param model what is trained, by its short name
 * @param height of the tower
 * @param length how long to measure
 * @param official the paper's own code
 * @param officialVersion what decides its results
 */
record OverheadPart(
    String model, int height, Length length, Optional<Official> official, String officialVersion)
    implements Part {

  static final String OURS = "hypertape";
  static final String OFFICIAL = "official";

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
    return Math.round(1000 * sides * (2 + length.warmup + 0.2 * length.rounds));
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
    Map<String, Double> figures = new LinkedHashMap<>();
    try (Turns turns = new Turns()) {
      turns.start(OURS + 0, ours(0));
      turns.start(OURS + height, ours(height));
      if (official.isPresent()) {
        turns.start(OFFICIAL + 0, official.get().command(model, 0));
        turns.start(OFFICIAL + height, official.get().command(model, height));
      }
      Map<String, double[]> times = turns.times(length.warmup, length.rounds, conditions);
      put(figures, OURS, times, turns);
      if (official.isPresent()) {
        put(figures, OFFICIAL, times, turns);
      }
    }
    return new Outcome(figures, "");
  }

  private List<String> ours(int towerHeight) {
    // The serial collector keeps no memory of its own, and a small heap is not let grow for
    // nothing.
    List<String> command =
        new ArrayList<>(
            ClassPath.java(
                OverheadServer.class.getName(), "", List.of("-XX:+UseSerialGC", "-Xmx256m")));
    command.addAll(List.of(model, tower(towerHeight)));
    return command;
  }

  private void put(
      Map<String, Double> figures, String side, Map<String, double[]> times, Turns turns)
      throws IOException {
    double[] base = times.get(side + 0);
    double[] own = times.get(side + height);
    Ratio ratio = Statistics.speedup(own, base);
    figures.put(side + "_base_seconds", Statistics.median(base));
    figures.put(side + "_seconds", Statistics.median(own));
    figures.put(side + "_ratio", ratio.median());
    figures.put(side + "_ratio_low", ratio.low());
    figures.put(side + "_ratio_high", ratio.high());
    figures.put(side + "_base_bytes", turns.memory(side + 0));
    figures.put(side + "_bytes", turns.memory(side + height));
  }

  @Override
  public String told(Outcome outcome) {
    return Figures.time(outcome.figure(OURS + "_seconds"))
        + String.format(Locale.ROOT, " a step, %.2f of height 0", outcome.figure(OURS + "_ratio"));
  }
}
