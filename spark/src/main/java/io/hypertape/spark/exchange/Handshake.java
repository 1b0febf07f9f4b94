package io.hypertape.spark.exchange;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/**
 * How two workers get to know each other: both send a number drawn for this connection, then the
 * caller says who it is and proves that it knows the job's token, then the called one does. What is
 * read into memory before it is proved is 8 KiB at the most.
 *
 * @param self this worker
 * @param workers how many there are
 * @param options what becomes of unlike ones
 */
record Handshake(Member self, int workers, ExchangeOptions options) {

  private static final int MAGIC = 0x48545845;
  private static final int VERSION = 1;
  private static final int NONCE_BYTES = 32;
  private static final int MOST_TEXT = 2 * Fingerprint.MOST_BYTES;

  /** Whoever calls, or whoever is called: neither can be answered with its own words. */
  private enum Role {
    CALLER,
    CALLED
  }

  /** Why nothing came of a connection. */
  static final class RefusedException extends IOException {

    private static final long serialVersionUID = 1;

    private final boolean ours;
    private final boolean unlike;

    /**
     * A refusal.
     *
     * @param ours whether the other has proved to be of the same job and attempt
     */
    RefusedException(String message, boolean ours) {
      this(message, ours, false);
    }

    private RefusedException(String message, boolean ours, boolean unlike) {
      super(message);
      this.ours = ours;
      this.unlike = unlike;
    }

    boolean ours() {
      return ours;
    }

    /** Whether they would be refused in any other attempt, too. */
    boolean unlike() {
      return unlike;
    }
  }

  /** What one says of itself. */
  private record Words(int workers, int from, int to, int attempt, String fingerprint) {}

  /**
   * Of the worker that has connected to another.
   *
   * @param end when it has to be over, of {@link System#nanoTime}
   */
  void call(Socket socket, int worker, long end) throws IOException {
    Talk talk = new Talk(socket, end);
    talk.exchangeNonces();
    talk.speak(Role.CALLER, words(worker));
    int status = talk.in.readUnsignedByte();
    Words theirs = talk.listen(Role.CALLED);
    check(theirs, worker, status);
  }

  /**
   * Of the worker that was called.
   *
   * @param end when it has to be over, of {@link System#nanoTime}
   * @return which worker has called
   */
  int answer(Socket socket, long end) throws IOException {
    Talk talk = new Talk(socket, end);
    talk.exchangeNonces();
    Words theirs = talk.listen(Role.CALLER);
    RefusedException refusal = null;
    try {
      check(theirs, theirs.from(), 0);
    } catch (RefusedException e) {
      refusal = e;
    }
    talk.out.writeByte(refusal == null ? 0 : 1);
    talk.speak(Role.CALLED, words(theirs.from()));
    if (refusal != null) {
      throw refusal;
    }
    return theirs.from();
  }

  private Words words(int to) {
    return new Words(workers, self.worker(), to, self.attempt(), self.fingerprint().text());
  }

  /** Both sides come to the same end by themselves; the status is for versions yet to come. */
  private void check(Words theirs, int expected, int status) throws RefusedException {
    String who = "worker " + theirs.from();
    if (theirs.attempt() != self.attempt()) {
      throw new RefusedException(
          who
              + " is of attempt "
              + theirs.attempt()
              + " at this job, this worker of attempt "
              + self.attempt(),
          false);
    }
    if (theirs.workers() != workers
        || theirs.to() != self.worker()
        || theirs.from() != expected
        || expected < 0
        || expected >= workers
        || Integer.bitCount(expected ^ self.worker()) != 1) {
      throw new RefusedException(
          "worker "
              + theirs.from()
              + " of "
              + theirs.workers()
              + " looks for worker "
              + theirs.to()
              + "; this is worker "
              + self.worker()
              + " of "
              + workers,
          true);
    }
    String differences;
    try {
      differences = self.fingerprint().differences(Fingerprint.parse(theirs.fingerprint()));
    } catch (IllegalArgumentException e) {
      throw new RefusedException(who + ": " + e.getMessage(), true);
    }
    if (!differences.isEmpty()) {
      if (options.unlike() == ExchangeOptions.Unlike.REFUSED) {
        throw new RefusedException(
            who
                + " is unlike worker "
                + self.worker()
                + " ("
                + differences
                + "), so bits could differ; ExchangeOptions.Unlike.TOLERATED lets them work together",
            true,
            true);
      }
      System.getLogger(Handshake.class.getName())
          .log(
              System.Logger.Level.INFO,
              "{0} is unlike worker {1}: {2}",
              who,
              Integer.toString(self.worker()),
              differences);
    }
    if (status != 0) {
      throw new RefusedException(who + " refuses this worker", true);
    }
  }

