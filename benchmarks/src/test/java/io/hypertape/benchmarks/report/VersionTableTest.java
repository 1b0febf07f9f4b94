package io.hypertape.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VersionTableTest {

  private static final double[] ONES = {1, 1, 1, 1};

  private static String body(double[] latest) {
    VersionTable table = new VersionTable(1);
    table.row("some", List.of(ONES, latest));
    Report report = new Report("bench", Map.of());
    table.addTo(report, "kernels", "In turns.");
    return report.body();
  }

  @Test
  void slowerIsWhatMostRoundsAgreeOn() {
    assertTrue(
        body(new double[] {1.1, 1.1, 1.2, 1.1}).contains("Slower by 5 % and more: some 0.91"));
    assertTrue(body(new double[] {1.1, 1.1, 0.9, 0.9}).contains("Nothing has become slower"));
    assertTrue(body(new double[] {1.02, 1.03, 1.02, 1.03}).contains("Nothing has become slower"));
    assertTrue(
        body(new double[] {0.5, 0.5, 0.5, 0.5}).contains("geometric mean 2.00, lowest 2.00"));
  }

  @Test
  void aTableOfWhatWasLeftOutSaysSo() {
    VersionTable table = new VersionTable(2);
    assertTrue(table.isEmpty());
    table.leaveOut("some", "old", "no such benchmark");
    Report report = new Report("bench", Map.of());
    table.addTo(report, "kernels", "In turns.");
    assertEquals(
        "## Two versions, kernels, threads: 2\n\n"
            + "- some was left out: the old version says: no such benchmark\n\n",
        report.body());
  }
}
