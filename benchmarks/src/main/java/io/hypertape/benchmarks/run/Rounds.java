package io.hypertape.benchmarks.run;

import io.hypertape.benchmarks.report.BenchmarkProgress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Cases that are measured in turns, round by round, so that a machine that slows down for a while
 * does so for all.
 *
 * @param cases what is measured
 * @param threads each number of them by itself
 * @param rounds how often
 */
record Rounds(List<Case> cases, List<Integer> threads, int rounds) {

  int size() {
    return cases.size() * threads.size() * rounds;
  }

  /**
   * Measures all.
   *
   * @param measure a case with parameters
   * @param text what a score is shown as
   * @param summarize gets the number of threads, and the scores of each case by its label
   */
  void run(
      BiFunction<Case, Map<String, String>, JmhScore> measure,
      Function<JmhScore, String> text,
      BenchmarkProgress progress,
      BiConsumer<Integer, Map<String, List<JmhScore>>> summarize) {
    for (int count : threads) {
      Map<String, List<JmhScore>> scores = new LinkedHashMap<>();
      for (int round = 0; round < rounds; round++) {
        for (Case which : cases) {
          JmhScore score = measure.apply(which, Map.of("threads", Integer.toString(count)));
          scores.computeIfAbsent(which.label(), unused -> new ArrayList<>()).add(score);
          progress.done(which.label() + ": " + text.apply(score));
        }
      }
      if (!cases.isEmpty()) {
        summarize.accept(count, scores);
      }
    }
  }
}
