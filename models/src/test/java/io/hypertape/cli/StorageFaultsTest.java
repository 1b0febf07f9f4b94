package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.testing.files.WatchedFiles;
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

  private static final int TRIALS = Integer.getInteger("hypertape.trials", 24);
  private static final long SEED = Long.getLong("hypertape.seed", System.nanoTime() & 0xffff);

  @TempDir private Path folder;

  private String run(Class<?> main) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-XX:+UseSerialGC"));
    command.add("-D" + WatchedFiles.PROPERTY + "=" + WatchedFiles.class.getName());
    command.addAll(List.of("-Djava.awt.headless=true", "-cp"));
    command.addAll(List.of(System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(folder.toString(), Long.toString(SEED), Integer.toString(TRIALS)));
    command.addAll(List.of("--backend", "cpu", "--threads", "1", "--limit", "20"));
    command.addAll(List.of("--hidden", "2", "--batch", "8"));
    command.addAll(List.of("--optimizer", "adam(1e-2)/sgd(1e-5)"));
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

  @Test
  void anyOperationMayFail() throws Exception {
    String told = run(FaultyRuns.class);
    assertTrue(
        told.matches(
            "\\d+ failures, \\d+ of them tolerated: train \\d+, resume \\d+, evaluate \\d+,"
                + " verify \\d+; seed "
                + SEED),
        told);
  }

  @Test
  void thePowerMayFail() throws Exception {
    assertEquals(TRIALS / 2 * 2 + " power failures; seed " + SEED, run(PowerLoss.class));
  }
}
