package io.hypertape.run.follow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A small server of MLflow's kind: the part of its REST interface that a run needs, with MLflow's
 * own limits and words. What MLflow would refuse, or overlook, it refuses and notes.
 */
final class TrackingServer implements AutoCloseable {

  /** How it answers a request instead, if it does. */
  record Instead(int status, String body, Map<String, String> headers) {
    static Optional<Instead> of(int status, String body) {
      return Optional.of(new Instead(status, body, Map.of()));
    }
  }

  /** A number as it came. */
  record Told(String key, double value, long timestamp, long step) {}

  /** What it knows of a run. */
  static final class Run {
    final String experiment;
    final JsonNode made;
    final Map<String, String> params = Collections.synchronizedMap(new TreeMap<>());
    final Map<String, String> tags = Collections.synchronizedMap(new TreeMap<>());
    final List<Told> metrics = new CopyOnWriteArrayList<>();
    final List<Integer> batches = new CopyOnWriteArrayList<>();
    volatile String status = "RUNNING";
    volatile long endTime;

    Run(String experiment, JsonNode made) {
      this.experiment = experiment;
      this.made = made;
    }

    List<Told> of(String key) {
      return metrics.stream().filter(told -> told.key().equals(key)).toList();
    }
  }

  private static final String API = "/api/2.0/mlflow/";
  private static final Pattern NAME = Pattern.compile("[/\\w.\\- ]+");
  private static final Set<String> STATUSES =
      Set.of("RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED");
  private static final ObjectMapper JSON = new ObjectMapper();

  final Map<String, String> experiments = new ConcurrentHashMap<>(Map.of("Default", "0"));
  final Map<String, Run> runs = new ConcurrentHashMap<>();
  final List<String> faults = new CopyOnWriteArrayList<>();
  final List<String> authorizations = new CopyOnWriteArrayList<>();
  final List<String> asked = new CopyOnWriteArrayList<>();
  volatile Function<String, Optional<Instead>> instead = what -> Optional.empty();
  volatile long delayMillis;

  private final AtomicInteger names = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  /** A request that MLflow refuses. */
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1;
    private final int status;
    private final String code;

    Refusal(int status, String code, String message) {
      super(message);
      this.status = status;
      this.code = code;
    }

