package io.hypertape.benchmarks.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.benchmarks.study.Standing.Ending;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StandingTest {

  private static final Quality ERROR = Quality.error(10);

  @Test
  void meanAndWorstStart() {
    Map<String, List<Ending>> runs = new LinkedHashMap<>();
    runs.put("1e-8", List.of(new Ending(4, true), new Ending(6, true)));
    // Its worst run is worse than any, its mean is not.
    runs.put("1e-4", List.of(new Ending(1, true), new Ending(8, true)));
    runs.put("1e1", List.of(new Ending(2, true), new Ending(3, true)));
    Standing standing = Standing.of(runs, ERROR);
    assertEquals(new Standing(4, 5, "1e-8", 6, 0, 0), standing);
    assertEquals(1.6, standing.meanOver(2.5));
    assertEquals(2, standing.worstOver(2.5));
  }

  @Test
  void whatIsNoNumberCountsWithChance() {
    Map<String, List<Ending>> runs = new LinkedHashMap<>();
    runs.put("1e-8", List.of(new Ending(10, true), new Ending(Double.NaN, false)));
    runs.put("1e1", List.of(new Ending(82, true), new Ending(80, true)));
    assertEquals(
        new Standing((10 + 90 + 82 + 80) / 4.0, 81, "1e1", 4, 1, 2), Standing.of(runs, ERROR));
  }

  @Test
  void untrainedIsWhoIsNearChance() {
    assertFalse(ERROR.isUntrained(80.9));
    assertTrue(ERROR.isUntrained(81));
    assertTrue(ERROR.isUntrained(Double.NaN));
  }
}
