package io.hypertape.spark.exchange;

import io.hypertape.checks.Nulls;
import io.hypertape.checks.Places;
import io.hypertape.shards.Exchange;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Sums over TCP connections. In phase k a worker's partner is the one whose number differs in bit
 * k: they halve between them what each has, and add, so that after the last phase a worker has its
 * part of the sum over all, in the order of the tree; the phases backwards bring the parts of the
 * others. Each element is added at one place, once: all workers get the same bits, a NaN's payload
 * apart. A worker sends and receives 2 (1 − 1/workers) times the values' bytes; short sums go
 * whole, in half as many phases.
 *
 * <p>One thread does this, sum after sum, while callers compute. If a worker is lost, all others
 * learn it within the sum that they are at, and no sum ends any more.
 */
public final class TcpExchange implements Exchange {

  /** Numbers for which bytes cost less than phases do; fits into one chunk. */
  private static final int SHORT = 2048;

  private final int worker;
  private final int workers;
  private final List<Peer> peers;
  private final ExchangeOptions options;
  private final Selector selector;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Tally tally = new Tally();
  private final @Nullable Thread thread;

  // Guarded by this object.
  private final Queue<PendingSum> queue = new ArrayDeque<>();
  private long started;
  private @Nullable ExchangeException failure;

  private TcpExchange(
      int worker, int workers, List<Peer> peers, ExchangeOptions options, Selector selector) {
    this.worker = worker;
    this.workers = workers;
    this.peers = peers;
    this.options = options;
    this.selector = selector;
    this.thread =
        peers.isEmpty()
            ? null
            : Thread.ofPlatform()
                .daemon()
                .name("hypertape-exchange-" + worker)
                .unstarted(this::run);
  }

  /** Over connections to the workers that differ in one bit, which it closes in the end. */
  static TcpExchange over(
      int worker,
      List<InetSocketAddress> addresses,
      Map<Integer, SocketChannel> channels,
      ExchangeOptions options) {
    List<Peer> peers = new ArrayList<>();
    Selector selector = null;
    try {
      selector = Selector.open();
      for (int bit = 1; bit < addresses.size(); bit <<= 1) {
        int other = worker ^ bit;
        peers.add(new Peer(other, addresses.get(other), channels.get(other), selector));
      }
    } catch (IOException e) {
      channels.values().forEach(Sockets::close);
      Sockets.close(selector);
      throw new ExchangeException("worker " + worker + ": " + e.getMessage(), e);
    }
    TcpExchange exchange =
        new TcpExchange(worker, addresses.size(), List.copyOf(peers), options, selector);
    if (exchange.thread != null) {
      exchange.thread.start();
    }
    return exchange;
  }

  @Override
  public int workers() {
    return workers;
  }

  @Override
  public int worker() {
    return worker;
  }

  /**
   * {@inheritDoc}
   *
   * @throws ExchangeException if a worker was lost before
   * @throws IllegalStateException if this is closed
   */
  @Override
  public Sum sum(float[] values, int offset, int length) {
    Nulls.check(values, "sum: values");
    Places.range("sum", values.length, offset, length);
    PendingSum sum;
    synchronized (this) {
      if (failure != null) {
        throw new ExchangeException(failure.getMessage(), failure);
      }
      if (closed.get()) {
        throw new IllegalStateException("sum: this exchange is closed");
      }
      sum =
          new PendingSum(started++, values, new Range(offset, offset + length), this::leave, tally);
      if (peers.isEmpty()) {
        sum.end(null);
      } else {
        queue.add(sum);
        notifyAll();
      }
    }
    return sum;
  }

  /**
   * What this has cost so far.
   *
   * @return bytes and times
   */
  public ExchangeReport report() {
    return tally.report();
  }

  /**
   * Closes this, and tells the others why, who fail within their next sum.
   *
   * @param reason such as the failure of a step
   */
  public void leave(String reason) {
    Nulls.check(reason, "leave: reason");
    synchronized (this) {
      if (failure == null && !closed.get()) {
        failure = new ExchangeException("worker " + worker + ": " + reason);
      }
    }
    close();
  }

