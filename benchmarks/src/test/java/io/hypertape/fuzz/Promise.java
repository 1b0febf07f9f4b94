package io.hypertape.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What is promised of any input, however hostile: it is read, or refused by an exception that the
 * documentation names, with a message; and no more memory is taken than in proportion to its size.
 *
 * @param bytes that may be allocated whatever the input
 * @param bytesPerByte that may be allocated for each of the input's bytes
 * @param refusals the exceptions that may be thrown; of a class that stands here, not of one below
 */
public record Promise(long bytes, long bytesPerByte, List<Class<? extends Exception>> refusals) {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Bytes of buffers and messages. */
  private static final long USUAL = 16L << 20;

  private static final long USUAL_PER_BYTE = 1024;

  /** Something that reads an input. */
  @FunctionalInterface
  public interface Attempt {
    /** Reads it, and may try what it has read. */
    void run() throws Exception;
  }

  /** A promise with the usual bounds of memory. */
  @SafeVarargs
  public static Promise of(Class<? extends Exception>... refusals) {
    return new Promise(USUAL, USUAL_PER_BYTE, List.of(refusals));
  }

  /** The same with another bound. */
  public Promise within(long newBytes, long newBytesPerByte) {
    return new Promise(newBytes, newBytesPerByte, refusals);
  }

  /** The input as a text; what is no UTF-8 becomes U+FFFD. */
  public static String text(byte[] input) {
    return new String(input, StandardCharsets.UTF_8);
  }

  /** Makes the attempt; an error says what was not kept. */
  public void keep(byte[] input, Attempt attempt) {
    long most = bytes + bytesPerByte * input.length;
    // What loads classes first takes more, and an agent that changes them more still.
    if (taken(attempt) > most) {
      long taken = taken(attempt);
      if (taken > most) {
        throw new AssertionError(
            taken + " bytes of memory were taken for an input of " + input.length);
      }
    }
  }

  /** Bytes that were allocated. */
  private long taken(Attempt attempt) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      attempt.run();
    } catch (Exception e) {
      if (!refusals.contains(e.getClass())) {
        throw new AssertionError("not one of " + refusals + " but " + e, e);
      }
      if (e.getMessage() == null || e.getMessage().isBlank()) {
        throw new AssertionError("a refusal without a reason", e);
      }
    } catch (OutOfMemoryError | StackOverflowError e) {
      throw new AssertionError("more memory than the input is worth", e);
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
