package io.hypertape.spark.exchange;

import io.hypertape.checks.Nulls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.Map;

/**
 * Where a worker can be reached until all have met: opened before workers tell each other their
 * addresses, and closed by {@link #join}.
 */
public final class Port implements AutoCloseable {

  private static final int BACKLOG = 128;

  private final ServerSocketChannel server;
  private final InetSocketAddress address;

  private Port(ServerSocketChannel server, InetSocketAddress address) {
    this.server = server;
    this.address = address;
  }

  /**
   * Takes a free port.
   *
   * @param own this host's address that other workers reach it by; the port is open on no other
   * @return the port
   * @throws ExchangeException if it cannot be opened
   */
  public static Port open(InetAddress own) {
    Nulls.check(own, "port: own");
    if (own.isAnyLocalAddress() || own.isMulticastAddress()) {
      throw new IllegalArgumentException("port: " + own + " is no address of one host");
    }
    ServerSocketChannel server = null;
    try {
      server = ServerSocketChannel.open();
      server.bind(new InetSocketAddress(own, 0), BACKLOG);
      return new Port(server, (InetSocketAddress) server.getLocalAddress());
    } catch (IOException e) {
      Sockets.close(server);
      throw new ExchangeException("no port can be opened on " + own + ": " + e.getMessage(), e);
    }
  }

  /**
   * What to tell the others.
   *
   * @return the address with the port's number
   */
  public InetSocketAddress address() {
    return address;
  }

  /**
   * Waits until every worker that this one exchanges numbers with is connected. The port is closed
   * then, whatever has happened.
   *
   * @param self this worker
   * @param addresses where all workers are, in the order of their numbers; a power of two
   * @param options how long to wait, and what becomes of unlike workers
   * @return sums over all of them
   * @throws ExchangeException if one does not come, or is refused
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; its status is
   *     kept
   */
  public TcpExchange join(Member self, List<InetSocketAddress> addresses, ExchangeOptions options) {
    Nulls.check(self, "join: self");
    Nulls.check(options, "join: options");
    List<InetSocketAddress> all = Nulls.copy(addresses, "join: addresses");
    try {
      if (Integer.bitCount(all.size()) != 1 || self.worker() >= all.size()) {
        throw new IllegalArgumentException(
            "worker "
                + self.worker()
                + " of "
                + all.size()
                + "; their number has to be a power of two, this one's below it");
      }
      if (!all.get(self.worker()).equals(address)) {
        throw new IllegalArgumentException(
            "worker "
                + self.worker()
                + " is said to be at "
                + all.get(self.worker())
                + ", this port is "
                + address);
      }
      Handshake handshake = new Handshake(self, all.size(), options);
      Map<Integer, java.nio.channels.SocketChannel> met = new Meeting(server, handshake, all).met();
      return TcpExchange.over(self.worker(), all, met, options);
    } finally {
      close();
    }
  }

  /** Nobody can connect any more. */
  @Override
  public void close() {
    Sockets.close(server);
  }

  @Override
  public String toString() {
    return "port " + address;
  }
}
