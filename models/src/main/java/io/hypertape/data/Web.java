package io.hypertape.data;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Where downloads come from. No call waits longer than it is told; an interrupt ends each. */
interface Web extends AutoCloseable {

  /**
   * Asks for a file; redirections are not followed.
   *
   * @param address of the file
   * @param patience after which there is no answer
   * @throws IOException if there is none
   */
  Answer get(URI address, Duration patience) throws IOException, InterruptedException;

  @Override
  void close();

  /** What a server says, and what it sends. */
  interface Answer extends AutoCloseable {

    /** Status of HTTP. */
    int status();

    /** Where it sends us instead, if it does. */
    Optional<String> location();

    /**
     * Takes bytes that have come.
     *
     * @param patience to wait for some
     * @return how many, 0 if none came in time, −1 at the end
     * @throws IOException if the connection has ended before the file has
     */
    int read(byte[] into, Duration patience) throws IOException, InterruptedException;

    @Override
    void close();
  }
}
