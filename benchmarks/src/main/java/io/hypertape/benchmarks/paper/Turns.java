package io.hypertape.benchmarks.paper;

import io.hypertape.benchmarks.fork.Child;
import io.hypertape.benchmarks.fork.ClassPath;
import io.hypertape.benchmarks.fork.Environment;
import io.hypertape.benchmarks.parts.Conditions;
import io.hypertape.benchmarks.parts.StoppedException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Processes that take training steps in turns, so that what slows the machine down for a while
 * slows all of them down.
 */
final class Turns implements AutoCloseable {

  /** The question that is answered by the most bytes a process has had resident. */
  static final String MEMORY = "memory";

  /**
   * How steps are timed.
   *
   * @param warmSteps steps of a request while a process warms up
   * @param trialSteps steps that the length of a turn is found by
   * @param warmSeconds of steps of each process before the first turn
   * @param turnSeconds length of a turn, of one step at least
   */
  record Pace(int warmSteps, int trialSteps, double warmSeconds, double turnSeconds) {}

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Map<String, Child> children = new LinkedHashMap<>();

  /** Starts a process and waits until it is ready. */
  void start(String name, List<String> command) throws IOException {
    Child child =
        new Child(name, command, Environment.of(1, ClassPath.inheritedOptions()), PATIENCE);
    children.put(name, child);
    child.answer();
  }

  /**
   * Measures.
   *
   * @param pace how steps are timed
   * @param rounds turns of each
   * @param stops asked between turns
   * @return seconds of a step in each round, by the process's name
   */
  Map<String, double[]> times(Pace pace, int rounds, Conditions stops) throws IOException {
    Map<String, double[]> times = new LinkedHashMap<>();
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (String name : children.keySet()) {
      double seconds = 0;
      while (seconds < pace.warmSeconds()) {
        seconds += turn(name, pace.warmSteps(), stops) * pace.warmSteps();
      }
      counts.put(
          name, (int) Math.max(1, pace.turnSeconds() / turn(name, pace.trialSteps(), stops)));
      times.put(name, new double[rounds]);
    }
    List<String> order = new ArrayList<>(children.keySet());
    for (int round = 0; round < rounds; round++) {
      for (String name : order) {
        times.get(name)[round] = turn(name, counts.get(name), stops);
      }
      order = order.reversed();
    }
    return times;
  }

  private double turn(String name, int count, Conditions stops) throws IOException {
    if (stops.stops()) {
      throw new StoppedException();
    }
    return Double.parseDouble(children.get(name).ask(Integer.toString(count))) / count;
  }

  /** The most bytes that a process has had resident; NaN if it cannot tell. */
  double memory(String name) throws IOException {
    double bytes = Double.parseDouble(children.get(name).ask(MEMORY));
    return bytes < 0 ? Double.NaN : bytes;
  }

  @Override
  public void close() throws IOException {
    for (Child child : children.values()) {
      child.close();
    }
  }
}
