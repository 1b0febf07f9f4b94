package io.hypertape.cli.board;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.hypertape.checks.Nulls;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/**
 * Serves a page of the runs below a folder, to this machine alone: it listens on the loopback
 * address, answers only who calls it by that, and only reads. It gives the page's own files and
 * what {@link ListedRuns} lists; no path of a request is one of the disk.
 */
public final class BoardServer implements AutoCloseable {

  private static final Logger LOG = System.getLogger(BoardServer.class.getName());
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_PORT = 65_535;

  /** What a browser on this machine may call it; another name leads here by deceit. */
  private static final Pattern OWN_HOST =
      Pattern.compile("(?:localhost|127\\.0\\.0\\.1|\\[::1\\])(?::[0-9]{1,5})?");

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
              + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cache-Control",
          "no-store");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ListedRuns runs;
  private final CurveTables tables = new CurveTables();

  /** What a request gets. */
  record Answer(int status, String type, byte[] body) {

    static Answer text(int status, String text) {
      byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
      return new Answer(status, "text/plain; charset=utf-8", body);
    }

    static Answer json(ObjectNode node) throws IOException {
      return new Answer(200, "application/json", JSON.writeValueAsBytes(node));
    }
  }

  /**
   * Begins to serve.
   *
   * @param folder whose runs are shown; it may come later
   * @param port where to listen; 0 for any port that is free
   * @throws IOException if the port is taken, or is not for everybody
   */
  public BoardServer(Path folder, int port) throws IOException {
    Nulls.check(folder, "board: folder");
    if (port < 0 || port > MOST_PORT) {
      throw new IllegalArgumentException("board: port " + port + "; 0 to " + MOST_PORT + " fit");
    }
    runs = new ListedRuns(folder);
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try {
      server = HttpServer.create(address, 0);
    } catch (BindException e) {
      throw new IOException(
          "port "
              + port
              + " cannot be had ("
              + e.getMessage()
              + "); another program may have it, such as another board: --port N takes another one,"
              + " --port 0 any that is free",
          e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  /**
   * Where the page is.
   *
   * @return its address
   */
  public URI address() {
    InetSocketAddress at = server.getAddress();
    String host = at.getAddress().getHostAddress();
    return URI.create("http://" + (host.contains(":") ? "[::1]" : host) + ":" + at.getPort() + "/");
  }

  /** The next list is what the disk has then. */
  void lookAgain() {
    runs.lookAgain();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer;
      try {
        answer = answer(exchange);
      } catch (IllegalArgumentException e) {
        answer = Answer.text(400, "no request of the page's: " + e.getMessage());
      } catch (IOException | RuntimeException e) {
        LOG.log(Level.WARNING, "board: " + exchange.getRequestURI(), e);
        answer = Answer.text(500, "cannot be answered: " + e);
      }
      send(exchange, answer);
    }
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    HEADERS.forEach(headers::set);
    headers.set("Content-Type", answer.type());
    if (answer.status() == 405) {
      headers.set("Allow", "GET, HEAD");
    }
    if (exchange.getRequestMethod().equals("HEAD")) {
      headers.set("Content-Length", Integer.toString(answer.body().length));
      exchange.sendResponseHeaders(answer.status(), -1);
      return;
    }
    exchange.sendResponseHeaders(answer.status(), answer.body().length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(answer.body());
    }
  }

  private Answer answer(HttpExchange exchange) throws IOException {
    String host = exchange.getRequestHeaders().getFirst("Host");
    if (host == null || !OWN_HOST.matcher(host).matches()) {
      return Answer.text(403, "this page is for its own machine: call it by " + address());
    }
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return Answer.text(405, "only GET and HEAD are answered");
    }
    URI uri = exchange.getRequestURI();
    Map<String, String> query = query(uri);
    return switch (uri.getRawPath()) {
      case "/api/runs" -> list(query);
      case "/api/rows" -> rows(query);
      case "/api/config" -> config(query);
      default ->
          PageFile.of(uri.getRawPath())
              .map(file -> new Answer(200, file.type(), file.bytes()))
              .orElseGet(() -> Answer.text(404, "there is no such page"));
    };
  }

  private static Map<String, String> query(URI uri) {
    Map<String, String> query = new HashMap<>();
    String raw = uri.getRawQuery();
    if (raw != null) {
      for (String part : raw.split("&")) {
        int is = part.indexOf('=');
        if (is > 0) {
          query.put(
              URLDecoder.decode(part.substring(0, is), StandardCharsets.UTF_8),
              URLDecoder.decode(part.substring(is + 1), StandardCharsets.UTF_8));
        }
      }
    }
    return query;
  }

  private Answer list(Map<String, String> query) throws IOException {
    ObjectNode told = JSON.createObjectNode();
    long since = Long.parseLong(query.getOrDefault("since", "0"));
    runs.write(told, query.getOrDefault("board", ""), since);
    return Answer.json(told);
  }

  private Answer rows(Map<String, String> query) throws IOException {
    Optional<ListedRun> run = runs.find(query.getOrDefault("run", ""));
    if (run.isEmpty()) {
      return Answer.text(404, "there is no such run");
    }
    ObjectNode told = JSON.createObjectNode();
    tables.write(told, run.get().folder(), query);
    return Answer.json(told);
  }

  private Answer config(Map<String, String> query) throws IOException {
    Optional<ListedRun> run = runs.find(query.getOrDefault("run", ""));
    if (run.isEmpty()) {
      return Answer.text(404, "there is no such run");
    }
    ObjectNode told = JSON.createObjectNode();
    try {
      told.set("config", run.get().config());
    } catch (IOException e) {
      told.put("problem", String.valueOf(e.getMessage()));
    }
    return Answer.json(told);
  }

  /** Frees the port; requests that are under way are not waited for. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
