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
    return isTerminal(2);
  }

  /**
   * Whether standard output is a terminal, and no pipe or file.
   *
   * @return true if a person sees what is printed there
   */
  public static boolean isOutput() {
    return isTerminal(1);
  }

  private static boolean isTerminal(int descriptor) {
    Path link = Path.of("/proc/self/fd/" + descriptor);
    try {
      if (Files.exists(link)) {
        String target = Files.readSymbolicLink(link).toString();
        return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
      }
    } catch (IOException | UnsupportedOperationException e) {
      // No such links on this system: the console is the next best.
    }
    return System.console() != null && System.console().isTerminal();
  }
}