  /** One connection's. */
  private final class Talk {

    private final DataInputStream in;
    private final DataOutputStream out;
    private final byte[] own = new byte[NONCE_BYTES];
    private final byte[] other = new byte[NONCE_BYTES];

    Talk(Socket socket, long end) throws IOException {
      InputStream input = new InputUntil(socket, end);
      OutputStream output = socket.getOutputStream();
      in = new DataInputStream(input);
      out = new DataOutputStream(output);
    }

    void exchangeNonces() throws IOException {
      new SecureRandom().nextBytes(own);
      byte[] hello =
          bytes(
              data -> {
                data.writeInt(MAGIC);
                data.writeInt(VERSION);
                data.write(own);
              });
      out.write(hello);
      out.flush();
      if (in.readInt() != MAGIC) {
        throw new RefusedException("what has connected is no worker", false);
      }
      int version = in.readInt();
      if (version != VERSION) {
        throw new RefusedException(
            "a worker speaks version " + version + ", this one " + VERSION, false);
      }
      in.readFully(other);
    }

    /** What is proved: all words, the role, and both numbers, the caller's first. */
    private byte[] message(Role role, byte[] words, boolean mine) {
      boolean ownFirst = (role == Role.CALLER) == mine;
      return bytes(
          data -> {
            data.writeByte(role.ordinal());
            data.write(ownFirst ? own : other);
            data.write(ownFirst ? other : own);
            data.write(words);
          });
    }

    void speak(Role role, Words words) throws IOException {
      byte[] text = words.fingerprint().getBytes(StandardCharsets.UTF_8);
      byte[] said =
          bytes(
              data -> {
                data.writeInt(words.workers());
                data.writeInt(words.from());
                data.writeInt(words.to());
                data.writeInt(words.attempt());
                data.writeInt(text.length);
                data.write(text);
              });
      out.write(
          bytes(
              data -> {
                data.writeInt(said.length);
                data.write(said);
                data.write(self.token().proof(message(role, said, true)));
              }));
      out.flush();
    }

    Words listen(Role role) throws IOException {
      int length = in.readInt();
      if (length < 20 || length > MOST_TEXT) {
        throw new RefusedException("what has connected is no worker", false);
      }
      byte[] said = in.readNBytes(length);
      byte[] proof = in.readNBytes(JobToken.PROOF_BYTES);
      if (proof.length < JobToken.PROOF_BYTES) {
        throw new EOFException("closed within the handshake");
      }
      if (!self.token().isProof(proof, message(role, said, false))) {
        throw new RefusedException("what has connected does not know this job's token", false);
      }
      try (DataInputStream data = new DataInputStream(new java.io.ByteArrayInputStream(said))) {
        int workersThere = data.readInt();
        int from = data.readInt();
        int to = data.readInt();
        int attempt = data.readInt();
        byte[] text = data.readNBytes(Math.min(data.readInt(), MOST_TEXT));
        return new Words(workersThere, from, to, attempt, new String(text, StandardCharsets.UTF_8));
      }
    }
  }

  /** Writes what is to be written. */
  private interface Writing {
    void to(DataOutputStream data) throws IOException;
  }

  private static byte[] bytes(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      writing.to(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes everything", e);
    }
    return bytes.toByteArray();
  }
}
