package io.hypertape.io.guard;

import io.hypertape.checks.Nulls;
import java.util.Locale;

/**
 * What reading may take of the heap. A small file can unpack, or claim to unpack, to any size:
 * readers compare what they are about to allocate with this, and say what would fit, where else the
 * JVM would run out of memory.
 */
public final class HeapRoom {

  /** Three quarters of the heap are for what is read; the rest is for whoever reads. */
  private static final int PARTS = 4;

  private final long most;
  private long kept;

  /**
   * Room of a size.
   *
   * @param bytes that may be taken
   */
  public HeapRoom(long bytes) {
    this.most = bytes;
  }

  /**
   * The room of this JVM.
   *
   * @return three quarters of the largest heap that it may have
   */
  public static HeapRoom ofJvm() {
    return new HeapRoom(Runtime.getRuntime().maxMemory() / PARTS * (PARTS - 1));
  }

  /**
   * Room beside what is kept.
   *
   * @return bytes, 0 or more
   */
  public long left() {
    return Math.max(0, most - kept);
  }

  /**
   * Whether something fits, beside what is kept.
   *
   * @param bytes how much; a negative number is one that has overflown
   * @return true if it does
   */
  public boolean fits(long bytes) {
    return bytes >= 0 && bytes <= left();
  }

  /**
   * Something has been allocated that stays as long as reading goes on.
   *
   * @param bytes how much; negative where something of before is dropped
   */
  public void keep(long bytes) {
    kept += bytes;
  }

  /**
   * For an error: that something does not fit.
   *
   * @param what needs the bytes, in the plural
   * @param bytes how much they need
   * @return such as {@code 3 images need 12.0 MiB; the heap has room for 7.5 MiB, and -Xmx makes it
   *     larger}
   */
  public String lacking(String what, long bytes) {
    Nulls.check(what, "heap room: what");
    return what
        + " need "
        + mebibytes(bytes < 0 ? Long.MAX_VALUE : bytes)
        + "; the heap has room for "
        + mebibytes(left())
        + " of data, and -Xmx makes it larger";
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
  }
}
