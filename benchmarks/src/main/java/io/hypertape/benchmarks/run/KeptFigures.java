package io.hypertape.benchmarks.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.hypertape.benchmarks.report.Report;
import io.hypertape.benchmarks.report.Statistics;
import io.hypertape.benchmarks.report.VersionTable;
import io.hypertape.io.guard.CheckedJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Times that a run kept in its {@code bench.json}, those of Hypertape.
 *
 * @param cpu what they were measured on
 * @param seconds by number of threads, then by benchmark
 */
record KeptFigures(String cpu, Map<Integer, Map<String, Double>> seconds) {

  /** Reads those whose name a pattern is found in. */
  static KeptFigures read(Path file, Pattern filter) throws IOException {
    JsonNode values = CheckedJson.read(file).values();
    if (!values.path("results").isArray()) {
      throw new IOException(file + " has no results; a bench.json fits");
    }
    Map<Integer, Map<String, Double>> seconds = new TreeMap<>();
    for (JsonNode figure : values.path("results")) {
      String name = figure.path("benchmark").asText();
      double time = seconds(figure);
      if (time > 0 && filter.matcher(name).find()) {
        String label = figure.path("suite").asText() + ": " + name;
        seconds
            .computeIfAbsent(figure.path("threads").asInt(1), unused -> new LinkedHashMap<>())
            .put(label, time);
      }
    }
    return new KeptFigures(values.path("machine").path("CPU").asText("unknown"), seconds);
  }

  /** Of one fork, of several, or of our side of several. */
  private static double seconds(JsonNode figure) {
    JsonNode rounds = figure.path("secondsOfRounds");
    JsonNode own = rounds.isObject() ? rounds.path("hypertape") : rounds;
    double[] values = new double[own.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = own.get(i).asDouble();
    }
    return values.length > 0 ? Statistics.median(values) : figure.path("seconds").asDouble();
  }

  /** Puts an old run's figures beside a new one's. */
  static int compare(KeptFigures old, KeptFigures latest, Report report) {
    int count = 0;
    for (Map.Entry<Integer, Map<String, Double>> group : latest.seconds.entrySet()) {
      Map<String, Double> before = old.seconds.getOrDefault(group.getKey(), Map.of());
      VersionTable table = new VersionTable(group.getKey());
      List<String> alone = new ArrayList<>();
      for (Map.Entry<String, Double> one : group.getValue().entrySet()) {
        if (before.containsKey(one.getKey())) {
          double[] was = {before.get(one.getKey())};
          table.row(one.getKey(), List.of(was, new double[] {one.getValue()}));
          count++;
        } else {
          alone.add(one.getKey());
        }
      }
      if (!alone.isEmpty()) {
        table.leaveOut(String.join(", ", alone), VersionTable.SIDES.getFirst(), "no such figure");
      }
      String how = "Two runs, one after the other: what other work did to either is in the ratio.";
      if (!old.cpu.equals(latest.cpu)) {
        how += " They are of two processors: " + old.cpu + ", and " + latest.cpu + ".";
      }
      table.addTo(report, "two runs", how);
    }
    return count;
  }
}
