package io.hypertape.benchmarks.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * What JMH found in one fork.
 *
 * @param seconds time of one operation
 * @param error half the width of its 99.9% interval of confidence, as a part of it; NaN if unknown
 * @param rates what the auxiliary counters show, by name, and the profilers' figures
 * @param iterations the same of each iteration
 */
record JmhScore(
    double seconds, double error, Map<String, Double> rates, List<Map<String, Double>> iterations) {

  /** Heap bytes an operation, as the gc profiler counts them; NaN if it did not run. */
  double bytes() {
    return rates.entrySet().stream()
        .filter(rate -> rate.getKey().endsWith("gc.alloc.rate.norm"))
        .mapToDouble(Map.Entry::getValue)
        .findFirst()
        .orElse(Double.NaN);
  }

  /** A counter's rate; NaN if it counted nothing. */
  double rate(String counter) {
    double rate = rates.getOrDefault(counter, 0.0);
    return rate > 0 ? rate : Double.NaN;
  }

  static JmhScore of(RunResult result) {
    Result<?> primary = result.getPrimaryResult();
    List<Map<String, Double>> iterations =
        result.getAggregatedResult().getIterationResults().stream()
            .map(iteration -> rates(iteration.getSecondaryResults()))
            .toList();
    return new JmhScore(
        seconds(primary.getScore(), primary.getScoreUnit()),
        primary.getScoreError() / primary.getScore(),
        rates(result.getSecondaryResults()),
        iterations);
  }

  // JMH's own signatures name the raw type.
  @SuppressWarnings("rawtypes")
  private static Map<String, Double> rates(Map<String, Result> results) {
    Map<String, Double> rates = new LinkedHashMap<>();
    results.forEach((name, result) -> rates.put(name, result.getScore()));
    return rates;
  }

  static double seconds(double score, String unit) {
    return switch (unit) {
      case "ops/s" -> 1 / score;
      case "us/op" -> 1e-6 * score;
      default -> throw new IllegalArgumentException("a benchmark in " + unit);
    };
  }
}