    static Refusal invalid(String message) {
      return new Refusal(400, "INVALID_PARAMETER_VALUE", message);
    }
  }

  TrackingServer() throws IOException {
    this(0);
  }

  TrackingServer(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port());
  }

  Run onlyRun() {
    if (runs.size() != 1) {
      throw new AssertionError(runs.size() + " runs");
    }
    return runs.values().iterator().next();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      String what = path.startsWith(API) ? path.substring(API.length()) : path;
      asked.add(what);
      authorizations.add(
          Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")).orElse(""));
      sleep();
      Optional<Instead> other = instead.apply(what);
      if (other.isPresent()) {
        other.get().headers().forEach((n, v) -> exchange.getResponseHeaders().set(n, v));
        answer(exchange, other.get().status(), other.get().body());
        return;
      }
      try {
        answer(exchange, 200, answer(exchange, what, body).toString());
      } catch (Refusal e) {
        ObjectNode error = JSON.createObjectNode();
        error.put("error_code", e.code).put("message", e.getMessage());
        if (e.status == 400) {
          faults.add(what + ": " + e.getMessage());
        }
        answer(exchange, e.status, error.toString());
      }
    }
  }

  private void sleep() {
    try {
      Thread.sleep(delayMillis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
  }

  private JsonNode answer(HttpExchange exchange, String what, byte[] body)
      throws Refusal, IOException {
    boolean reads = what.equals("experiments/get-by-name");
    if (!exchange.getRequestMethod().equals(reads ? "GET" : "POST")) {
      throw new Refusal(405, "", "method");
    }
    if (reads) {
      return experiment(exchange.getRequestURI().getRawQuery());
    }
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    if (type == null || !type.startsWith("application/json")) {
      throw Refusal.invalid("content type " + type);
    }
    if (body.length > 1_000_000) {
      throw Refusal.invalid("at most 1000000 bytes, got " + body.length);
    }
    JsonNode json = JSON.readTree(body);
    return switch (what) {
      case "experiments/create" -> createExperiment(json);
      case "runs/create" -> createRun(json);
      case "runs/log-batch" -> logBatch(json);
      case "runs/update" -> update(json);
      default -> throw new Refusal(404, "ENDPOINT_NOT_FOUND", what);
    };
  }

  private JsonNode experiment(String query) throws Refusal {
    String name =
        URLDecoder.decode(query.replaceFirst("^experiment_name=", ""), StandardCharsets.UTF_8);
    String id = experiments.get(name);
    if (id == null) {
      throw new Refusal(
          404, "RESOURCE_DOES_NOT_EXIST", "Could not find experiment with name '" + name + "'");
    }
    ObjectNode answer = JSON.createObjectNode();
    answer.putObject("experiment").put("experiment_id", id).put("name", name);
    return answer;
  }

  private JsonNode createExperiment(JsonNode json) throws Refusal {
    known(json, "name", "artifact_location", "tags");
    String name = text(json, "name");
    String id = Integer.toString(names.incrementAndGet());
    if (name.length() > 500 || experiments.putIfAbsent(name, id) != null) {
      throw new Refusal(
          400, "RESOURCE_ALREADY_EXISTS", "Experiment '" + name + "' already exists.");
    }
    return JSON.createObjectNode().put("experiment_id", id);
  }

  private JsonNode createRun(JsonNode json) throws Refusal {
    known(json, "experiment_id", "user_id", "run_name", "start_time", "tags");
    if (!experiments.containsValue(text(json, "experiment_id"))) {
      throw new Refusal(404, "RESOURCE_DOES_NOT_EXIST", "no experiment");
    }
    long start = integer(json, "start_time");
    String id = String.format(Locale.ROOT, "%032x", names.incrementAndGet());
    runs.put(id, new Run(text(json, "experiment_id"), json));
    ObjectNode answer = JSON.createObjectNode();
    answer
        .putObject("run")
        .putObject("info")
        .put("run_id", id)
        .put("run_uuid", id)
        .put("status", "RUNNING")
        .put("start_time", start);
    return answer;
  }

  private Run run(JsonNode json) throws Refusal {
    Run run = runs.get(text(json, "run_id"));
    if (run == null) {
      throw new Refusal(404, "RESOURCE_DOES_NOT_EXIST", "no run");
    }
    return run;
  }

  private JsonNode logBatch(JsonNode json) throws Refusal {
    known(json, "run_id", "metrics", "params", "tags");
    Run run = run(json);
    int metrics = json.path("metrics").size();
    int params = json.path("params").size();
    int tags = json.path("tags").size();
    if (metrics > 1000 || params > 100 || tags > 100 || metrics + params + tags > 1000) {
      throw Refusal.invalid("a batch of " + metrics + ", " + params + ", " + tags);
    }
    List<Told> told = new ArrayList<>();
    for (JsonNode metric : json.path("metrics")) {
      known(metric, "key", "value", "timestamp", "step");
      told.add(
          new Told(
              name(metric),
              real(metric.path("value")),
              integer(metric, "timestamp"),
              integer(metric, "step")));
    }
    Set<String> keys = new HashSet<>();
    for (JsonNode param : json.path("params")) {
      known(param, "key", "value");
      String value = text(param, "value");
      String before = run.params.putIfAbsent(name(param), value);
      if (!keys.add(name(param)) || before != null && !before.equals(value)) {
        throw Refusal.invalid("Changing param values is not allowed: " + name(param));
      }
      if (value.length() > 500) {
        throw Refusal.invalid("Param value had length " + value.length());
      }
    }
    for (JsonNode tag : json.path("tags")) {
      known(tag, "key", "value");
      if (text(tag, "value").length() > 5000) {
        throw Refusal.invalid("Tag value had length " + text(tag, "value").length());
      }
      run.tags.put(name(tag), text(tag, "value"));
    }
    // A number that came already counts once.
    told.stream().filter(value -> !run.metrics.contains(value)).forEach(run.metrics::add);
    if (metrics > 0) {
      run.batches.add(metrics);
    }
    return JSON.createObjectNode();
  }

  private JsonNode update(JsonNode json) throws Refusal {
    known(json, "run_id", "status", "end_time");
    Run run = run(json);
    if (!STATUSES.contains(text(json, "status"))) {
      throw Refusal.invalid("status " + json);
    }
    run.endTime = integer(json, "end_time");
    run.status = text(json, "status");
    ObjectNode answer = JSON.createObjectNode();
    answer.putObject("run_info").put("run_id", text(json, "run_id")).put("status", run.status);
    return answer;
  }

  private static void known(JsonNode json, String... names) throws Refusal {
    List<String> found = new ArrayList<>();
    json.fieldNames().forEachRemaining(found::add);
    found.removeAll(List.of(names));
    if (!json.isObject() || !found.isEmpty()) {
      throw Refusal.invalid("unknown " + found);
    }
  }

  private static String text(JsonNode json, String name) throws Refusal {
    if (!json.path(name).isTextual() || json.path(name).asText().isEmpty()) {
      throw Refusal.invalid("Missing value for required parameter '" + name + "': " + json);
    }
    return json.path(name).asText();
  }

  private static String name(JsonNode json) throws Refusal {
    String name = text(json, "key");
    boolean plain = NAME.matcher(name).matches() && name.length() <= 250;
    if (!plain || name.contains("//") || name.startsWith("/") || name.startsWith("..")) {
      throw Refusal.invalid("Invalid name: '" + name + "'");
    }
    return name;
  }

  private static long integer(JsonNode json, String name) throws Refusal {
    if (!json.path(name).isIntegralNumber() || json.path(name).asLong() < 0) {
      throw Refusal.invalid(name + " is no int64: " + json);
    }
    return json.path(name).asLong();
  }

  private static double real(JsonNode value) throws Refusal {
    if (value.isNumber()) {
      return value.asDouble();
    }
    if (Set.of("NaN", "Infinity", "-Infinity").contains(value.asText())) {
      return Double.parseDouble(value.asText());
    }
    throw Refusal.invalid("value is no double: " + value);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
