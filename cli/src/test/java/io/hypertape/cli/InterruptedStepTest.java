package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.run.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A step that takes long is not waited for, and the steps before it are not lost. */
@Execution(ExecutionMode.CONCURRENT)
class InterruptedStepTest {

  private static final int PATIENCE_SECONDS = 300;

  @TempDir private Path folder;

  private Process start(Path run) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
    command.add(Main.class.getName());
    // Steps of some seconds, two an epoch.
    command.addAll(List.of("train", "--backend", "reference", "--limit", "6000", "--batch"));
    command.addAll(List.of("3000", "--hidden", "300", "--out", run.toString()));
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(folder.resolve("err").toFile())
        .start();
  }

  private static boolean hasRow(Path table) throws IOException {
    return Files.exists(table) && Files.readAllLines(table).size() > 1;
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no kill")
  void itIsGivenUpAndTheRunGoesOnFromTheStepBefore() throws Exception {
    Path run = folder.resolve("run");
    Process process = start(run);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!hasRow(run.resolve("metrics.csv"))) {
      assertTrue(System.nanoTime() < end && process.isAlive(), "no step was taken");
      Thread.sleep(20);
    }
    // Until the second step is under way; it takes seconds.
    Thread.sleep(500);
    process.destroy(); // SIGTERM
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    String told = Files.readString(folder.resolve("err"));
    assertTrue(ended, told);
    assertEquals(143, process.exitValue(), told);
    String last = told.lines().toList().getLast();
    assertEquals(
        "hypertape: interrupted; saved in "
            + run
            + " as it stood after 1 step; go on with: hypertape train --resume "
            + run,
        last);
    assertEquals(1, RunState.read(run.resolve("state.safetensors")).steps());
  }
}
