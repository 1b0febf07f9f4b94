package io.hypertape.benchmarks.study;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The choice of a step size by validation data, and by nothing else. A grid is tried with the first
 * seed; as long as its best lies at an end it grows there. The best three are then tried with all
 * seeds, and the one with the least mean is chosen.
 *
 * @param low number of the smallest step size that is tried in any case
 * @param high number of the largest one
 * @param seeds how many
 */
record Tuning(int low, int high, int seeds) {

  /** How many are tried with all seeds. */
  static final int CANDIDATES = 3;

  /**
   * A run.
   *
   * @param size number of its step size
   * @param seed from 1
   */
  record Run(int size, int seed) {}

  /** What is known of validation data. */
  @FunctionalInterface
  interface Known {
    /** The error of a run; nothing if it has not been done. */
    OptionalDouble of(Run run);
  }

  /** The runs that can be named now; after them there may be more. */
  List<Run> runs(Known known) {
    List<Run> runs = new ArrayList<>();
    List<Integer> sizes = grid(known);
    sizes.forEach(size -> runs.add(new Run(size, 1)));
    candidates(sizes, known)
        .forEach(size -> IntStream.rangeClosed(2, seeds).forEach(s -> runs.add(new Run(size, s))));
    return runs;
  }

  /** The number of the chosen step size, once all its runs are known. */
  OptionalInt chosen(Known known) {
    List<Integer> candidates = candidates(grid(known), known);
    boolean done =
        !candidates.isEmpty()
            && candidates.stream().allMatch(size -> mean(size, known).isPresent());
    return done
        ? candidates.stream()
            .min(Comparator.comparingDouble(size -> mean(size, known).orElseThrow()))
            .stream()
            .mapToInt(size -> size)
            .findFirst()
        : OptionalInt.empty();
  }

  /** About how many runs it takes, with two more at an end of the grid. */
  int expectedRuns() {
    return high - low + 3 + CANDIDATES * (seeds - 1);
  }

  /** How many are still to come that cannot be named yet. */
  int later(Known known) {
    return candidates(grid(known), known).isEmpty() ? CANDIDATES * (seeds - 1) : 0;
  }

  /** Step sizes of the grid, as far as it has grown. */
  private List<Integer> grid(Known known) {
    int from = low;
    int to = high;
    while (true) {
      List<Integer> sizes = IntStream.rangeClosed(from, to).boxed().toList();
      List<Integer> ranking = ranking(sizes, known);
      if (ranking.isEmpty()) {
        return sizes;
      }
      if (ranking.getFirst() == from && from > StepSizes.LEAST) {
        from--;
      } else if (ranking.getFirst() == to && to < StepSizes.MOST) {
        to++;
      } else {
        return sizes;
      }
    }
  }

  /** Best first; nothing as long as one is not known. */
  private static List<Integer> ranking(List<Integer> sizes, Known known) {
    boolean all = sizes.stream().allMatch(size -> known.of(new Run(size, 1)).isPresent());
    return all
        ? sizes.stream()
            .sorted(Comparator.comparingDouble(size -> known.of(new Run(size, 1)).orElseThrow()))
            .toList()
        : List.of();
  }

  private static List<Integer> candidates(List<Integer> sizes, Known known) {
    List<Integer> ranking = ranking(sizes, known);
    return ranking.subList(0, Math.min(CANDIDATES, ranking.size()));
  }

  private OptionalDouble mean(int size, Known known) {
    double sum = 0;
    for (int seed = 1; seed <= seeds; seed++) {
      OptionalDouble one = known.of(new Run(size, seed));
      if (one.isEmpty()) {
        return one;
      }
      sum += one.getAsDouble();
    }
    return OptionalDouble.of(sum / seeds);
  }
}
