package io.hypertape.cli;

import io.hypertape.cli.board.BoardServer;
import io.hypertape.cli.spi.Interrupt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows runs on a page in the browser, as they go on. */
@Command(
    name = "board",
    description = {
      "Shows runs on a page in the browser, as they go on: losses and every level's"
          + " hyperparameters, runs side by side. The page is for this machine alone; Ctrl-C ends"
          + " it.",
      ""
    })
final class BoardCommand implements Callable<Integer> {

  private static final int MOST_PORT = 65_535;
  private static final String RUNS = "runs";
  private static final String SERVER = "jdk.httpserver";

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "DIR",
      arity = "0..1",
      defaultValue = RUNS,
      description = "folder of runs, or of one run (default: ${DEFAULT-VALUE})")
  private Path folder;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "where the page is; 0 for any port that is free (default: ${DEFAULT-VALUE})")
  private int port = 8642;

  private BoardCommand() {}

  @Override
  public Integer call() throws IOException {
    if (port < 0 || port > MOST_PORT) {
      throw new ParameterException(
          spec.commandLine(), "--port is " + port + "; 0 to " + MOST_PORT + " fit");
    }
    checkFolder();
    if (ModuleLayer.boot().findModule(SERVER).isEmpty()) {
      throw new IOException(
          "the page is served by Java's module "
              + SERVER
              + ", which is not there: --add-modules "
              + SERVER
              + " brings it, in a runtime image jlink's option of the same name");
    }
    // Small answers would wait for the browser's acknowledgement of their first half.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    try (Interrupt interrupt = new Interrupt();
        BoardServer server = new BoardServer(folder, port)) {
      System.out.println(
          "runs in " + Shown.text(folder.toString()) + ": " + server.address() + "  (Ctrl-C ends)");
      System.out.flush();
      return untilAsked(interrupt);
    }
  }

  private void checkFolder() throws IOException {
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new IOException(folder + ": a file; a folder of runs is expected");
    }
    if (!Files.exists(folder)) {
      if (!folder.equals(Path.of(RUNS))) {
        throw new IOException(folder + ": there is no such folder");
      }
      System.err.println("there is no folder runs yet; what hypertape train begins will be shown");
    }
  }

  private static int untilAsked(Interrupt interrupt) {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      // That is what was waited for.
    }
    return interrupt.status();
  }
}
