package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@code board}: begins to serve, tells where, and ends as it is asked to. */
class BoardCommandTest extends CommandProcesses {

  private static final int CTRL_C = 130;

  private URI address(Process process) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    Path out = folder.resolve("out.txt");
    while (System.nanoTime() < end && process.isAlive()) {
      String told = Files.readString(out);
      if (told.endsWith("\n")) {
        assertTrue(told.startsWith("runs in "), told);
        return URI.create(told.replaceAll("(?s).*: (http://\\S+/) .*", "$1"));
      }
      Thread.sleep(20);
    }
    throw new AssertionError(Files.readString(folder.resolve("err.txt")));
  }

  private static String get(URI address) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no kill")
  void ctrlCEndsItAndFreesThePort() throws Exception {
    Files.createDirectories(folder.resolve("runs/first"));
    Files.writeString(folder.resolve("runs/first/metrics.csv"), "step,loss\n1,2\n");
    Process process = attentive(List.of(), "board", "--port", "0").start();
    URI address = address(process);
    assertTrue(get(address).contains("<title>Hypertape: runs</title>"));
    assertTrue(get(address.resolve("api/runs")).contains("\"name\":\"first\""));
    // It listens to this machine only.
    assertEquals(InetAddress.getLoopbackAddress().getHostAddress(), address.getHost());
    try (Socket open = new Socket(address.getHost(), address.getPort())) {
      assertTrue(open.isConnected());
      String pid = Long.toString(process.pid());
      assertEquals(0, new ProcessBuilder("kill", "-INT", pid).start().waitFor());
      CommandResult result = result(process);
      assertEquals(CTRL_C, result.status(), result.err());
      assertFalse(result.err().contains("\tat "), result.err());
    }
    assertThrows(ConnectException.class, () -> get(address));
  }

  /** As in a runtime image that was made small. */
  @Test
  void withoutItsModuleItSaysWhichOneIsLacking() throws Exception {
    Files.createDirectory(folder.resolve("runs"));
    List<String> flags =
        List.of("--limit-modules", "java.net.http,jdk.incubator.vector,jdk.unsupported");
    result(process(flags, "board").start())
        .assertFails(1, "module jdk.httpserver, which is not there: --add-modules");
  }

  @Test
  void aTakenPortAndWrongArgumentsAreTold() throws Exception {
    Files.createDirectory(folder.resolve("runs"));
    String runs = folder.resolve("runs").toString();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      CommandResult.of("board", runs, "--port", port)
          .assertFails(1, "port " + port + " cannot be had (", "--port N takes another one");
    }
    CommandResult.of("board", runs, "--port", "65536")
        .assertFails(2, "--port is 65536; 0 to 65535");
    CommandResult.of("board", runs, "--port", "x").assertFails(2, "'x' is no whole number");
    String none = folder.resolve("none").toString();
    CommandResult.of("board", none).assertFails(1, none + ": there is no such folder");
    String file = Files.createFile(folder.resolve("file")).toString();
    CommandResult.of("board", file).assertFails(1, file + ": a file; a folder of runs is expected");
    CommandResult.of("board", "").assertFails(2, "the path is empty");
  }
}
