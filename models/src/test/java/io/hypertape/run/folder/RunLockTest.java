package io.hypertape.run.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {

  private static final RunLock.Locker NO_LOCKS =
      channel -> {
        throw new IOException("No locks available");
      };

  @TempDir private Path folder;
  private Path file;
  private final List<String> logged = new ArrayList<>();
  private final Logger logger = Logger.getLogger(RunLock.class.getName());
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          logged.add(record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void begin() {
    file = folder.resolve("run.lock");
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
  }

  @AfterEach
  void end() {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
  }

  /** Another process: takes the lock of a folder, says how that went, and waits for its end. */
  public static final class Other {
    private Other() {}

    /** The folder is the only argument. */
    public static void main(String[] args) throws Exception {
      try (RunLock unused = RunLock.take(Path.of(args[0]))) {
        System.out.println("taken");
        System.in.read();
      } catch (IOException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  private Process other() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Other.class.getName(),
            folder.toString())
        .redirectErrorStream(true)
        .start();
  }

  private String refused() {
    return assertThrows(IOException.class, () -> RunLock.take(folder)).getMessage();
  }

  @Test
  void aSecondRunOfTheSameProcessIsRefused() throws Exception {
    long self = ProcessHandle.current().pid();
    RunLock first = RunLock.take(folder);
    assertTrue(Files.readString(file).startsWith("process " + self + "\nstarted "));
    String link = Files.createSymbolicLink(folder.resolve("link"), folder).toString();
    for (Path name : new Path[] {folder, folder.resolve("."), Path.of(link)}) {
      var e = assertThrows(IOException.class, () -> RunLock.take(name));
      assertTrue(e.getMessage().contains("in this same process (" + self + ")"), e.getMessage());
    }
    // Reading the file in the process that has locked it makes POSIX forget the lock; not the run.
    Process other = other();
    String told = other.inputReader().readLine();
    assertTrue(
        told.startsWith(folder + ": a run is at work in this folder (process " + self), told);
    assertTrue(told.endsWith("; if that has ended, remove " + file), told);
    other.waitFor();
    first.close();
    assertFalse(Files.exists(file));
    try (RunLock second = RunLock.take(folder)) {
      first.close();
      assertTrue(Files.exists(file), "closing twice is no harm");
    }
    assertFalse(Files.exists(file));
  }

  @Test
  void anotherProcessIsNamedAndTakenOverWhenItIsKilled() throws Exception {
    Process other = other();
    assertEquals("taken", other.inputReader().readLine());
    assertTrue(
        refused()
            .startsWith(
                folder + ": a run is at work in this folder (process " + other.pid() + ", started"),
        refused());
    other.destroyForcibly();
    assertTrue(other.waitFor(60, TimeUnit.SECONDS));
    assertTrue(Files.readString(file).startsWith("process " + other.pid()), "it is left behind");
    try (RunLock lock = RunLock.take(folder)) {
      assertTrue(Files.readString(file).startsWith("process " + ProcessHandle.current().pid()));
    }
    assertFalse(Files.exists(file));
  }

  /** What closes a descriptor of a locked file makes POSIX forget the lock: attempts must not. */
  @Test
  void attemptsOfTheSameProcessDoNotFreeTheLock() throws Exception {
    try (RunLock lock = RunLock.take(folder)) {
      refused();
      Process other = other();
      String told = other.inputReader().readLine();
      other.waitFor();
      assertTrue(told.endsWith("name another folder, or wait for its end"), told);
    }
  }

  /** On a file system without locks the file alone counts. */
  @Test
  void withoutLocksTheFileCounts() throws Exception {
    try (RunLock lock = RunLock.take(folder, NO_LOCKS)) {
      assertEquals(LockOwner.self().text(), Files.readString(file));
    }
    assertFalse(Files.exists(file));
    assertTrue(
        logged.getFirst().contains("the file system knows no locks (No locks"), logged::toString);

    LockOwner self = LockOwner.self();
    Map<String, String> held =
        Map.of(
            self.text(),
            "process " + self.process() + ", started",
            new LockOwner(1, self.started(), "elsewhere").text(),
            "process 1 on elsewhere, started",
            "process 1\nstarted unknown\nhost unknown\n",
            "process 1 on unknown",
            "",
            "of an unknown process",
            "damaged",
            "of an unknown process");
    for (Map.Entry<String, String> entry : held.entrySet()) {
      Files.writeString(file, entry.getKey());
      var e = assertThrows(IOException.class, () -> RunLock.take(folder, NO_LOCKS));
      assertTrue(e.getMessage().contains(entry.getValue()), e.getMessage());
      assertTrue(e.getMessage().contains("if that has ended, remove " + file), e.getMessage());
      assertTrue(e.getMessage().contains("No locks available"), e.getMessage());
      assertEquals(entry.getKey(), Files.readString(file));
    }

    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    for (LockOwner gone :
        new LockOwner[] {
          new LockOwner(ended.pid(), self.started(), self.host()),
          // This process's number, of one that began an hour before.
          new LockOwner(
              self.process(),
              java.time.Instant.parse(self.started()).minusSeconds(3600).toString(),
              self.host())
        }) {
      Files.writeString(file, gone.text());
      try (RunLock lock = RunLock.take(folder, NO_LOCKS)) {
        assertEquals(self.text(), Files.readString(file));
      }
    }
  }

  @Test
  void whoFailedToTakeItMayTryAgain() throws IOException {
    Path later = folder.resolve("later");
    assertThrows(IOException.class, () -> RunLock.take(later));
    Files.createDirectory(later);
    RunLock.take(later).close();
  }

  @Test
  void aFolderThatARunHasUsedMeanwhileIsRefused() throws IOException {
    RunFolder first = RunFolder.create(folder);
    RunFolder second = RunFolder.create(folder);
    try (RunLock lock = first.lock()) {
      assertThrows(IOException.class, second::lock);
      first.writeConfig(Map.of());
      assertEquals(first.path(), RunFolder.open(folder).path(), "reading goes on");
    }
    var e = assertThrows(IOException.class, second::lock);
    assertTrue(e.getMessage().contains("holds a run already"), e.getMessage());
    assertFalse(Files.exists(file));
    RunFolder.open(folder).lock().close();
  }
}
