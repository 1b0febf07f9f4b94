package io.hypertape.cli.board;

import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A Chromium without a window, with one page, driven by its DevTools protocol
 * (https://chromedevtools.github.io/devtools-protocol/).
 */
final class HeadlessBrowser implements AutoCloseable {

  /** Names the program, for a browser that is not on the path. */
  static final String VARIABLE = "HYPERTAPE_TEST_BROWSER";

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  private static final int PATIENCE_SECONDS = 60;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final WebSocket socket;
  private final AtomicInteger calls = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final Queue<String> errors = new ConcurrentLinkedQueue<>();

  /** Puts messages together, and hands them on. */
  private final class Messages implements WebSocket.Listener {

    private final StringBuilder parts = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
      parts.append(part);
      if (isLast) {
        try {
          received(JSON.readTree(parts.toString()));
        } catch (IOException e) {
          errors.add(e.toString());
        }
        parts.setLength(0);
      }
      from.request(1);
      return null;
    }
  }

  /** The program to be started; empty if there is none. */
  static Optional<Path> find() {
    String named = System.getenv(VARIABLE);
    if (named != null && !named.isBlank()) {
      return Optional.of(Path.of(named));
    }
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    for (String name : NAMES) {
      for (String folder : path.split(File.pathSeparator)) {
        Path program = Path.of(folder, name);
        if (Files.isExecutable(program)) {
          return Optional.of(program);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Starts it.
   *
   * @param profile an empty folder for what it keeps
   */
  HeadlessBrowser(Path program, Path profile) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(
        List.of(
            "--headless=new",
            // Its sandbox needs rights that containers lack; it opens our own page only.
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-extensions",
            "--disable-background-networking",
            "--disable-component-update",
            "--no-first-run",
            "--no-proxy-server",
            "--window-size=1400,1000",
            "--remote-debugging-port=0",
            "--user-data-dir=" + profile,
            "about:blank"));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("browser.log").toFile())
            .start();
    try {
      socket =
          client
              .newWebSocketBuilder()
              .buildAsync(page(profile), new Messages())
              .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      for (String domain : List.of("Page", "Runtime", "Log")) {
        call(domain + ".enable", Map.of());
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      kill();
      throw e;
    } catch (Exception e) {
      kill();
      throw new IOException(e);
    }
  }

  /** Where the page listens, once it does. */
  private URI page(Path profile) throws IOException, InterruptedException {
    Path port = profile.resolve("DevToolsActivePort");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < end && process.isAlive()) {
      if (Files.exists(port) && Files.size(port) > 0) {
        String at = "http://127.0.0.1:" + Files.readAllLines(port).getFirst() + "/json/list";
        HttpRequest request = HttpRequest.newBuilder(URI.create(at)).build();
        String list = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        for (JsonNode target : JSON.readTree(list)) {
          if (target.path("type").asText().equals("page")) {
            return URI.create(target.path("webSocketDebuggerUrl").asText());
          }
        }
      }
      Thread.sleep(20);
    }
    throw new IOException(
        "the browser did not start: " + Files.readString(profile.resolve("browser.log")));
  }

  private void received(JsonNode message) {
    if (message.has("id")) {
      answers.remove(message.path("id").asInt()).complete(message);
      return;
    }
    JsonNode told = message.path("params");
    switch (message.path("method").asText()) {
      case "Runtime.exceptionThrown" -> errors.add(told.path("exceptionDetails").toString());
      case "Runtime.consoleAPICalled" -> {
        if (List.of("error", "warning", "assert").contains(told.path("type").asText())) {
          errors.add(told.path("args").toString());
        }
      }
      case "Log.entryAdded" -> {
        if (told.path("entry").path("level").asText().equals("error")) {
          errors.add(told.path("entry").toString());
        }
      }
      default -> {
        // Of no interest.
      }
    }
  }

  /** What the page has complained of since the last question. */
  List<String> errors() {
    List<String> all = new ArrayList<>();
    for (String error = errors.poll(); error != null; error = errors.poll()) {
      all.add(error);
    }
    return all;
  }

  JsonNode call(String method, Map<String, ?> params) throws IOException {
    int id = calls.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    String text = JSON.writeValueAsString(Map.of("id", id, "method", method, "params", params));
    try {
      socket.sendText(text, true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      JsonNode told = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (told.has("error")) {
        throw new IOException(method + ": " + told.path("error"));
      }
      return told.path("result");
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(method, e);
    }
  }

  void open(String address) throws IOException {
    // One that differs behind its # would not be loaded.
    call("Page.navigate", Map.of("url", "about:blank"));
    call("Page.navigate", Map.of("url", address));
  }

  /** What an expression gives, as text. */
  String ask(String expression) throws IOException {
    JsonNode told =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (told.has("exceptionDetails")) {
      throw new IOException(expression + ": " + told.path("exceptionDetails"));
    }
    return told.path("result").path("value").asText();
  }

  /** Waits until an expression gives a text. */
  void await(String expected, String expression) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    String last = "";
    while (System.nanoTime() < end) {
      last = ask(expression);
      if (last.equals(expected)) {
        return;
      }
      Thread.sleep(20);
    }
    Path picture = Path.of("target", "board-page.png");
    picture(picture);
    fail(
        expression
            + " is '"
            + last
            + "', not '"
            + expected
            + "'; the page is in "
            + picture
            + "; it says "
            + errors());
  }

  /** What the page looks like. */
  void picture(Path file) throws IOException {
    JsonNode told = call("Page.captureScreenshot", Map.of("format", "png"));
    Files.write(file, Base64.getDecoder().decode(told.path("data").asText()));
  }

  private void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    socket.abort();
    kill();
    // Its profile can be removed once nobody writes there.
    process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    client.shutdownNow();
  }
}
