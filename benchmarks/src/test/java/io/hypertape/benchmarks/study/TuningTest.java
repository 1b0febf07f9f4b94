package io.hypertape.benchmarks.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.benchmarks.study.Tuning.Known;
import io.hypertape.benchmarks.study.Tuning.Run;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TuningTest {

  private final Map<Run, Double> done = new HashMap<>();
  private final Known known =
      run -> done.containsKey(run) ? OptionalDouble.of(done.get(run)) : OptionalDouble.empty();

  /** Does what can be named, again and again; gives the choice. */
  private int choice(Tuning tuning, ToDoubleFunction<Run> errors) {
    boolean more = true;
    while (more) {
      assertTrue(done.size() < 1000, "it goes on for ever");
      List<Run> runs = tuning.runs(known);
      more = false;
      for (Run run : runs) {
        more |= done.put(run, errors.applyAsDouble(run)) == null;
      }
    }
    return tuning.chosen(known).orElseThrow();
  }

  @Test
  void stepSizesAreThreeADecade() {
    assertEquals(
        List.of("1e-1", "2e-1", "5e-1", "1e0", "2e0", "5e0"),
        IntStream.rangeClosed(-3, 2).mapToObj(StepSizes::text).toList());
    assertEquals(0.05, StepSizes.value(-4));
  }

  @Test
  void theLeastErrorIsChosen() {
    assertEquals(1, choice(new Tuning(-2, 3, 1), run -> Math.abs(run.size() - 1)));
    assertEquals(6, done.size(), "the grid, and nothing else");
  }

  @Test
  void aGridGrowsWhereItsBestLiesAtAnEnd() {
    assertEquals(-7, choice(new Tuning(-2, 3, 1), run -> Math.abs(run.size() + 7)));
    assertEquals(6 + 6, done.size(), "down to the one below the best");
    done.clear();
    assertEquals(5, choice(new Tuning(-2, 3, 1), run -> Math.abs(run.size() - 5)));
    assertEquals(6 + 3, done.size());
  }

  @Test
  void aGridHasAnEnd() {
    assertEquals(StepSizes.LEAST, choice(new Tuning(-2, 3, 1), Run::size));
    done.clear();
    assertEquals(StepSizes.MOST, choice(new Tuning(-2, 3, 1), run -> -run.size()));
  }

  /** The first seed alone would take 0, which is bad with the others. */
  @Test
  void theBestThreeAreTriedWithAllSeeds() {
    Tuning tuning = new Tuning(-4, 4, 3);
    int chosen =
        choice(tuning, run -> Math.abs(run.size()) + (run.size() == 0 && run.seed() > 1 ? 10 : 0));
    // 1 and −1 are equally good then: the one that comes first in the grid.
    assertEquals(-1, chosen);
    assertEquals(9 + 3 * 2, done.size());
    assertEquals(0, tuning.later(known));
  }

  @Test
  void nothingIsChosenBeforeAllIsKnown() {
    Tuning tuning = new Tuning(0, 2, 2);
    assertEquals(3, tuning.runs(known).size());
    assertEquals(OptionalInt.empty(), tuning.chosen(known));
    assertEquals(3, tuning.later(known));
    for (int size = 0; size <= 2; size++) {
      done.put(new Run(size, 1), Math.abs(size - 1.0));
    }
    assertEquals(6, tuning.runs(known).size());
    assertEquals(OptionalInt.empty(), tuning.chosen(known));
    assertEquals(8, tuning.expectedRuns(), "three sizes, two beyond an end, three once more");
  }
}
