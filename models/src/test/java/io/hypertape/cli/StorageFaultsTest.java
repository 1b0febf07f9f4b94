package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.testing.files.WatchedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Operations on files fail, and the power does: no run is lost. How many are tried of all there
 * are, and which, say the properties {@code hypertape.trials} and {@code hypertape.seed}.
 */
class StorageFaultsTest {

  private static final int PATIENCE_MINUTES = 60;

  private static final int TRIALS = Integer.getInteger("hypertape.trials", 8);
  private static final long SEED = Long.getLong("hypertape.seed", System.nanoTime() & 0xffff);

  @TempDir private Path folder;

  private String run(Class<?> main, List<String> words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC"));
    command.add("-D" + WatchedFiles.PROPERTY + "=" + WatchedFiles.class.getName());
    command.addAll(List.of("-Djava.awt.headless=true", "-cp"));
    command.addAll(List.of(System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(folder.toString(), Long.toString(SEED), Integer.toString(TRIALS)));
    command.addAll(List.of("--backend", "cpu", "--threads", "1"));
    command.addAll(List.of("--optimizer", "adam(1e-2)/sgd(1e-5)"));
    command.addAll(words);
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    boolean ended = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
    process.destroyForcibly();
    String told = Files.readString(out);
    assertTrue(ended, told);
    assertEquals(0, process.exitValue(), () -> "seed " + SEED + ": " + told);
    String last = told.lines().toList().getLast();
    System.out.println("StorageFaultsTest: " + last);
    return last;
  }

  private static final List<String> IMAGES =
      List.of("--limit", "20", "--hidden", "2", "--batch", "8");

  private List<String> text() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "abcd efgh\n".repeat(20));
    return List.of(
        "--data",
        "text",
        "--data-file",
        text.toString(),
        "--hidden",
        "3",
        "--batch",
        "2",
        "--unroll",
        "30");
  }

  @Test
  void anyOperationMayFail() throws Exception {
    String told = run(FaultyRuns.class, IMAGES);
    assertTrue(told.matches(counts("evaluate")), told);
  }

  @Test
  void anyOperationOfALanguageModelMayFail() throws Exception {
    String told = run(FaultyRuns.class, text());
    assertTrue(told.matches(counts("generate")), told);
  }

  private static String counts(String use) {
    return "\\d+ failures, \\d+ of them tolerated: train \\d+, resume \\d+, "
        + use
        + " \\d+, verify \\d+; seed "
        + SEED;
  }

  @Test
  void thePowerMayFail() throws Exception {
    String told = run(PowerLoss.class, IMAGES);
    assertTrue(told.matches("\\d+ power failures; seed " + SEED), told);
  }

  @Test
  void oneThingAfterAnotherMayHappen() throws Exception {
    String told = run(StormyRuns.class, IMAGES);
    assertTrue(
        told.matches(
            TRIALS
                + " runs, \\d+ failures, \\d+ interrupts, \\d+ kills, \\d+ power failures; seed "
                + SEED),
        told);
  }
}
