package io.hypertape.benchmarks.peers;

import io.hypertape.benchmarks.fork.Child;
import io.hypertape.benchmarks.fork.ClassPath;
import io.hypertape.benchmarks.fork.Environment;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Processes that take training steps in turns of a fifth of a second, one at a time while the
 * others wait, in an order that is reversed from round to round. A pause before each turn lets the
 * last one's worker threads, which spin for a while, fall asleep.
 */
final class StepMatch {

  private static final double TURN_SECONDS = 0.2;
  private static final double WARMUP_SECONDS = 3;
  private static final long PAUSE_MILLIS = 60;
  // torch.compile runs a C++ compiler before its first step.
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final int threads;
  private final int rounds;

  StepMatch(int threads, int rounds) {
    this.threads = threads;
    this.rounds = rounds;
  }

  /** Seconds of a step, one a round, by contender; who fails is described in {@code notices}. */
  Map<String, double[]> run(List<Contender> contenders, List<String> notices) throws IOException {
    Map<String, Child> children = new LinkedHashMap<>();
    try {
      for (Contender contender : contenders) {
        start(contender, children, notices);
      }
      return rounds(children);
    } finally {
      for (Child child : children.values()) {
        child.close();
      }
    }
  }

  private void start(Contender contender, Map<String, Child> children, List<String> notices) {
    Child child = null;
    try {
      child =
          new Child(
              contender.name(),
              contender.command(),
              Environment.of(threads, ClassPath.inheritedOptions()),
              PATIENCE);
      String description = contender.name() + ": " + child.answer();
      warm(child);
      children.put(contender.name(), child);
      notices.add(description);
    } catch (IOException e) {
      notices.add(contender.name() + " did not run: " + e.getMessage());
      close(child);
    }
  }

  private static void close(Child child) {
    try {
      if (child != null) {
        child.close();
      }
    } catch (IOException e) {
      // It has been said already that it failed.
    }
  }

  private static void warm(Child child) throws IOException {
    double seconds = 0;
    while (seconds < WARMUP_SECONDS) {
      seconds += Double.parseDouble(child.ask("100"));
    }
  }

  private Map<String, double[]> rounds(Map<String, Child> children) throws IOException {
    Map<String, double[]> times = new LinkedHashMap<>();
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (Map.Entry<String, Child> side : children.entrySet()) {
      times.put(side.getKey(), new double[rounds]);
      double step = turn(side.getValue(), 20);
      counts.put(side.getKey(), (int) Math.max(1, TURN_SECONDS / step));
    }
    List<String> order = new ArrayList<>(children.keySet());
    for (int round = 0; round < rounds; round++) {
      for (String name : order) {
        times.get(name)[round] = turn(children.get(name), counts.get(name));
      }
      order = order.reversed();
    }
    return times;
  }

  private static double turn(Child child, int count) throws IOException {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return Double.parseDouble(child.ask(Integer.toString(count))) / count;
  }
}
