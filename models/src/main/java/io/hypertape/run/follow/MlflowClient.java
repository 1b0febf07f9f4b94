package io.hypertape.run.follow;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks an MLflow server by its REST interface, version 2.0. No redirect is followed: credentials go
 * where the user has named, and nowhere else.
 */
final class MlflowClient implements AutoCloseable {

  private static final String API = "/api/2.0/mlflow/";
  private static final int OK = 200;
  private static final int MOVED = 300;
  private static final int FAILED = 400;

  /** Bytes of an answer; those to what is asked here have a few hundred. */
  private static final int LONGEST = 1 << 20;

  /** Characters of an answer that are told. */
  private static final int TOLD = 300;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String base;
  private final Optional<String> authorization;
  private final HttpClient client;

  /** Nothing is sent yet. */
  MlflowClient(URI server, Optional<String> authorization, Duration patience) {
    this.base = server.toString().replaceFirst("/+$", "");
    this.authorization = authorization;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(patience)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  static ObjectMapper json() {
    return JSON;
  }

  /** The server's address. */
  String server() {
    return base;
  }

  /**
   * Asks for something.
   *
   * @param what such as {@code experiments/get-by-name?experiment_name=x}
   * @throws MlflowException if there is no answer within the patience, or none of success
   * @throws InterruptedIOException if the thread is interrupted; its status is kept
   */
  JsonNode get(String what, Duration patience) throws IOException {
    return send(request(what).GET().build(), what, patience);
  }

  /**
   * Tells something.
   *
   * @param what such as {@code runs/create}
   * @throws MlflowException if there is no answer within the patience, or none of success
   * @throws InterruptedIOException if the thread is interrupted; its status is kept
   */
  JsonNode post(String what, JsonNode body, Duration patience) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(body);
    return send(
        request(what)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(bytes))
            .build(),
        what,
        patience);
  }

  private HttpRequest.Builder request(String what) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + API + what));
    authorization.ifPresent(value -> request.header("Authorization", value));
    return request;
  }

  private JsonNode send(HttpRequest request, String what, Duration patience) throws IOException {
    String name = base + ": " + what.replaceFirst("\\?.*", "");
    CompletableFuture<HttpResponse<byte[]>> asked =
        client.sendAsync(request, head -> new ShortBody(LONGEST));
    try {
      return answer(asked.get(Math.max(1, patience.toMillis()), TimeUnit.MILLISECONDS), name);
    } catch (TimeoutException e) {
      throw new MlflowException(name + ": no answer within " + patience.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      String why =
          cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
      throw new MlflowException(name + ": no answer: " + why, cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException(name + ": interrupted");
      interrupted.initCause(e);
      throw interrupted;
    } finally {
      // Ends the exchange unless it has been answered.
      asked.cancel(true);
    }
  }

  private static JsonNode answer(HttpResponse<byte[]> response, String name)
      throws MlflowException {
    int status = response.statusCode();
    if (status >= MOVED && status < FAILED) {
      throw new MlflowException(
          name
              + ": the server is elsewhere: "
              + response.headers().firstValue("Location").map(MlflowClient::shown).orElse("?")
              + "; name the address that it has",
          status,
          "");
    }
    JsonNode body = parsed(response.body());
    if (status != OK) {
      String code = body.path("error_code").asText("");
      String text =
          body.hasNonNull("message")
              ? body.path("message").asText()
              : new String(response.body(), StandardCharsets.UTF_8);
      throw new MlflowException(
          name + ": HTTP " + status + (code.isEmpty() ? "" : " " + code) + ": " + shown(text),
          status,
          code);
    }
    if (!body.isObject()) {
      throw new MlflowException(name + ": the answer is none of MLflow's", FAILED, "");
    }
    return body;
  }

  private static JsonNode parsed(byte[] body) {
    try {
      JsonNode read = JSON.readTree(body);
      return read == null ? MissingNode.getInstance() : read;
    } catch (JacksonException e) {
      return MissingNode.getInstance();
    } catch (IOException e) {
      throw new IllegalStateException("bytes are read without fail", e);
    }
  }

  /** A line of it. */
  private static String shown(String text) {
    String line = text.strip().replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= TOLD ? line : line.substring(0, TOLD) + "…";
  }

  /** Without waiting for a server that keeps us waiting. */
  @Override
  public void close() {
    client.shutdownNow();
  }

  /** The bytes of an answer, of which too many are a failure. */
  private static final class ShortBody implements HttpResponse.BodySubscriber<byte[]> {

    private final int most;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

    ShortBody(int most) {
      this.most = most;
    }

    @Override
    public CompletableFuture<byte[]> getBody() {
      return whole;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription.complete(given);
      given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
      for (ByteBuffer part : parts) {
        if (part.remaining() > most - bytes.size()) {
          subscription.thenAccept(Flow.Subscription::cancel);
          onError(new IOException("the answer has more than " + most + " bytes"));
          return;
        }
        byte[] some = new byte[part.remaining()];
        part.get(some);
        bytes.writeBytes(some);
      }
    }

    @Override
    public void onError(Throwable failure) {
      whole.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      whole.complete(bytes.toByteArray());
    }
  }
}
