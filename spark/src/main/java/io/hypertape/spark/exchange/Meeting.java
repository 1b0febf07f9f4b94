package io.hypertape.spark.exchange;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Connects a worker with those whose numbers differ from its own in one bit: it calls the lower
 * ones, and is called by the higher ones. Whatever else connects is refused and forgotten; of it
 * only the last is told, should a worker be missed in the end.
 */
final class Meeting {

  /** Strangers that are listened to at the same time. */
  private static final int MOST_CALLERS = 32;

  private static final int MOST_THREADS_MILLIS = 10_000;

  private final ServerSocketChannel server;
  private final Handshake handshake;
  private final List<InetSocketAddress> addresses;
  private final Set<InetAddress> hosts;
  private final int self;
  private final long end;

  // Guarded by this object.
  private final Map<Integer, SocketChannel> met = new HashMap<>();
  private final List<SocketChannel> callers = new ArrayList<>();
  private final List<SocketChannel> calls = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private @Nullable String turnedAway;
  private @Nullable Throwable failure;
  private boolean over;

  Meeting(ServerSocketChannel server, Handshake handshake, List<InetSocketAddress> addresses) {
    this.server = server;
    this.handshake = handshake;
    this.addresses = addresses;
    this.self = handshake.self().worker();
    this.hosts = addresses.stream().map(InetSocketAddress::getAddress).collect(Collectors.toSet());
    this.end = System.nanoTime() + handshake.options().meeting().toNanos();
  }

  /** Connections by the numbers of the workers at their other ends. */
  Map<Integer, SocketChannel> met() {
    Set<Integer> wanted = new TreeSet<>();
    for (int bit = 1; bit < addresses.size(); bit <<= 1) {
      wanted.add(self ^ bit);
    }
    boolean complete = false;
    try {
      start(this::accept, "hypertape-accept-" + self);
      for (int worker : wanted) {
        if (worker < self) {
          call(worker);
        }
      }
      await(wanted);
      complete = true;
      return Map.copyOf(met);
    } finally {
      end(complete);
    }
  }

  private synchronized void start(Runnable work, String name) {
    Thread thread = Thread.ofPlatform().daemon().name(name).unstarted(work);
    threads.add(thread);
    thread.start();
  }

  private void call(int worker) {
    InetSocketAddress there = addresses.get(worker);
    SocketChannel channel = null;
    try {
      channel = SocketChannel.open();
      synchronized (this) {
        calls.add(channel);
      }
      channel.bind(new InetSocketAddress(addresses.get(self).getAddress(), 0));
      Socket socket = channel.socket();
      socket.connect(there, remainingMillis());
      prepare(channel);
      handshake.call(socket, worker, end);
      admit(worker, channel);
    } catch (SocketTimeoutException e) {
      Sockets.close(channel);
      throw new ExchangeException(
          "worker "
              + worker
              + " ("
              + there
              + ") has not answered for "
              + handshake.options().meeting().toMillis()
              + " ms",
          e);
    } catch (EOFException e) {
      Sockets.close(channel);
      throw new ExchangeException(
          "worker "
              + worker
              + " ("
              + there
              + ") has closed the connection within the handshake: it is of another job, or gone",
          e);
    } catch (Handshake.RefusedException e) {
      Sockets.close(channel);
      throw new ExchangeException(
          "no connection to " + there + ": " + e.getMessage(), e, e.unlike());
    } catch (IOException e) {
      Sockets.close(channel);
      if (Thread.currentThread().isInterrupted()) {
        throw interrupted();
      }
      throw new ExchangeException(
          "worker " + worker + " (" + there + ") cannot be reached: " + e.getMessage(), e);
    }
  }

  private void prepare(SocketChannel channel) throws IOException {
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
  }

  private int remainingMillis() {
    return (int) Math.max(1, (end - System.nanoTime()) / 1_000_000);
  }

  private void accept() {
    while (true) {
      try {
        SocketChannel channel = server.accept();
        InetSocketAddress from = (InetSocketAddress) channel.getRemoteAddress();
        if (!hosts.contains(from.getAddress())) {
          turnAway(from, "is no host of this job", channel);
        } else {
          listen(channel, from);
        }
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException | RuntimeException e) {
        fail(e);
        return;
      }
    }
  }

  /** Makes room for it if there are too many strangers: the first of them has to go. */
  private synchronized void listen(SocketChannel channel, InetSocketAddress from) {
    if (over) {
      Sockets.close(channel);
      return;
    }
    if (callers.size() >= MOST_CALLERS) {
      Sockets.close(callers.removeFirst());
    }
    callers.add(channel);
    threads.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
    start(() -> answer(channel, from), "hypertape-handshake-" + self);
  }

  private void answer(SocketChannel channel, InetSocketAddress from) {
    try {
      prepare(channel);
      int worker = handshake.answer(channel.socket(), end);
      admit(worker, channel);
    } catch (Handshake.RefusedException e) {
      turnAway(from, e.getMessage(), channel);
      if (e.ours()) {
        fail(new ExchangeException(e.getMessage(), e, e.unlike()));
      }
    } catch (IOException | RuntimeException e) {
      turnAway(from, "ended within the handshake", channel);
    }
  }

  private synchronized void admit(int worker, SocketChannel channel) throws IOException {
    callers.remove(channel);
    calls.remove(channel);
    if (over) {
      Sockets.close(channel);
      return;
    }
    channel.socket().setSoTimeout(0);
    SocketChannel former = met.putIfAbsent(worker, channel);
    if (former != null) {
      Sockets.close(channel);
      fail(new ExchangeException("worker " + worker + " has connected twice"));
    }
    notifyAll();
  }

  private synchronized void turnAway(InetSocketAddress from, String why, SocketChannel channel) {
    callers.remove(channel);
    turnedAway = from + ": " + why;
    Sockets.close(channel);
  }

  private synchronized void fail(Throwable why) {
    if (failure == null) {
      failure = why;
    }
    notifyAll();
  }

  private synchronized void await(Set<Integer> wanted) {
    while (failure == null && !met.keySet().containsAll(wanted)) {
      long millis = (end - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        Set<Integer> missed = new TreeSet<>(wanted);
        missed.removeAll(met.keySet());
        int first = missed.iterator().next();
        throw new ExchangeException(
            "worker "
                + first
                + " ("
                + addresses.get(first)
                + ") has not connected within "
                + handshake.options().meeting().toMillis()
                + " ms"
                + (missed.size() > 1 ? "; missed are " + missed : "")
                + (turnedAway == null ? "" : "; turned away was " + turnedAway));
      }
      try {
        wait(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw interrupted();
      }
    }
    if (failure instanceof ExchangeException known) {
      throw known;
    }
    if (failure != null) {
      throw new ExchangeException("worker " + self + " cannot be reached: " + failure, failure);
    }
  }

  private static CancellationException interrupted() {
    return new CancellationException("exchange: interrupted while waiting for other workers");
  }

  /** Neither port nor thread is left, nor, after a failure, a connection. */
  private void end(boolean complete) {
    List<Thread> left;
    Sockets.close(server);
    synchronized (this) {
      over = true;
      callers.forEach(Sockets::close);
      calls.forEach(Sockets::close);
      if (!complete) {
        met.values().forEach(Sockets::close);
      }
      left = List.copyOf(threads);
    }
    Threads.joinAll(left, MOST_THREADS_MILLIS);
  }
}
