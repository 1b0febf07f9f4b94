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

/**
 * Runs are killed, operations on files fail, the power does, and one after another: nothing is
 * lost. How many moments are tried of all there are, and which, say the properties {@code
 * hypertape.trials}, {@code hypertape.storms} and {@code hypertape.seed}.
 */
class DisturbedRunsIT {

  private static final int PATIENCE_MINUTES = 60;

  private static final int TRIALS = Integer.getInteger("hypertape.trials", 6);
  private static final int STORMS = Integer.getInteger("hypertape.storms", 6);
  private static final long SEED = Long.getLong("hypertape.seed", System.nanoTime() & 0xffff);

  private static final List<String> IMAGES =
      List.of(
          "train",
          "--limit",
          "20",
          "--hidden",
          "2",
          "--batch",
          "8",
          "--epochs",
          "2",
          "--threads",
          "1",
          "--optimizer",
          "adam(1e-2)/sgd(1e-5)");

  @TempDir private Path folder;

  private List<String> text() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "abcd efgh\n".repeat(20));
    return List.of(
        "train",
        "--data",
        "text",
        "--data-file",
        text.toString(),
        "--hidden",
        "3",
        "--batch",
        "2",
        "--unroll",
        "30",
        "--dropout",
        "0.2",
        "--epochs",
        "2",
        "--threads",
        "1",
        "--optimizer",
        "sgd(0.1)/sgd(1e-4)");
  }

  private List<String> paper() throws IOException {
    Path data = TinyMnist.write(folder.resolve("mnist"), 60, 20);
    return List.of("paper", "table1", "--quick", "--jobs", "1", "--data-dir", data.toString());
  }

  /** In a JVM of its own, whose file system is watched; gives what it tells in the end. */
  private void disturb(Class<?> how, int trials, List<String> words, String counts)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC"));
    // Runs of a few steps: C2 would compile longer than they take.
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-D" + WatchedFiles.PROPERTY + "=" + WatchedFiles.class.getName());
    command.addAll(List.of("-Djava.awt.headless=true", "-cp"));
    command.addAll(List.of(System.getProperty("java.class.path"), how.getName()));
    command.addAll(List.of(folder.toString(), Long.toString(SEED), Integer.toString(trials)));
    command.addAll(words);
    command.addAll(List.of("--backend", "cpu"));
    Path out = folder.resolve("out");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    boolean ended = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
    process.destroyForcibly();
    String told = Files.readString(out);
    assertTrue(ended, told);
    assertEquals(0, process.exitValue(), () -> "seed " + SEED + ": " + told);
    String last = told.lines().toList().getLast();
    assertTrue(last.matches(counts + "; seed " + SEED), told);
    System.out.println(how.getSimpleName() + ", " + words.getFirst() + ": " + last);
  }

  private static final String KILLS = "\\d{3,} kills, \\d\\d+ different folders, \\d+ resumed";

  @Test
  void aClassifierMayBeKilled() throws Exception {
    disturb(KilledRuns.class, TRIALS, IMAGES, KILLS);
  }

  @Test
  void aLanguageModelMayBeKilled() throws Exception {
    disturb(KilledRuns.class, TRIALS, text(), KILLS);
  }

  /** Every part is kept when it is done, and a second start goes on. */
  @Test
  void thePaperMayBeKilled() throws Exception {
    disturb(KilledRuns.class, Math.max(1, TRIALS / 8), paper(), KILLS);
  }

  private static String failures(String use) {
    return "\\d+ failures, \\d+ of them tolerated: " + use + ", verify \\d+";
  }

  @Test
  void anyOperationMayFail() throws Exception {
    disturb(FaultyRuns.class, TRIALS, IMAGES, failures("train \\d+, resume \\d+, evaluate \\d+"));
  }

  @Test
  void anyOperationOfALanguageModelMayFail() throws Exception {
    disturb(FaultyRuns.class, TRIALS, text(), failures("train \\d+, resume \\d+, generate \\d+"));
  }

  @Test
  void anyOperationOfThePaperMayFail() throws Exception {
    disturb(FaultyRuns.class, Math.max(1, TRIALS / 4), paper(), failures("paper \\d+"));
  }

  @Test
  void thePowerMayFail() throws Exception {
    disturb(PowerLoss.class, TRIALS, IMAGES, "\\d+ power failures");
  }

  @Test
  void oneThingAfterAnotherMayHappen() throws Exception {
    disturb(
        StormyRuns.class,
        STORMS,
        IMAGES,
        STORMS + " runs, \\d+ failures, \\d+ interrupts, \\d+ kills, \\d+ power failures");
  }
}
