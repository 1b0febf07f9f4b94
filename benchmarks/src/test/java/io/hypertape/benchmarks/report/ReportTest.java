package io.hypertape.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

  @Test
  void writesTheSameForPeopleAndPrograms(@TempDir Path folder) throws Exception {
    Report report = new Report("./hypertape bench", Map.of("CPU", "a fast one"));
    Table table = new Table("gemm", "ratio");
    table.row("64x64x64", "1.05");
    report.add(
        new Report.Section("gemm", table, List.of("oneDNN is missing.")),
        List.of(Map.of("benchmark", "gemm 64x64x64", "seconds", 0.5)));
    report.write(folder.resolve("new/folder"));
    String text = Files.readString(folder.resolve("new/folder/bench.md"));
    for (String part :
        List.of("    ./hypertape bench\n", "CPU: a fast one", " 1.05 |", "- oneDNN is missing.")) {
      assertTrue(text.contains(part), text);
    }
    var json = new ObjectMapper().readTree(folder.resolve("new/folder/bench.json").toFile());
    assertEquals(0.5, json.get("results").get(0).get("seconds").asDouble());
    assertEquals("a fast one", json.get("machine").get("CPU").asText());
    assertEquals("oneDNN is missing.", json.get("notes").get(0).asText());
  }

  @Test
  void aMachineIsDescribed() {
    Map<String, String> facts = Machine.describe();
    assertEquals(
        List.of("CPU", "processor", "SIMD", "cores", "JDK", "OS", "load"),
        List.copyOf(facts.keySet()));
    facts.values().forEach(value -> assertFalse(value.isBlank(), facts.toString()));
    List<String> lines = List.of("model : 17", "model name\t: Fast CPU 3000", "model name: other");
    assertEquals("Fast CPU 3000", Machine.value(lines, "model name", "?"));
    assertEquals("?", Machine.value(lines, "flags", "?"));
  }

  @Test
  void progressIsPlainLines() {
    StringWriter text = new StringWriter();
    BenchmarkProgress progress = new BenchmarkProgress(new PrintWriter(text), 2);
    progress.done("exp: 1.00 us");
    progress.done("log: 1.00 us");
    assertTrue(text.toString().startsWith("[1/2] exp: 1.00 us; "), text.toString());
    assertTrue(text.toString().contains("[2/2] log: 1.00 us; 0:00 left"), text.toString());
    assertTrue(text.toString().chars().allMatch(c -> c == '\n' || c >= ' '), text.toString());
  }
}
