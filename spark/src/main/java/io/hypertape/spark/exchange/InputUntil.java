package io.hypertape.spark.exchange;

import java.io.FilterInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;

/**
 * What comes from a connection until a moment: a socket's own timeout is that of each read, and who
 * sends a byte now and then would never be given up.
 */
final class InputUntil extends FilterInputStream {

  private final Socket socket;
  private final long end;

  /**
   * A connection's input.
   *
   * @param end after which nothing is read, of {@link System#nanoTime}
   */
  InputUntil(Socket socket, long end) throws IOException {
    super(socket.getInputStream());
    this.socket = socket;
    this.end = end;
  }

  private void limit() throws IOException {
    long millis = (end - System.nanoTime()) / 1_000_000;
    if (millis <= 0) {
      throw new SocketTimeoutException("the time to meet is over");
    }
    socket.setSoTimeout((int) millis);
  }

  @Override
  public int read() throws IOException {
    limit();
    return super.read();
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    limit();
    return super.read(into, offset, length);
  }
}
