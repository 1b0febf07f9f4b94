package io.hypertape.data;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The network, through the JDK's client. Its own time limit for a request is not used: up to JDK 25
 * it ends with the answer's head, from 26 on with its last byte.
 */
final class HttpWeb implements Web {

  private static final Duration CONNECT = Duration.ofSeconds(20);

  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  @Override
  public Answer get(URI address, Duration patience) throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> answer =
        client.sendAsync(
            HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofPublisher());
    try {
      return new Received(answer.get(patience.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      throw new IOException("no answer within " + patience.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IOException(e.getCause());
    } finally {
      // Ends the exchange unless it has been answered.
      answer.cancel(true);
    }
  }

  /** Without waiting for a server that keeps us waiting. */
  @Override
  public void close() {
    client.shutdownNow();
  }

  /** An answer whose parts are asked for one by one, so that a fast server fills no memory. */
  private static final class Received implements Answer, Flow.Subscriber<List<ByteBuffer>> {

    private final HttpResponse<?> head;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Queue<ByteBuffer> parts = new ArrayDeque<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private boolean ended;

    /** Bytes, a failure, or neither at the end. */
    private record Event(List<ByteBuffer> parts, Optional<Throwable> failure) {}

    Received(HttpResponse<Flow.Publisher<List<ByteBuffer>>> response) {
      head = response;
      response.body().subscribe(this);
    }

    @Override
    public int status() {
      return head.statusCode();
    }

    @Override
    public Optional<String> location() {
      return head.headers().firstValue("Location");
    }

    @Override
    public int read(byte[] into, Duration patience) throws IOException, InterruptedException {
      while (!parts.isEmpty() && !parts.peek().hasRemaining()) {
        parts.remove();
      }
      if (parts.isEmpty() && !ended) {
        Event event = events.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        if (event == null) {
          return 0;
        }
        if (event.failure().isPresent()) {
          throw new IOException(event.failure().get().getMessage(), event.failure().get());
        }
        ended = event.parts().isEmpty();
        parts.addAll(event.parts());
        subscription.thenAccept(s -> s.request(1));
      }
      if (parts.isEmpty()) {
        return ended ? -1 : 0;
      }
      int n = Math.min(into.length, parts.peek().remaining());
      parts.peek().get(into, 0, n);
      return n;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription.complete(given);
      given.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> item) {
      if (!item.isEmpty()) {
        events.add(new Event(List.copyOf(item), Optional.empty()));
      } else {
        subscription.thenAccept(s -> s.request(1));
      }
    }

    @Override
    public void onError(Throwable failure) {
      events.add(new Event(List.of(), Optional.of(failure)));
    }

    @Override
    public void onComplete() {
      events.add(new Event(List.of(), Optional.empty()));
    }

    @Override
    public void close() {
      subscription.thenAccept(Flow.Subscription::cancel);
    }
  }
}
