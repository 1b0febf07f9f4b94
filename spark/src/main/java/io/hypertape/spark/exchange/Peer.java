package io.hypertape.spark.exchange;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** Another worker and the connection to it. */
final class Peer implements AutoCloseable {

  private final int worker;
  private final InetSocketAddress address;
  private final SocketChannel channel;
  private final SelectionKey key;
  private boolean withinFrame;

  /** Takes the channel, which belongs to the peer from now on, even if this fails. */
  Peer(int worker, InetSocketAddress address, SocketChannel channel, Selector selector)
      throws IOException {
    this.worker = worker;
    this.address = address;
    this.channel = channel;
    channel.configureBlocking(false);
    this.key = channel.register(selector, 0);
  }

  int worker() {
    return worker;
  }

  SocketChannel channel() {
    return channel;
  }

  SelectionKey key() {
    return key;
  }

  /** Whether a part of a frame has been sent, after which nothing but its rest makes sense. */
  boolean isWithinFrame() {
    return withinFrame;
  }

  void setWithinFrame(boolean within) {
    withinFrame = within;
  }

  /** Tells why this worker leaves, if that is possible at once. */
  void sayFarewell(String why) {
    byte[] text = why.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(text.length, Frame.MOST_TEXT);
    ByteBuffer bytes = ByteBuffer.allocate(Frame.BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
    new Frame(Frame.FAREWELL, 0, 0, 0, length).write(bytes);
    bytes.put(text, 0, length).flip();
    if (!withinFrame) {
      try {
        channel.write(bytes);
      } catch (IOException e) {
        System.getLogger(Peer.class.getName())
            .log(System.Logger.Level.DEBUG, "{0} has left already: {1}", this, e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    Sockets.close(channel);
  }

  @Override
  public String toString() {
    return "worker "
        + worker
        + " ("
        + address.getAddress().getHostAddress()
        + ":"
        + address.getPort()
        + ")";
  }
}
