package io.hypertape.benchmarks.peers;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A {@link Match} of training steps, which a {@link StepJudge} watches. */
final class StepMatch {

  private final int threads;
  private final int rounds;
  private final Pace pace;
  private final int classes;
  private final Map<String, String> leftOut = new TreeMap<>();

  /** Of steps that tell {@code classes} apart at random. */
  StepMatch(int threads, int rounds, Pace pace, int classes) {
    this.threads = threads;
    this.rounds = rounds;
    this.pace = pace;
    this.classes = classes;
  }

  /** Seconds of a step, one a round, by contender; who fails is described in {@code notices}. */
  Map<String, double[]> run(List<Contender> contenders, List<String> notices) throws IOException {
    Judge judge = new StepJudge(classes);
    try (Match match = new Match(threads, pace, judge)) {
      for (Contender contender : contenders) {
        match.start(contender, List.of(""), notices);
      }
      Map<String, double[]> times = match.play("", rounds, notices);
      leftOut.putAll(match.leftOut());
      notices.addAll(judge.verdict());
      return times;
    }
  }

  /** Why a contender of the match has no times, by its name. */
  Map<String, String> leftOut() {
    return leftOut;
  }
}
