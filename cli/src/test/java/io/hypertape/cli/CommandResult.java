package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a command left. */
record CommandResult(int status, String out, String err) {

  /** Of a command in this process, whose streams are caught meanwhile. */
  static CommandResult of(String... args) {
    PrintStream outBefore = System.out;
    PrintStream errBefore = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    int status;
    try {
      status = Main.execute(args);
    } finally {
      System.setErr(errBefore);
      System.setOut(outBefore);
    }
    return new CommandResult(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** One clear line, and no stack trace. */
  CommandResult assertFails(int expected, String... parts) {
    assertEquals(expected, status, out + err);
    List<String> lines = err.lines().filter(line -> line.startsWith("hypertape: ")).toList();
    assertEquals(1, lines.size(), err);
    for (String part : parts) {
      assertTrue(err.contains(part), err);
    }
    assertFalse(err.contains("\tat "), err);
    return this;
  }

  CommandResult assertDone() {
    assertEquals(0, status, out + err);
    return this;
  }
}
