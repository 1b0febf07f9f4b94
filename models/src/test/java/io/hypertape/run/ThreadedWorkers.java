package io.hypertape.run;

import io.hypertape.shards.Exchange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Workers that are threads of the test, which join what they have in its memory. */
final class ThreadedWorkers {

  /** What a worker does. */
  interface Work<T> {
    T of(Exchange exchange) throws Exception;
  }

  private final float[][] values;
  private final CyclicBarrier barrier;

  private ThreadedWorkers(int workers) {
    values = new float[workers][];
    barrier = new CyclicBarrier(workers);
  }

  /** What each worker gives. */
  static <T> List<T> run(int workers, Work<T> work) throws Exception {
    ThreadedWorkers all = new ThreadedWorkers(workers);
    try (ExecutorService threads = Executors.newFixedThreadPool(workers)) {
      List<Callable<T>> tasks = new ArrayList<>();
      for (int k = 0; k < workers; k++) {
        Exchange exchange = all.exchange(k);
        tasks.add(
            () -> {
              try {
                return work.of(exchange);
              } catch (Exception e) {
                // Nobody shall wait for this one.
                all.barrier.reset();
                throw e;
              }
            });
      }
      List<T> results = new ArrayList<>();
      for (Future<T> result : threads.invokeAll(tasks)) {
        results.add(result.get());
      }
      return results;
    }
  }

  private void meet() {
    try {
      barrier.await(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("a worker is missing", e);
    }
  }

  private float sum(int from, int to, int at) {
    return to - from == 1
        ? values[from][at]
        : sum(from, (from + to) / 2, at) + sum((from + to) / 2, to, at);
  }

  private Exchange exchange(int worker) {
    return new Exchange() {
      @Override
      public int workers() {
        return values.length;
      }

      @Override
      public int worker() {
        return worker;
      }

      @Override
      public Sum sum(float[] own, int offset, int length) {
        return () -> {
          values[worker] = Arrays.copyOfRange(own, offset, offset + length);
          meet();
          for (int i = 0; i < length; i++) {
            own[offset + i] = ThreadedWorkers.this.sum(0, values.length, i);
          }
          meet();
        };
      }

      @Override
      public void close() {
        barrier.reset();
      }
    };
  }
}
