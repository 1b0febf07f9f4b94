package io.hypertape.benchmarks.parts;

import io.hypertape.cli.spi.Subcommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import picocli.CommandLine;

/** Runs a command that a service brings, in this process. */
@ResourceLock(Resources.SYSTEM_ERR)
public abstract class CommandRuns {

  protected final StringWriter out = new StringWriter();
  protected final StringWriter err = new StringWriter();
  protected String told = "";

  private final Class<? extends Subcommand> service;

  protected CommandRuns(Class<? extends Subcommand> service) {
    this.service = service;
  }

  protected final CommandLine line() {
    Object command =
        ServiceLoader.load(Subcommand.class).stream()
            .filter(found -> found.type() == service)
            .findFirst()
            .orElseThrow()
            .get()
            .create();
    return new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err));
  }

  /** Runs the command; what it tells of its progress is in {@link #told}. */
  protected final int execute(String... args) {
    PrintStream before = System.err;
    ByteArrayOutputStream progress = new ByteArrayOutputStream();
    System.setErr(new PrintStream(progress, true, StandardCharsets.UTF_8));
    try {
      return line().execute(args);
    } finally {
      System.setErr(before);
      told = progress.toString(StandardCharsets.UTF_8);
    }
  }

  /** The files of finished parts. */
  protected static List<Path> kept(Path run) throws IOException {
    try (Stream<Path> files = Files.list(run.resolve("parts"))) {
      return files.sorted().toList();
    }
  }
}
