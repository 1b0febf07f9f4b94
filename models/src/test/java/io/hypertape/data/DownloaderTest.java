package io.hypertape.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server of the test's own. */
class DownloaderTest {

  /** On a machine that does other things, too. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

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
    file = remote("a.gz", contents);
  }

  static Downloader.RemoteFile remote(String name, byte[] contents) {
    Checksum sum = new Checksum();
    sum.add(contents, 0, contents.length);
    return new Downloader.RemoteFile(name, contents.length, sum.text());
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
        assertThrows(
                IOException.class,
                () -> Mnist.download(folder, downloader, List.of(file), Map.of()))
            .getMessage();
    assertTrue(message.contains("--data-dir") && message.contains(folder.toString()), message);
  }

  @Test
  void cifarSaysWhatToDoInstead() {
    var downloader = new Downloader(List.of(mirror("/none/")), (name, n, total) -> {});
    String message =
        assertThrows(
                IOException.class, () -> Cifar10.download(folder, downloader, file, 3, Map.of()))
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

  /** Leaves who sends too little in 0.3 s, and who does not begin to answer in a given time. */
  private Downloader impatient(Duration answer, String... mirrors) {
    return new Downloader(
        Stream.of(mirrors).map(this::mirror).toList(),
        (name, n, total) -> {},
        new Downloader.Limits(answer, new DownloadPace.Limit(Duration.ofMillis(300), 1000), 5),
        Downloader.World.real());
  }

  private void serve(String path, HttpHandler handler) {
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(path, handler);
  }

  private String refused(Duration answer, String mirror) {
    Downloader downloader = impatient(answer, mirror);
    return assertThrows(
            IOException.class,
            () ->
                assertTimeoutPreemptively(
                    Duration.ofSeconds(30), () -> downloader.fetch(file, folder)))
        .getMessage();
  }

  @Test
  void aServerThatStallsOrDripsOrIsSilentIsLeft() throws IOException {
    server.stop(0);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    CountDownLatch over = new CountDownLatch(1);
    serve("/silent/", exchange -> await(over));
    serve(
        "/stalls/",
        exchange -> {
          exchange.sendResponseHeaders(200, contents.length);
          exchange.getResponseBody().write(contents, 0, 5000);
          exchange.getResponseBody().flush();
          await(over);
        });
    serve(
        "/drips/",
        exchange -> {
          exchange.sendResponseHeaders(200, contents.length);
          for (byte one : contents) {
            exchange.getResponseBody().write(one);
            exchange.getResponseBody().flush();
            if (over.getCount() == 0) {
              return;
            }
            pause();
          }
        });
    serve("/good/", this::answer);
    files.put("/good/a.gz", contents);
    server.start();
    try {
      assertTrue(refused(Duration.ofMillis(300), "/silent/").contains("no answer within 0 s"));
      String message = refused(PATIENCE, "/stalls/");
      assertTrue(message.contains("stalled after 5000 of 200000 bytes: 0 came"), message);
      assertTrue(message.contains("(0.0 bytes/s), fewer than 1000"), message);
      assertTrue(message.contains("from " + mirror("/stalls/a.gz")), message);
      message = refused(PATIENCE, "/drips/");
      assertTrue(message.matches(".*stalled after [0-9]+ of 200000 bytes: .*"), message);
      assertNothingLeft();
      Path fetched = impatient(PATIENCE, "/stalls/", "/good/").fetch(file, folder);
      assertArrayEquals(contents, Files.readAllBytes(fetched));
    } finally {
      over.countDown();
    }
  }

  private static void await(CountDownLatch over) {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(5);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void redirect(String from, String to) {
    server.createContext(
        from,
        exchange -> {
          exchange.getResponseHeaders().set("Location", to);
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
  }

  @Test
  void redirectionsAreFollowedToHttpsAndNotForEver() throws IOException {
    redirect("/r/a.gz", "/m/a.gz");
    redirect("/loop/a.gz", "/loop/a.gz");
    redirect("/open/a.gz", "http://203.0.113.7/a.gz");
    redirect("/bad/a.gz", "http://[");
    assertTrue(failure("/loop/").contains("redirected more than 5 times"));
    assertTrue(failure("/open/").contains("and only https is allowed"));
    assertTrue(failure("/bad/").contains("which is no address"));
    files.put("/m/a.gz", contents);
    var downloader = new Downloader(List.of(mirror("/r/")), (name, n, total) -> {});
    assertArrayEquals(contents, Files.readAllBytes(downloader.fetch(file, folder)));
  }

  @Test
  void aPageInsteadOfTheFileIsNamedForWhatItIs() throws IOException {
    files.put("/m/a.gz", "<!DOCTYPE html><title>Log in</title>".getBytes(StandardCharsets.UTF_8));
    String message = failure("/m/");
    assertTrue(message.contains("only 36 of 200000 bytes; what came is a web page"), message);
  }

  @Test
  void aLinkInTheFolderIsReplacedAndNotWrittenThrough() throws IOException {
    files.put("/m/a.gz", contents);
    Path elsewhere = Files.write(folder.resolve("elsewhere"), new byte[] {1, 2});
    Files.createSymbolicLink(folder.resolve("a.gz"), elsewhere);
    var downloader = new Downloader(List.of(mirror("/m/")), (name, n, total) -> {});
    Path fetched = downloader.fetch(file, folder);
    assertArrayEquals(contents, Files.readAllBytes(fetched));
    assertFalse(Files.isSymbolicLink(fetched));
    assertArrayEquals(new byte[] {1, 2}, Files.readAllBytes(elsewhere));
  }

  @Test
  void whatKilledDownloadsLeftIsRemovedAndNothingElse() throws IOException {
    FileTime old = FileTime.from(Instant.now().minusSeconds(120));
    List<String> gone = List.of("a.gz.0123456789abcdef.part", "a.gz123456789.part");
    List<String> kept =
        List.of("a.gz.part", "b.gz.0123456789abcdef.part", "a.gz.mine.part", "a.gz.12");
    for (String name : Stream.concat(gone.stream(), kept.stream()).toList()) {
      Files.setLastModifiedTime(Files.write(folder.resolve(name), new byte[1]), old);
    }
    Path recent = Files.write(folder.resolve("a.gz.1.part"), new byte[1]);
    Path link = Files.createSymbolicLink(folder.resolve("a.gz.2.part"), folder.resolve("a.gz.12"));
    LocalDisk disk = new LocalDisk();
    Path written = folder.resolve("a.gz.3.part");
    files.put("/m/a.gz", contents);
    try (Disk.Output out = disk.create(written)) {
      out.write(new byte[1], 1);
      Files.setLastModifiedTime(written, old);
      new Downloader(List.of(mirror("/m/")), (name, n, total) -> {}).fetch(file, folder);
    }
    for (String name : gone) {
      assertFalse(Files.exists(folder.resolve(name)), name);
    }
    for (String name : kept) {
      assertTrue(Files.exists(folder.resolve(name)), name);
    }
    assertTrue(Files.exists(recent) && Files.isSymbolicLink(link) && Files.exists(written));
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamedAndNoOtherMirrorAsked() throws IOException {
    Path taken = Files.write(folder.resolve("taken"), new byte[1]);
    files.put("/m/a.gz", contents);
    var downloader = new Downloader(List.of(mirror("/m/"), mirror("/n/")), (name, n, total) -> {});
    String message =
        assertThrows(IOException.class, () -> downloader.fetch(file, taken)).getMessage();
    assertEquals(taken + " could not be written: exists already", message);
    assertEquals(List.of(), requests);
  }
}
