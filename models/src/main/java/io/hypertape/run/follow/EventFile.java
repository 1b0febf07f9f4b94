package io.hypertape.run.follow;

import io.hypertape.io.guard.FileProblem;
import io.hypertape.io.proto.ProtoWriter;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A file of events as TensorBoard reads them: records of TFRecord, each a message {@code Event} of
 * Protocol Buffers. Records reach the system whole, and at least once a second while some are
 * written.
 *
 * @see <a href="https://github.com/tensorflow/tensorboard/tree/master/tensorboard/compat/proto">its
 *     messages</a>
 */
final class EventFile implements AutoCloseable {

  // Fields of Event.
  private static final int WALL_TIME = 1;
  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;
  private static final int SESSION_LOG = 7;

  // Fields of Summary, Summary.Value and SessionLog.
  private static final int VALUE = 1;
  private static final int TAG = 1;
  private static final int SIMPLE_VALUE = 2;
  private static final int STATUS = 1;
  private static final int START = 1;

  private static final String VERSION = "brain.Event:2";
  private static final String STAMPED = "events.out.tfevents.%010d.%s.%d.%d";

  /** What is added to a sum that is turned: a sum over data with their own sum is a weak one. */
  private static final int MASK = 0xa282ead8;

  private static final int TURN = 15;

  private static final long FLUSH_NANOS = 1_000_000_000L;
  private static final double MILLIS = 1e3;

  private final Path file;
  private final OutputStream out;
  private long flushed = System.nanoTime();

  private EventFile(Path file) throws IOException {
    this.file = file;
    this.out =
        new BufferedOutputStream(
            Files.newOutputStream(
                file,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS));
  }

  /**
   * Begins a file that goes on with those of its folder from a step: what they have of that step
   * and later ones does not count.
   *
   * @throws IOException if it cannot be written
   */
  static EventFile begin(Path folder, long step) throws IOException {
    Files.createDirectories(folder);
    EventFile begun = named(folder);
    try {
      begun.write(event(0).text(FILE_VERSION, VERSION));
      ProtoWriter start = new ProtoWriter().integer(STATUS, START);
      begun.write(event(step).message(SESSION_LOG, start));
      begun.flush();
      return begun;
    } catch (IOException e) {
      begun.closeAfter(e);
      throw e;
    }
  }

  private void closeAfter(IOException failure) {
    try {
      out.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** TensorBoard reads a folder's files in the order of their names. */
  private static EventFile named(Path folder) throws IOException {
    long seconds = System.currentTimeMillis() / 1000;
    for (int n = 0; ; n++) {
      Path file =
          folder.resolve(
              String.format(
                  Locale.ROOT, STAMPED, seconds, host(), ProcessHandle.current().pid(), n));
      try {
        return new EventFile(file);
      } catch (FileAlreadyExistsException e) {
        // Of a run that has begun in the same second.
      }
    }
  }

  /** The machine's name if the environment has it: to ask the network may take seconds. */
  private static String host() {
    Map<String, String> names = System.getenv();
    String name = names.getOrDefault("HOSTNAME", names.getOrDefault("COMPUTERNAME", ""));
    String plain = name.replaceAll("[^A-Za-z0-9-]", "");
    return plain.isEmpty() ? "localhost" : plain;
  }

  private static ProtoWriter event(long step) {
    return new ProtoWriter()
        .real(WALL_TIME, System.currentTimeMillis() / MILLIS)
        .integer(STEP, step);
  }

  /**
   * Writes numbers of one step.
   *
   * @throws IOException if that fails
   */
  void scalars(long step, Map<String, Double> values) throws IOException {
    ProtoWriter summary = new ProtoWriter();
    values.forEach(
        (tag, value) ->
            summary.message(
                VALUE, new ProtoWriter().text(TAG, tag).single(SIMPLE_VALUE, value.floatValue())));
    write(event(step).message(SUMMARY, summary));
    if (System.nanoTime() - flushed > FLUSH_NANOS) {
      flush();
    }
  }

  /** Lets a TensorBoard that is looking see everything. */
  void flush() throws IOException {
    try {
      out.flush();
    } catch (IOException e) {
      throw FileProblem.named(file, e);
    }
    flushed = System.nanoTime();
  }

  /** A record: its length, the length's sum, the message, the message's sum. */
  private void write(ProtoWriter message) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    message.writeTo(bytes);
    byte[] data = bytes.toByteArray();
    ByteBuffer record =
        ByteBuffer.allocate(Long.BYTES + 2 * Integer.BYTES + data.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(data.length);
    record
        .putInt(maskedSum(record.array(), Long.BYTES))
        .put(data)
        .putInt(maskedSum(data, data.length));
    try {
      out.write(record.array());
    } catch (IOException e) {
      throw FileProblem.named(file, e);
    }
  }

  private static int maskedSum(byte[] data, int length) {
    CRC32C sum = new CRC32C();
    sum.update(data, 0, length);
    return Integer.rotateRight((int) sum.getValue(), TURN) + MASK;
  }

  @Override
  public void close() throws IOException {
    try {
      out.close();
    } catch (IOException e) {
      throw FileProblem.named(file, e);
    }
  }
}
