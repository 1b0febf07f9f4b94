package io.hypertape.spark.exchange;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** LoopbackWorkers as threads, which meet over the loopback device. */
final class LoopbackWorkers {

  static final JobToken TOKEN = JobToken.random();
  static final Fingerprint ALIKE = Fingerprint.ofThisJvm();
  static final InetAddress HERE = InetAddress.getLoopbackAddress();

  private LoopbackWorkers() {}

  /** What one of them does. */
  interface Work<T> {
    T with(TcpExchange exchange) throws Exception;
  }

  /** A result, or what was thrown instead. */
  record Outcome<T>(T result, Throwable thrown) {

    /** The message of what was thrown. */
    String message() {
      return thrown == null ? "succeeded with " + result : String.valueOf(thrown.getMessage());
    }
  }

  static Member member(int worker) {
    return new Member(TOKEN, 0, worker, ALIKE);
  }

  /** All do the same; none may fail. */
  static <T> List<T> all(int workers, ExchangeOptions options, Work<T> work) throws Exception {
    List<T> results = new ArrayList<>();
    for (Outcome<T> outcome : outcomes(workers, options, work)) {
      if (outcome.thrown() != null) {
        throw new AssertionError(outcome.message(), outcome.thrown());
      }
      results.add(outcome.result());
    }
    return results;
  }

  static <T> List<Outcome<T>> outcomes(int workers, ExchangeOptions options, Work<T> work)
      throws Exception {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < workers; i++) {
      members.add(member(i));
    }
    return outcomes(members, options, work);
  }

  static <T> List<Outcome<T>> outcomes(List<Member> members, ExchangeOptions options, Work<T> work)
      throws Exception {
    List<Port> ports = new ArrayList<>();
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      ports.add(Port.open(HERE));
      addresses.add(ports.getLast().address());
    }
    List<Callable<T>> calls = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      Port port = ports.get(i);
      calls.add(
          () -> {
            try (TcpExchange exchange = port.join(member, addresses, options)) {
              return work.with(exchange);
            }
          });
    }
    return run(calls);
  }

  static <T> List<Outcome<T>> run(List<Callable<T>> calls) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(calls.size())) {
      List<Future<T>> futures = calls.stream().map(threads::submit).toList();
      List<Outcome<T>> outcomes = new ArrayList<>();
      for (Future<T> future : futures) {
        try {
          outcomes.add(new Outcome<>(future.get(30, TimeUnit.SECONDS), null));
        } catch (ExecutionException e) {
          outcomes.add(new Outcome<>(null, e.getCause()));
        } catch (TimeoutException e) {
          threads.shutdownNow();
          throw new AssertionError("a worker has not ended", e);
        }
      }
      return outcomes;
    }
  }

  /** The sum of all workers' values as it is defined. */
  static float[] tree(List<float[]> values) {
    if (values.size() == 1) {
      return values.getFirst();
    }
    float[] lower = tree(values.subList(0, values.size() / 2));
    float[] upper = tree(values.subList(values.size() / 2, values.size()));
    float[] sum = new float[lower.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = lower[i] + upper[i];
    }
    return sum;
  }

  /** Names of threads that exchanges have. */
  static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.matches("hypertape-(exchange|accept|handshake).*"))
        .toList();
  }
}
