package io.hypertape.run.follow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A run as an MLflow server has it: what is asked of it in words of the interface.
 *
 * @param id the server's name of it
 */
record MlflowRun(String id) {

  /** Numbers that a request has at the most. */
  static final int MOST_METRICS = 1000;

  /** Parameters or tags that a request has at the most. */
  private static final int MOST_TEXTS = 100;

  /** Characters of a parameter in earlier versions of MLflow; later ones take more. */
  private static final int LONGEST_PARAM = 500;

  private static final int LONGEST_TAG = 5000;
  private static final int LONGEST_NAME = 250;

  private static final int ATTEMPTS = 3;
  private static final long PAUSE_MILLIS = 400;

  /**
   * A number at a step.
   *
   * @param millis when it was told, since 1970
   */
  record Value(String key, double value, long millis, long step) {}

  /** A request, which may be made again. */
  private interface Request {
    JsonNode send(Duration patience) throws IOException;
  }

  /**
   * Makes a run, in an experiment that is made if there is none.
   *
   * @throws IOException if the server is not there, is none of MLflow's, or refuses
   */
  static MlflowRun create(MlflowClient client, MlflowOptions options) throws IOException {
    long end = System.nanoTime() + options.patience().toNanos();
    String experiment = experiment(client, options.experiment(), end);
    ObjectNode body = MlflowClient.json().createObjectNode();
    body.put("experiment_id", experiment).put("start_time", System.currentTimeMillis());
    Optional<String> name = options.runName();
    if (name.isPresent()) {
      body.put("run_name", name.get());
    }
    JsonNode made = retried(patience -> client.post("runs/create", body, patience), end);
    JsonNode info = made.path("run").path("info");
    String id = info.path("run_id").asText(info.path("run_uuid").asText(""));
    if (id.isEmpty()) {
      throw new IOException(client.server() + ": the answer to runs/create names no run");
    }
    return new MlflowRun(id);
  }

  private static String experiment(MlflowClient client, String name, long end) throws IOException {
    String query =
        "experiments/get-by-name?experiment_name="
            + URLEncoder.encode(name, StandardCharsets.UTF_8);
    for (int k = 0; ; k++) {
      try {
        JsonNode found = retried(patience -> client.get(query, patience), end);
        return id(client, found.path("experiment"));
      } catch (MlflowException e) {
        // Elsewhere, where there is no MLflow, nothing is found either, but in other words.
        if (!e.is("RESOURCE_DOES_NOT_EXIST")) {
          throw e;
        }
      }
      ObjectNode body = MlflowClient.json().createObjectNode().put("name", name);
      try {
        return id(client, retried(p -> client.post("experiments/create", body, p), end));
      } catch (MlflowException e) {
        // Another run has made it meanwhile.
        if (!e.is("RESOURCE_ALREADY_EXISTS") || k > 0) {
          throw e;
        }
      }
    }
  }

  private static String id(MlflowClient client, JsonNode of) throws IOException {
    String id = of.path("experiment_id").asText("");
    if (id.isEmpty()) {
      throw new IOException(client.server() + ": the answer names no experiment");
    }
    return id;
  }

  /**
   * Asks up to three times, where that may help and does nothing twice.
   *
   * @param end by {@link System#nanoTime}
   */
  private static JsonNode retried(Request request, long end) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return request.send(Duration.ofNanos(end - System.nanoTime()));
      } catch (MlflowException e) {
        boolean unasked = e.isAnswered() || e.getCause() instanceof ConnectException;
        long left = (end - System.nanoTime()) / 1_000_000;
        if (attempt == ATTEMPTS || !e.isPassing() || !unasked || left < PAUSE_MILLIS * attempt) {
          throw e;
        }
        pause(PAUSE_MILLIS * attempt);
      }
    }
  }

  private static void pause(long millis) throws InterruptedIOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("mlflow: interrupted");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  /**
   * Tells what the run is started with.
   *
   * @throws IOException if the server does not take it
   */
  void describe(
      MlflowClient client, Map<String, String> params, Map<String, String> tags, Duration patience)
      throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    describe(client, "params", texts(params, LONGEST_PARAM), end);
    describe(client, "tags", texts(tags, LONGEST_TAG), end);
  }

  private void describe(MlflowClient client, String kind, List<ObjectNode> texts, long end)
      throws IOException {
    for (int from = 0; from < texts.size(); from += MOST_TEXTS) {
      ObjectNode body = MlflowClient.json().createObjectNode().put("run_id", id);
      body.putArray(kind).addAll(texts.subList(from, Math.min(from + MOST_TEXTS, texts.size())));
      retried(patience -> client.post("runs/log-batch", body, patience), end);
    }
  }

  private static List<ObjectNode> texts(Map<String, String> texts, int longest) {
    List<ObjectNode> all = new ArrayList<>();
    texts.forEach(
        (key, text) -> {
          String value = text.length() <= longest ? text : text.substring(0, longest - 1) + "…";
          all.add(MlflowClient.json().createObjectNode().put("key", key).put("value", value));
        });
    return all;
  }

  /** A name of characters that every version takes, and no longer than it may be. */
  static String name(String text) {
    String plain = text.replaceAll("[^A-Za-z0-9_./ -]", "_");
    return plain.substring(0, Math.min(plain.length(), LONGEST_NAME));
  }

  /**
   * Tells numbers, at most {@link #MOST_METRICS}. To tell them twice does no harm.
   *
   * @throws MlflowException if the server does not take them
   */
  void log(MlflowClient client, List<Value> values, Duration patience) throws IOException {
    ObjectNode body = MlflowClient.json().createObjectNode().put("run_id", id);
    ArrayNode metrics = body.putArray("metrics");
    for (Value value : values) {
      ObjectNode metric = metrics.addObject().put("key", value.key());
      if (Double.isFinite(value.value())) {
        metric.put("value", value.value());
      } else {
        // As Protocol Buffers write it: JSON has no number for it.
        metric.put("value", Double.toString(value.value()));
      }
      metric.put("timestamp", value.millis()).put("step", value.step());
    }
    client.post("runs/log-batch", body, patience);
  }

  /**
   * Tells that the run has ended.
   *
   * @throws MlflowException if the server does not take it
   */
  void end(MlflowClient client, MlflowListener.Status status, Duration patience)
      throws IOException {
    ObjectNode body = MlflowClient.json().createObjectNode();
    body.put("run_id", id).put("status", status.name()).put("end_time", System.currentTimeMillis());
    client.post("runs/update", body, patience);
  }
}
