package io.hypertape.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticsTest {

  @Test
  void medians() {
    assertEquals(2, Statistics.median(3, 1, 2));
    assertEquals(2.5, Statistics.median(4, 1, 2, 3));
    assertEquals(7, Statistics.median(7));
    assertThrows(IllegalArgumentException.class, Statistics::median);
  }

  @Test
  void quantilesAreLinearBetweenNeighbours() {
    double[] x = {0, 10, 20, 30};
    assertEquals(0, Statistics.quantile(0, x));
    assertEquals(30, Statistics.quantile(1, x));
    assertEquals(7.5, Statistics.quantile(0.25, x));
    assertThrows(IllegalArgumentException.class, () -> Statistics.quantile(1.1, x));
  }

  @Test
  void theGeometricMeanOfARatioAndItsInverseIsOne() {
    assertEquals(1, Statistics.geometricMean(0.25, 4), 1e-12);
    assertThrows(IllegalArgumentException.class, () -> Statistics.geometricMean(1, 0));
    assertThrows(IllegalArgumentException.class, Statistics::geometricMean);
  }

  @Test
  void whatSlowsAWholeRoundDownCancels() {
    double[] peer = {2, 20, 2.2};
    double[] ours = {1, 10, 1.1};
    assertEquals(2, Statistics.speedup(peer, ours).median(), 1e-12);
    assertEquals("2.00", new Ratio(2, 2, 2).toString());
    assertEquals("1.50 (1.00–2.00)", new Ratio(1.5, 1, 2).toString());
    assertThrows(
        IllegalArgumentException.class, () -> Statistics.speedup(peer, new double[] {1, 2}));
  }

  @Test
  void scatteredRatiosAreWarnedOf() {
    Ratio calm = new Ratio(1, 0.9, 1.1);
    assertEquals("", Ratio.warning(List.of(calm)));
    String warning = Ratio.warning(List.of(calm, new Ratio(1, 0.5, 2)));
    assertTrue(warning.startsWith("1 of 2 ratios scatter"), warning);
  }
}
