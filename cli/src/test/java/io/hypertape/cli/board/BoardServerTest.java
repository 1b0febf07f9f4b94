package io.hypertape.cli.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is answered, and with what. */
class BoardServerTest {

  @TempDir private Path folder;
  private BoardClient client;

  @BeforeEach
  void serve() throws IOException {
    BoardRun.begin(folder.resolve("runs/a"), "sgd(0.01)").rows(1, 3);
    Files.writeString(folder.resolve("secret.txt"), "not for the page");
    client = new BoardClient(folder.resolve("runs"));
  }

  @AfterEach
  void end() {
    client.close();
  }

  @Test
  void thePageAndItsPartsAreThere() throws IOException {
    BoardClient.Reply page = client.get("/");
    assertEquals(200, page.status());
    assertEquals("text/html; charset=utf-8", page.header("Content-Type"));
    for (String part :
        List.of(
            "board.css",
            "board.js",
            "charts.js",
            "chart.js",
            "feed.js",
            "numbers.js",
            "icon.svg")) {
      BoardClient.Reply reply = client.get("/" + part);
      assertEquals(200, reply.status(), part);
      assertFalse(reply.body().isEmpty(), part);
      // It works without a network, and asks nobody else.
      assertFalse(
          reply.body().replace("http://www.w3.org/2000/svg", "").contains("://"),
          "links in " + part);
    }
  }

  @Test
  void noOtherSiteCanReadIt() throws IOException {
    for (String path : List.of("/", "/api/runs", "/none")) {
      BoardClient.Reply reply = client.get(path);
      String policy = reply.header("Content-Security-Policy");
      assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; "), policy);
      assertTrue(policy.contains("frame-ancestors 'none'"), policy);
      assertEquals("nosniff", reply.header("X-Content-Type-Options"));
      assertEquals("same-origin", reply.header("Cross-Origin-Resource-Policy"));
      assertEquals("no-store", reply.header("Cache-Control"));
      assertEquals("", reply.header("Access-Control-Allow-Origin"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "example.org",
        "127.0.0.1.example.org",
        "localhost.example.org:80",
        "127.0.0.1@example.org",
        "localhost:80:80",
        "192.168.0.1",
        "[::2]",
        "%"
      })
  void whoCallsItByAnotherNameIsRefused(String host) throws IOException {
    assertEquals(403, client.send("GET", "/api/runs", host).status());
    assertEquals(403, client.send("GET", "/", host).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "localhost:1", "127.0.0.1:8642", "[::1]:9000", "[::1]"})
  void itsOwnNamesAreAnsweredAlsoThroughATunnel(String host) throws IOException {
    assertEquals(200, client.send("GET", "/api/runs", host).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"})
  void itOnlyReads(String method) throws IOException {
    BoardClient.Reply reply = client.send(method, "/api/runs", "localhost");
    assertEquals(405, reply.status());
    assertEquals("GET, HEAD", reply.header("Allow"));
  }

  @Test
  void headIsWithoutABody() throws IOException {
    BoardClient.Reply reply = client.send("HEAD", "/", "localhost");
    assertEquals(200, reply.status());
    assertEquals("", reply.body());
    assertTrue(Integer.parseInt(reply.header("Content-Length")) > 500, reply.head());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/a/metrics.csv",
        "/runs/a/metrics.csv",
        "/board.css/",
        "//board.css",
        "/BoardServer.class",
        "/api/",
        "/api/rows?run=..",
        "/api/rows?run=../runs/a",
        "/api/rows?run=a/../a",
        "/api/rows?run=a%00",
        "/api/rows?run=%2e",
        "/api/rows",
        "/api/config?run=../.."
      })
  void nothingElseCanBeAskedFor(String path) throws IOException {
    BoardClient.Reply reply = client.get(path);
    assertEquals(404, reply.status(), reply.body());
    assertFalse(reply.body().contains("not for"), reply.body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/runs?since=many",
        "/api/runs?since=%zz",
        "/api/runs?since=9999999999999999999"
      })
  void whatIsNoRequestIsToldSo(String path) throws IOException {
    assertEquals(400, client.get(path).status());
  }

  @Test
  void linksOutOfTheFolderAreNotFollowed() throws IOException {
    Path outside = BoardRun.begin(folder.resolve("outside"), "sgd(1)").rows(1, 2).folder();
    Path runs = folder.resolve("runs");
    Files.createSymbolicLink(runs.resolve("linked"), outside);
    Files.createDirectory(runs.resolve("b"));
    Files.createSymbolicLink(runs.resolve("b/config.json"), outside.resolve("config.json"));
    Files.createSymbolicLink(runs.resolve("b/metrics.csv"), folder.resolve("secret.txt"));
    BoardRun c = BoardRun.begin(runs.resolve("c"), "sgd(2)");
    Files.delete(c.metrics());
    Files.createSymbolicLink(c.metrics(), outside.resolve("metrics.csv"));
    List<String> names = client.runs().path("runs").findValuesAsText("name");
    assertEquals(List.of("a", "c"), names);
    assertEquals(
        "metrics.csv is no regular file", client.metrics("c", "").path("problem").asText());
    assertEquals(0, client.metrics("c", "").path("rows").asInt());
  }

  @Test
  void aPortThatIsTakenIsTold() {
    int port = client.address().getPort();
    IOException e = assertThrows(IOException.class, () -> new BoardServer(folder, port).close());
    assertTrue(e.getMessage().startsWith("port " + port + " cannot be had ("), e.getMessage());
    assertTrue(e.getMessage().contains("--port N"), e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new BoardServer(folder, 65_536).close());
  }

  @Test
  void onceClosedItLeavesNeitherPortNorThread() throws Exception {
    assertEquals(200, client.get("/").status());
    // One that says nothing does not keep it.
    try (Socket silent = new Socket(client.address().getHost(), client.address().getPort())) {
      client.close();
      assertThrows(ConnectException.class, () -> client.get("/"));
      assertFalse(
          Thread.getAllStackTraces().keySet().stream()
              .anyMatch(thread -> thread.getName().startsWith("HTTP-Dispatcher")));
    }
    int port = client.address().getPort();
    try (BoardServer again = new BoardServer(folder, port)) {
      assertEquals(port, again.address().getPort());
    }
  }

  @Test
  void theConfigurationIsThatOfTheFile() throws IOException {
    assertEquals(
        "1", client.json("/api/config", Map.of("run", "a")).at("/config/options/--seed").asText());
    Files.writeString(folder.resolve("runs/a/config.json"), "{");
    assertTrue(
        client
            .json("/api/config", Map.of("run", "a"))
            .path("problem")
            .asText()
            .contains("not valid JSON"));
  }
}
