package io.hypertape.benchmarks.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hypertape.benchmarks.fork.ClassPath;
import io.hypertape.benchmarks.fork.Version;
import io.hypertape.benchmarks.report.BenchmarkProgress;
import io.hypertape.benchmarks.report.Report;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

// While JMH works, it has the class path and the standard error of the process.
@Isolated
class VersionSuiteTest {

  @Test
  void versionsAreForkedInTurnsAndWhatOneLacksIsNamed(@TempDir Path folder) throws Exception {
    String classPath = ClassPath.text();
    List<Version> versions = List.of(new Version("old", classPath), new Version("new", classPath));
    Effort brief = new Effort(2, 0.05, 0.05, 1, 0.05, 1);
    Pattern filter = Pattern.compile("^gemm 37x41x43$");
    VersionSuite suite =
        new VersionSuite(versions, EnumSet.of(Suite.KERNELS), filter, List.of(1), 2);
    assertEquals(2, suite.size());
    Report report = new Report("bench", Map.of());
    StringWriter told = new StringWriter();
    try (Jmh jmh = new Jmh(brief, folder)) {
      suite.run(jmh, new BenchmarkProgress(new PrintWriter(told), 4), report);
      List<Version> broken =
          List.of(versions.getFirst(), new Version("new", folder.resolve("none").toString()));
      new VersionSuite(broken, EnumSet.of(Suite.KERNELS), filter, List.of(1), 2)
          .run(jmh, new BenchmarkProgress(new PrintWriter(told), 4), report);
    }
    assertTrue(report.body().contains("| gemm 37x41x43 scalar |"), report.body());
    assertTrue(report.body().contains("Forks of each version in turns: 2."), report.body());
    assertTrue(
        report.body().contains("gemm 37x41x43 was left out: the new version says: "),
        report.body());
    assertTrue(told.toString().contains("left out: version new fails"), told.toString());
    // Once each of both runs that failed, beside two rounds of two figures.
    assertEquals(6, results(folder.resolve("jmh-old.json")).size());
    JsonNode latest = results(folder.resolve("jmh-new.json"));
    assertEquals(4, latest.size());
    assertEquals("37x41x43", latest.get(0).path("params").path("shape").asText());
  }

  private static JsonNode results(Path file) throws Exception {
    return new ObjectMapper().readTree(Files.readString(file));
  }
}
