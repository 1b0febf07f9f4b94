package io.hypertape.cli.spi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether someone watches: only then are lines redrawn. */
public final class Terminal {

  private Terminal() {}

  /**
   * Whether standard error is a terminal that understands a carriage return.
   *
   * @return true if a line can be redrawn there
   */
  public static boolean isInteractive() {
    if ("dumb".equals(System.getenv("TERM")) || System.getenv("CI") != null) {
      return false;
    }
    Path stderr = Path.of("/proc/self/fd/2");
    try {
      if (Files.exists(stderr)) {
        String target = Files.readSymbolicLink(stderr).toString();
        return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
      }
    } catch (IOException | UnsupportedOperationException e) {
      // No such links on this system: the console is the next best.
    }
    return System.console() != null && System.console().isTerminal();
  }
}
