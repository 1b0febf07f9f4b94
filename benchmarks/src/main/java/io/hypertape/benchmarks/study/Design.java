package io.hypertape.benchmarks.study;

import io.hypertape.optim.Tower;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is done with each task.
 *
 * @param methods to be tried, all of which can be read
 * @param skipped methods that cannot be read yet, and why
 * @param starts step sizes to start from
 * @param seeds how many, from 1 on
 * @param revision the state of the code that self-tuning towers depend on; may be empty
 * @param judge by which data methods are compared
 */
record Design(
    List<Method> methods,
    Map<Method, String> skipped,
    List<Start> starts,
    int seeds,
    String revision,
    Judge judge) {

  /** Data that methods are compared by. */
  enum Judge {
    /** Those that nothing is chosen by. */
    TEST,
    /** Those that step sizes are chosen by, and constants may be. */
    VALID;

    /** The name of the figure in outcomes. */
    String figure() {
      return this == TEST ? StudyPart.TEST : StudyPart.VALID;
    }

    @Override
    public String toString() {
      return this == TEST ? "test" : "validation";
    }
  }

  /** Sorts out what cannot be read. */
  static Design of(
      List<Method> wanted, List<Start> starts, int seeds, String revision, Judge judge) {
    List<Method> methods = new ArrayList<>();
    Map<Method, String> skipped = new LinkedHashMap<>();
    for (Method method : wanted) {
      try {
        Tower.parse(method.tower("1e-3"));
        methods.add(method);
      } catch (IllegalArgumentException e) {
        // Without the list of all that is known.
        String why = e.getMessage().lines().findFirst().orElse("");
        skipped.put(method, why.replaceFirst(" \\(known: [^)]*\\)", ""));
      }
    }
    return new Design(List.copyOf(methods), skipped, starts, seeds, revision, judge);
  }

  /** The choice of a method's step size. */
  Tuning tuning(Method method) {
    return new Tuning(method.base().low(), method.base().high(), seeds);
  }

  /** A run. */
  StudyPart part(Task task, Method method, String stepSize, long seed) {
    return StudyPart.of(task, method.tower(stepSize), method.isSettled() ? "" : revision, seed);
  }

  /** About how many runs a task takes. */
  int expectedRuns() {
    int runs = 0;
    for (Method method : methods) {
      runs +=
          switch (method.kind()) {
            case TUNED -> tuning(method).expectedRuns();
            case STARTS -> starts.size() * seeds;
            case ALONE -> seeds;
          };
    }
    return runs;
  }
}