  /** Ends all connections; sums under way fail. */
  @Override
  public void close() {
    closed.set(true);
    synchronized (this) {
      notifyAll();
    }
    selector.wakeup();
    if (thread == null) {
      Sockets.close(selector);
    } else {
      // It waits for nothing any more.
      Threads.joinAll(List.of(thread), Long.MAX_VALUE / 2_000_000);
    }
  }

  private void run() {
    try (Arena memory = Arena.ofConfined()) {
      Swap swap = new Swap(worker, selector, memory, closed, tally);
      for (PendingSum sum = next(); sum != null; sum = next()) {
        carryOut(sum, swap);
      }
    } catch (RuntimeException | Error e) {
      fail(e);
    } finally {
      end();
    }
  }

  /** The sum whose turn it is; null after the last. It stays in the queue until it has ended. */
  private synchronized @Nullable PendingSum next() {
    while (queue.isEmpty() && !closed.get()) {
      try {
        wait();
      } catch (InterruptedException e) {
        // Nobody has a reason to interrupt this thread but to end it.
        closed.set(true);
      }
    }
    return closed.get() ? null : queue.element();
  }

  private void carryOut(PendingSum sum, Swap swap) {
    long start = System.nanoTime();
    if (sum.range().length() <= SHORT) {
      whole(sum, swap);
    } else {
      halves(sum, swap);
    }
    tally.moved(System.nanoTime() - start);
    synchronized (this) {
      queue.remove();
    }
    sum.end(null);
  }

  private void whole(PendingSum sum, Swap swap) {
    for (int phase = 0; phase < peers.size(); phase++) {
      swap.swap(
          peers.get(phase),
          sum.frame(phase, sum.range()),
          sum.values(),
          sum.range(),
          sum.range(),
          Swap.Arrival.ADDED,
          patience(phase));
    }
  }

  private void halves(PendingSum sum, Swap swap) {
    Range[] ranges = new Range[peers.size() + 1];
    ranges[0] = sum.range();
    int phase = 0;
    for (; phase < peers.size(); phase++) {
      Range lower = ranges[phase].lower();
      Range upper = ranges[phase].upper();
      boolean low = (worker >> phase & 1) == 0;
      ranges[phase + 1] = low ? lower : upper;
      swap.swap(
          peers.get(phase),
          sum.frame(phase, low ? upper : lower),
          sum.values(),
          low ? upper : lower,
          ranges[phase + 1],
          Swap.Arrival.ADDED,
          patience(phase));
    }
    for (int back = peers.size() - 1; back >= 0; back--, phase++) {
      boolean low = (worker >> back & 1) == 0;
      Range whole = ranges[back];
      swap.swap(
          peers.get(back),
          sum.frame(phase, ranges[back + 1]),
          sum.values(),
          ranges[back + 1],
          low ? whole.upper() : whole.lower(),
          Swap.Arrival.TAKEN,
          patience(phase));
    }
  }

  /** A silent worker's partner of the earliest phase shall be the first to say so. */
  private Duration patience(int phase) {
    return options.patience().plus(options.patience().multipliedBy(phase).dividedBy(16));
  }

  private synchronized void fail(Throwable why) {
    if (failure == null) {
      failure =
          why instanceof ExchangeException known
              ? known
              : new ExchangeException("worker " + worker + ": " + why, why);
    }
  }

  private void end() {
    closed.set(true);
    List<PendingSum> left;
    String reason;
    ExchangeException last;
    synchronized (this) {
      last =
          failure == null
              ? new ExchangeException("worker " + worker + ": its exchange was closed")
              : failure;
      left = List.copyOf(queue);
      queue.clear();
      reason = failure == null ? null : failure.getMessage();
    }
    for (Peer peer : peers) {
      if (reason != null) {
        peer.sayFarewell(reason);
      }
      peer.close();
    }
    Sockets.close(selector);
    left.forEach(sum -> sum.end(last));
  }

  @Override
  public String toString() {
    return "worker " + worker + " of " + workers + " over TCP";
  }
}
