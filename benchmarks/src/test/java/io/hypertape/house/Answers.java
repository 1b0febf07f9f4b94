package io.hypertape.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** What a user may be answered, and what only the inside of a library throws. */
final class Answers {

  private Answers() {}

  /** What an object of a user's own throws: it goes through as it is. */
  static final class Thrown extends RuntimeException {
    private static final long serialVersionUID = 1;

    Thrown() {
      super("thrown by the user's own");
    }
  }

  /** Empty if that is an answer that a user may be given. */
  static Optional<String> fault(Throwable thrown) {
    String message = String.valueOf(thrown.getMessage());
    // Java's own words, which may stand in ours: 'Cannot invoke "…" because "…" is null'.
    boolean spoken =
        !message.isBlank() && !message.matches("(?s).*Cannot .+ because .*\" is null.*");
    boolean fit =
        thrown.getClass() == IllegalArgumentException.class
            || thrown.getClass() == IllegalStateException.class
            // An index in the data, in our words rather than Java's.
            || (thrown.getClass() == IndexOutOfBoundsException.class
                && !message.contains(" out of bounds for length"))
            || thrown instanceof IOException
            || thrown instanceof UncheckedIOException
            || thrown instanceof UnsupportedOperationException
            || thrown instanceof CancellationException
            || thrown.getClass().getName().startsWith("io.hypertape.")
            // A list that holds what its type does not allow is the caller's heap pollution.
            || thrown instanceof ClassCastException
            || (thrown instanceof NullPointerException && message.endsWith(" is null"));
    if (fit && spoken && thrown.getMessage() != null) {
      return Optional.empty();
    }
    StackTraceElement[] trace = thrown.getStackTrace();
    return Optional.of(thrown + (trace.length > 0 ? " at " + place(trace) : ""));
  }

  /** Where Java was called by what is ours. */
  private static StackTraceElement place(StackTraceElement... trace) {
    for (StackTraceElement element : trace) {
      if (element.getClassName().startsWith("io.hypertape.")) {
        return element;
      }
    }
    return trace[0];
  }
}
