package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class FailureLineTest {

  @Test
  void whatHappenedIsToldAndNotWhatItWasWrappedIn() {
    assertEquals(
        "a: there is no such file or folder", FailureLine.line(new NoSuchFileException("a")));
    assertEquals(
        "a: permission denied",
        FailureLine.line(new UncheckedIOException(new AccessDeniedException("a"))));
    assertEquals("b", FailureLine.line(new CompletionException(new IllegalStateException("b"))));
    String memory = "out of memory (Java heap space); HYPERTAPE_JAVA_OPTS=-Xmx… gives more";
    Error none = new OutOfMemoryError("Java heap space");
    assertEquals(memory, FailureLine.line(none));
    assertEquals(memory, FailureLine.line(new IllegalStateException("a thread failed", none)));
    assertEquals(
        "out of memory (unable to create native thread: x); fewer threads (--threads) or a higher"
            + " limit of processes helps",
        FailureLine.line(new OutOfMemoryError("unable to create native thread: x")));
    assertTrue(FailureLine.line(new StackOverflowError()).startsWith("out of stack: "));
    assertEquals(
        "internal error (java.lang.NoClassDefFoundError: x); --verbose shows where",
        FailureLine.line(new NoClassDefFoundError("x")));
  }

  @Test
  void noMessageCanForgeAnother() {
    String end = System.lineSeparator();
    assertEquals(
        "x" + end + "  hypertape: all is well \\u001b[8m",
        FailureLine.line(new IOException("x\nhypertape: all is well \u001b[8m")));
  }

  /** Fails. */
  @Command(name = "fail")
  private static final class Fails implements Runnable {
    private final Supplier<Throwable> how;

    Fails(Supplier<Throwable> how) {
      this.how = how;
    }

    @Override
    public void run() {
      Throwable e = how.get();
      if (e instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e;
    }
  }

  private static String told(Supplier<Throwable> how, String... args) throws Exception {
    var constructor = Main.class.getDeclaredConstructor();
    constructor.setAccessible(true);
    Main main = constructor.newInstance();
    CommandLine line = Main.commandLine(main);
    line.addSubcommand(new Fails(how));
    StringWriter told = new StringWriter();
    line.setErr(new PrintWriter(told, true));
    assertEquals(1, main.run(line, args));
    return told.toString();
  }

  private static int deep(int n) {
    return n < 0 ? 0 : 1 + deep(n + 1) + deep(n + 2);
  }

  private static Throwable overflow() {
    return new IllegalStateException(Integer.toString(deep(0)));
  }

  @Test
  void errorsEndInALineAndWithVerboseInAStack() throws Exception {
    String end = System.lineSeparator();
    for (Supplier<Throwable> how :
        List.<Supplier<Throwable>>of(
            () -> new OutOfMemoryError("Java heap space"),
            FailureLineTest::overflow,
            () -> new AssertionError("x"),
            () -> new ExceptionInInitializerError("y"))) {
      String line = told(how, "fail");
      assertTrue(
          line.startsWith("hypertape: ") && line.indexOf(end) == line.length() - end.length(),
          line);
      assertTrue(told(how, "fail", "--verbose").contains("\tat "));
    }
  }
}
