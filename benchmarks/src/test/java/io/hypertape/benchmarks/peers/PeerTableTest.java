package io.hypertape.benchmarks.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.benchmarks.report.Machine;
import io.hypertape.benchmarks.report.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerTableTest {

  private static PeerTable.Outcome outcome(double ours, double peer) {
    Map<String, double[]> times = new LinkedHashMap<>();
    times.put(GemmPeers.OURS, new double[] {ours, ours, ours});
    if (peer > 0) {
      times.put("peer", new double[] {peer, peer, peer});
    }
    return new PeerTable.Outcome(
        times,
        peer > 0 ? Map.of() : Map.of("peer", "peer ended with status 1: warning; no compiler"));
  }

  private static String body(PeerTable table) {
    Report report = new Report("bench", Map.of());
    table.addTo(report, "Steps", "In turns.");
    return report.body();
  }

  @Test
  void numbersOfThreadsStandBesideEachOther() {
    PeerTable table = new PeerTable("step", List.of(1, 2));
    Map<Integer, PeerTable.Outcome> outcomes = new LinkedHashMap<>();
    outcomes.put(1, outcome(2e-3, 3e-3));
    outcomes.put(2, outcome(1e-3, 3e-3));
    table.rows("step a", "a", outcomes);
    assertEquals(
        """
        ## Steps, threads: 1, 2, PROCESSOR

        | step |      side | 1 thread | time / ours | 2 threads | time / ours | 2 over 1 |
        | ---- | --------: | -------: | ----------: | --------: | ----------: | -------: |
        | a    | hypertape |  2.00 ms |           - |   1.00 ms |           - |     2.00 |
        | a    |      peer |  3.00 ms |        1.50 |   3.00 ms |        3.00 |     1.00 |

        - In turns.

        """,
        body(table).replace(Machine.processor(), "PROCESSOR"));
  }

  @Test
  void bytesOnTheHeapAreNotedAndKept(@TempDir Path folder) throws Exception {
    PeerTable table = new PeerTable("step", List.of(1));
    Map<String, double[]> times = Map.of(GemmPeers.OURS, new double[] {1e-3});
    Map<String, Double> heap = new LinkedHashMap<>(Map.of(GemmPeers.OURS, 56.2));
    heap.put("peer", 1007.0);
    table.rows("step a", "a", Map.of(1, new PeerTable.Outcome(times, Map.of(), heap)));
    Report report = new Report("bench", Map.of());
    table.addTo(report, "Steps", "In turns.");
    assertTrue(report.body().contains("- a: heap bytes a call: hypertape 56, peer 1007."));
    report.write(folder);
    String kept = Files.readString(folder.resolve("bench.json"));
    assertTrue(kept.contains("\"heapBytes\""), kept);
  }

  @Test
  void whoIsLeftOutHasTheReasonInItsRow() {
    PeerTable table = new PeerTable("step", List.of(1, 2));
    Map<Integer, PeerTable.Outcome> outcomes = new LinkedHashMap<>();
    outcomes.put(1, outcome(2e-3, 3e-3));
    outcomes.put(2, outcome(1e-3, 0));
    table.rows("step a", "a", outcomes);
    String text = body(table);
    assertTrue(text.contains("|        1.50 |  left out | no compiler |        - |"), text);
    assertEquals("gave no answer in 120 s", PeerTable.reason("p", "p gave no answer in 120 s"));
    assertEquals(91, PeerTable.reason("p", "p " + "x".repeat(200)).length());
  }

  @Test
  void whatASideIsStandsThereOnce() {
    PeerTable table = new PeerTable("step", List.of(1, 2));
    for (int count : List.of(1, 2)) {
      table.note(
          "a", count, List.of("peer: P 1.0, " + count + " threads, 7 parameters", "slow today"));
      table.note("a", count, List.of("peer: P 1.0, " + count + " threads, outputs differ by 1e-7"));
    }
    table.note("");
    String text = body(table);
    assertEquals(
        List.of(
            "- peer: P 1.0",
            "- a, threads: 1: slow today",
            "- a, threads: 2: slow today",
            "- In turns."),
        text.lines().filter(line -> line.startsWith("- ")).toList());
  }
}
