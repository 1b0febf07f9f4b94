package io.hypertape.cli;

import io.hypertape.io.guard.FileProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Turns an exception into the one line that a person needs. */
final class FailureLine {

  private FailureLine() {}

  /** Lines that go on are indented, so that none can pass for another message. */
  static String line(Throwable e) {
    return Shown.lines(message(cause(e)))
        .stripTrailing()
        .replaceAll("\\R", System.lineSeparator() + "  ");
  }

  /** What happened, taken out of what says only that something did; lack of memory first. */
  private static Throwable cause(Throwable e) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable t = e; t != null && seen.add(t); t = t.getCause()) {
      if (t instanceof VirtualMachineError) {
        return t;
      }
    }
    Throwable inner = e;
    while (inner.getCause() != null
        && (inner instanceof UncheckedIOException
            || inner instanceof CompletionException
            || inner instanceof ExecutionException)) {
      inner = inner.getCause();
    }
    return inner;
  }

  private static String message(Throwable e) {
    return switch (e) {
      case InvalidPathException p -> SystemText.ofProcess().reason(p);
      case OutOfMemoryError m -> "out of memory (" + m.getMessage() + ")" + remedy(m);
      case StackOverflowError s ->
          "out of stack: something is nested too deeply; HYPERTAPE_JAVA_OPTS=-Xss… gives more,"
              + " --verbose shows where";
      case IOException f -> FileProblem.line(f);
      // Not meant for people: a fault of the program, or of how it was put together.
      case Error f -> internal(f);
      case NullPointerException f -> internal(f);
      case IndexOutOfBoundsException f -> internal(f);
      case ClassCastException f -> internal(f);
      default -> {
        String message = e.getMessage();
        yield message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
      }
    };
  }

  private static String internal(Throwable e) {
    return "internal error (" + e + "); --verbose shows where";
  }

  private static String remedy(OutOfMemoryError e) {
    String what = String.valueOf(e.getMessage());
    if (what.contains("native thread")) {
      return "; fewer threads (--threads) or a higher limit of processes helps";
    }
    return what.contains("irect")
        ? "; HYPERTAPE_JAVA_OPTS=-XX:MaxDirectMemorySize=… gives more"
        : "; HYPERTAPE_JAVA_OPTS=-Xmx… gives more";
  }
}
