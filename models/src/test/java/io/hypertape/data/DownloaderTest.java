package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server of the test's own. */
class DownloaderTest {

  @TempDir private Path folder;
  private HttpServer server;
  private final Map<String, byte[]> files = new HashMap<>();
  private final List<String> requests = new ArrayList<>();
  private byte[] contents;
  private Downloader.RemoteFile file;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    contents = new byte[200_000];
    new Random(1).nextBytes(contents);
    Path original = folder.resolve("original");
    Files.write(original, contents);
    file = new Downloader.RemoteFile("a.gz", contents.length, Downloader.sha256(original));
    Files.delete(original);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    requests.add(path);
    byte[] body = files.get(path);
    exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
    if (body != null) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  private URI mirror(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private String failure(String... mirrors) {
    var downloader =
        new Downloader(Stream.of(mirrors).map(this::mirror).toList(), (name, n, total) -> {});
    return assertThrows(IOException.class, () -> downloader.fetch(file, folder)).getMessage();
  }

  private void assertNothingLeft() throws IOException {
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void fetchesOnceAndTellsHowFarItIs() throws IOException {
    files.put("/m/a.gz", contents);
    List<Long> progress = new ArrayList<>();
    var downloader = new Downloader(List.of(mirror("/m/")), (name, n, total) -> progress.add(n));
    Path fetched = downloader.fetch(file, folder);
    assertArrayEquals(contents, Files.readAllBytes(fetched));
    assertEquals((long) contents.length, progress.getLast());
    assertEquals(progress.stream().sorted().toList(), progress);
    downloader.fetch(file, folder);
    assertEquals(List.of("/m/a.gz"), requests);
    Files.write(fetched, new byte[] {1});
    downloader.fetch(file, folder);
    assertArrayEquals(contents, Files.readAllBytes(fetched), "a damaged file is fetched anew");
  }

  @Test
  void theSecondMirrorStandsIn() throws IOException {
    files.put("/bad/a.gz", new byte[contents.length]);
    files.put("/good/a.gz", contents);
    var downloader =
        new Downloader(
            List.of(mirror("/none/"), mirror("/bad/"), mirror("/good/")), (name, n, total) -> {});
    assertArrayEquals(contents, Files.readAllBytes(downloader.fetch(file, folder)));
    assertEquals(List.of("/none/a.gz", "/bad/a.gz", "/good/a.gz"), requests);
  }

  @Test
  void whatDoesNotFitIsRefusedAndLeavesNothing() throws IOException {
    assertTrue(failure("/none/").contains("HTTP status 404"));
    files.put("/wrong/a.gz", new byte[contents.length]);
    assertTrue(failure("/wrong/").contains("sha256 is "));
    files.put("/long/a.gz", new byte[contents.length + 1]);
    assertTrue(failure("/long/").contains("more than the expected 200000 bytes"));
    files.put("/short/a.gz", new byte[10]);
    assertTrue(failure("/short/").contains("only 10 of 200000 bytes"));
    server.stop(0);
    String message = failure("/gone/");
    assertTrue(message.startsWith("a.gz could not be downloaded (127.0.0.1: "), message);
    assertNothingLeft();
  }

  @Test
  void mnistSaysWhatToDoInstead() {
    var downloader = new Downloader(List.of(mirror("/none/")), (name, n, total) -> {});
    String message =
        assertThrows(IOException.class, () -> Mnist.download(folder, downloader, List.of(file)))
            .getMessage();
    assertTrue(message.contains("--data-dir") && message.contains(folder.toString()), message);
  }

  @Test
  void cifarSaysWhatToDoInstead() {
    var downloader = new Downloader(List.of(mirror("/none/")), (name, n, total) -> {});
    String message =
        assertThrows(IOException.class, () -> Cifar10.download(folder, downloader, file, 3))
            .getMessage();
    assertTrue(message.startsWith("CIFAR-10: a.gz could not be downloaded"), message);
    assertTrue(message.contains("cifar-10-binary.tar.gz into " + folder), message);
    assertTrue(message.contains("--data-dir"), message);
  }

  @Test
  void plainHttpIsForTestsOnly() {
    var mirrors = List.of(URI.create("http://203.0.113.7/mnist/"));
    assertThrows(IllegalArgumentException.class, () -> new Downloader(mirrors, (a, b, c) -> {}));
  }
}
