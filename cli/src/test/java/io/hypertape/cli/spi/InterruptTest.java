package io.hypertape.cli.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class InterruptTest {

  private static final String NO_SIGNALS = "Windows has no kill";
  private static final int PATIENCE_SECONDS = 120;
  private static final int HUP = 1;
  private static final int INT = 2;
  private static final int TERM = 15;

  @TempDir private Path folder;

  @Test
  void aRequestInterruptsWhoWaitsForIt() {
    try (Interrupt interrupt = new Interrupt()) {
      assertFalse(interrupt.isRequested());
      assertEquals(0, interrupt.status());
      assertFalse(Thread.interrupted());
      interrupt.request(15);
      assertTrue(interrupt.isRequested());
      assertEquals(143, interrupt.status());
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void withoutARequestSavingIsJustThat() throws IOException {
    Path file = folder.resolve("saved");
    Interrupt.saving(() -> Files.writeString(file, "outside"));
    try (Interrupt outer = new Interrupt();
        Interrupt inner = new Interrupt()) {
      Interrupt.saving(() -> Files.writeString(file, "inside"));
      assertFalse(outer.isRequested() || inner.isRequested());
    }
    assertEquals("inside", Files.readString(file));
  }

  /** A process that does not look at interrupts. */
  static final class Busy {

    private Busy() {}

    public static void main(String[] args) throws Throwable {
      Path file = Path.of(args[1]);
      for (int i = 2; i < args.length; i++) {
        IgnoredSignals.letCome(Integer.parseInt(args[i]));
      }
      try (Interrupt outer = new Interrupt();
          Interrupt interrupt = new Interrupt()) {
        interrupt.otherwise(
            () -> {
              try {
                Files.writeString(file, "by another thread");
              } catch (IOException e) {
                return "not saved";
              }
              return "saved";
            });
        switch (args[0]) {
          case "gentle" -> {
            // Comes to a good end once asked, but has nothing to do when asked again.
            AtomicBoolean asked = new AtomicBoolean();
            interrupt.gently(
                () -> {
                  System.err.println("soon");
                  return asked.compareAndSet(false, true);
                });
            System.out.println("ready");
            while (!asked.get()) {
              LockSupport.parkNanos(1_000_000);
            }
            System.out.println("ready to end, " + outer.isRequested() + interrupt.isRequested());
            work();
          }
          case "computing" -> {
            System.out.println("ready");
            work();
          }
          case "saving" ->
              Interrupt.saving(
                  () -> {
                    System.out.println("ready");
                    work();
                  });
          case "saved" ->
              Interrupt.saving(
                  () -> {
                    System.out.println("ready");
                    while (!outer.isRequested()) {
                      LockSupport.parkNanos(1_000_000);
                    }
                    // Longer than anything else is waited for.
                    long begin = System.nanoTime();
                    while (System.nanoTime() - begin < 1_500_000_000L) {
                      LockSupport.parkNanos(1_000_000);
                    }
                    Files.writeString(file, "whole");
                  });
          default -> {
            Process child = new ProcessBuilder("sleep", "1000").start();
            System.out.println("ready " + child.pid());
            child.onExit().join();
            work();
          }
        }
        System.exit(interrupt.status());
      }
    }

    private static void work() {
      while (true) {
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  /** What the process has said before it ended. */
  private String err() throws IOException {
    return Files.readString(folder.resolve("err"));
  }

  private Process start(String what) throws IOException {
    return start(what, HUP, INT, TERM);
  }

  /**
   * Starts a process that ignores all three signals, as those of nohup and of a script's background
   * do, and makes it let some come: so it is the same whoever runs the tests, and in what.
   */
  private Process start(String what, int... signals) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("sh", "-c", "trap '' HUP INT TERM; exec \"$@\"", "sh"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp"));
    command.addAll(List.of(System.getProperty("java.class.path"), Busy.class.getName()));
    command.addAll(List.of(what, folder.resolve("saved").toString()));
    IntStream.of(signals).mapToObj(Integer::toString).forEach(command::add);
    return new ProcessBuilder(command).redirectError(folder.resolve("err").toFile()).start();
  }

  private static void send(String signal, Process process) throws Exception {
    assertEquals(
        0, new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor());
  }

  private void assertEnds(int status, Process process) throws Exception {
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertTrue(ended, () -> "it runs on");
    assertEquals(status, process.exitValue(), err());
  }

  private static String ready(Process process) throws IOException {
    BufferedReader lines = process.inputReader();
    String line = lines.readLine();
    assertTrue(line != null && line.startsWith("ready"), line);
    return line;
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = NO_SIGNALS)
  void whoIsBusyIsNotWaitedFor() throws Exception {
    Process process = start("computing");
    ready(process);
    send("-INT", process);
    assertEnds(130, process);
    assertEquals("hypertape: interrupted; saved\n", err());
    assertEquals("by another thread", Files.readString(folder.resolve("saved")));
  }

  /** The first Ctrl-C is no request, the second one is; of two at once it is still the first. */
  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = NO_SIGNALS)
  void whatComesToAGoodEndIsAskedForThatFirst() throws Exception {
    Process process = start("gentle");
    BufferedReader lines = process.inputReader();
    assertEquals("ready", lines.readLine());
    String pid = Long.toString(process.pid());
    assertEquals(0, new ProcessBuilder("kill", "-INT", pid, pid).start().waitFor());
    assertEquals("ready to end, falsefalse", lines.readLine());
    assertFalse(process.waitFor(1200, TimeUnit.MILLISECONDS), "it goes on");
    send("-INT", process);
    assertEnds(130, process);
    assertEquals("soon\nsoon\nhypertape: interrupted; saved\n", err());
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = NO_SIGNALS)
  void otherSignalsAreRequestsAtOnce() throws Exception {
    Process process = start("gentle");
    ready(process);
    send("-TERM", process);
    assertEnds(143, process);
    assertEquals("hypertape: interrupted; saved\n", err());
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = NO_SIGNALS)
  void whoSavesIsWaitedFor() throws Exception {
    Process process = start("saved");
    ready(process);
    send("-HUP", process);
    assertEnds(129, process);
    assertEquals("", err());
    assertEquals("whole", Files.readString(folder.resolve("saved")));
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = NO_SIGNALS)
  void theSecondTimeNothingIsWaitedFor() throws Exception {
    Process process = start("saving");
    ready(process);
    // Two that come at once, as timeout(1) sends them, are one.
    String pid = Long.toString(process.pid());
    assertEquals(0, new ProcessBuilder("kill", "-TERM", pid, pid).start().waitFor());
    assertFalse(process.waitFor(1500, TimeUnit.MILLISECONDS), "what is saved is waited for");
    send("-TERM", process);
    assertEnds(143, process);
    assertEquals("hypertape: ended at once; what was not saved is lost\n", err());
    assertFalse(Files.exists(folder.resolve("saved")));
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = NO_SIGNALS)
  void processesThatWereStartedEndWithIt() throws Exception {
    Process process = start("waiting");
    long child = Long.parseLong(ready(process).split(" ")[1]);
    ProcessHandle handle = ProcessHandle.of(child).orElseThrow();
    send("-TERM", process);
    assertEnds(143, process);
    handle.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertFalse(handle.isAlive());
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = NO_SIGNALS)
  void whatTheProcessWasStartedToIgnoreIsNoRequest() throws Exception {
    // As under nohup, whose processes are to outlive their terminal.
    Process process = start("computing", INT, TERM);
    ready(process);
    send("-HUP", process);
    send("-TERM", process);
    assertEnds(143, process);
  }
}
