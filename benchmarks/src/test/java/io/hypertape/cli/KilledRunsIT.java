package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.benchmarks.paper.TinyMnist;
import io.hypertape.testing.files.WatchedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run may be killed before, within and after each of its file operations: nothing is lost. */
class KilledRunsIT {

  private static final int PATIENCE_SECONDS = 300;

  @TempDir private Path folder;

  private void assertNothingIsLost(long seed, int most, String... words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC"));
    command.add("-D" + WatchedFiles.PROPERTY + "=" + WatchedFiles.class.getName());
    command.addAll(List.of("-Djava.awt.headless=true", "-cp"));
    command.addAll(List.of(System.getProperty("java.class.path"), KilledRuns.class.getName()));
    command.addAll(List.of(folder.toString(), Long.toString(seed), Integer.toString(most)));
    command.addAll(List.of(words));
    command.addAll(List.of("--backend", "cpu"));
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    String told = told(out);
    assertTrue(ended, told);
    assertEquals(0, process.exitValue(), told);
    String last = told.lines().toList().getLast();
    assertTrue(
        last.matches("\\d{3,} kills, \\d\\d+ different folders, \\d+ resumed, seed " + seed), told);
    System.out.println("KilledRunsIT: " + last);
  }

  private static String told(Path out) throws IOException {
    return Files.readString(out);
  }

  @Test
  void aClassifier() throws Exception {
    assertNothingIsLost(
        1,
        20,
        "train",
        "--threads",
        "1",
        "--limit",
        "40",
        "--hidden",
        "4",
        "--batch",
        "20",
        "--epochs",
        "2",
        "--optimizer",
        "adam(1e-2)/sgd(1e-5)");
  }

  @Test
  void aLanguageModel() throws Exception {
    Path text = Files.writeString(folder.resolve("text"), "abcd efgh\n".repeat(20));
    assertNothingIsLost(
        2,
        10,
        "train",
        "--threads",
        "1",
        "--data",
        "text",
        "--data-file",
        text.toString(),
        "--hidden",
        "4",
        "--batch",
        "2",
        "--unroll",
        "30",
        "--epochs",
        "2",
        "--dropout",
        "0.2",
        "--optimizer",
        "sgd(0.1)/sgd(1e-4)");
  }

  /** Every part is kept when it is done, and a second start goes on. */
  @Test
  void thePaper() throws Exception {
    Path data = TinyMnist.write(folder.resolve("mnist"), 60, 20);
    assertNothingIsLost(
        3, 2, "paper", "table1", "--quick", "--jobs", "1", "--data-dir", data.toString());
  }
}
