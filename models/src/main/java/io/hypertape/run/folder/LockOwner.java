package io.hypertape.run.folder;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * Whose a lock is.
 *
 * @param process its number on its machine
 * @param started when it began, as the system has it: numbers are given anew
 * @param host the machine's name
 */
public record LockOwner(long process, String started, String host) {

  private static final String UNKNOWN = "unknown";

  // Linux counts from its own start, whose time moves a little as the clock is set.
  private static final Duration TOLERANCE = Duration.ofSeconds(10);

  static LockOwner self() {
    return new LockOwner(ProcessHandle.current().pid(), start(ProcessHandle.current()), hostName());
  }

  private static String start(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse(UNKNOWN);
  }

  /** Without asking a name server, where that can be. */
  private static String hostName() {
    try {
      Path kernels = Path.of("/proc/sys/kernel/hostname");
      String name = System.getenv("COMPUTERNAME");
      return Files.isReadable(kernels)
          ? Files.readString(kernels).strip()
          : name != null ? name : InetAddress.getLocalHost().getHostName();
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  /**
   * As it stands in the file.
   *
   * @return three lines
   */
  public String text() {
    return "process " + process + "\nstarted " + started + "\nhost " + host + "\n";
  }

  /**
   * Reads what {@link #text} gives.
   *
   * @param text the file's
   * @return the owner; empty if that is not one
   */
  public static Optional<LockOwner> parse(String text) {
    String[] lines = text.split("\n");
    if (lines.length != 3
        || !lines[0].matches("process [0-9]{1,18}")
        || !lines[1].startsWith("started ")
        || !lines[2].startsWith("host ")) {
      return Optional.empty();
    }
    return Optional.of(
        new LockOwner(
            Long.parseLong(lines[0].substring(8)), lines[1].substring(8), lines[2].substring(5)));
  }

  /**
   * Whether the process has ended.
   *
   * @return false of one on another machine, too, of which nothing is known
   */
  public boolean hasEnded() {
    return isHere() && !isAlive();
  }

  /** Whether it is known to be at work: another one than this, on this machine. */
  boolean isAnotherAtWork() {
    return isHere() && isAlive() && process != ProcessHandle.current().pid();
  }

  private boolean isHere() {
    return !host.equals(UNKNOWN) && host.equals(hostName());
  }

  private boolean isAlive() {
    return ProcessHandle.of(process)
        .filter(ProcessHandle::isAlive)
        .filter(now -> isSameStart(start(now)))
        .isPresent();
  }

  /** A number is given anew once its process is gone; then the new one began later. */
  private boolean isSameStart(String other) {
    try {
      Duration apart = Duration.between(Instant.parse(started), Instant.parse(other)).abs();
      return apart.compareTo(TOLERANCE) < 0;
    } catch (DateTimeParseException e) {
      // Unknown: it may be the same.
      return true;
    }
  }

  @Override
  public String toString() {
    return "process "
        + process
        + (host.equals(hostName()) ? "" : " on " + host)
        + ", started "
        + started;
  }
}
