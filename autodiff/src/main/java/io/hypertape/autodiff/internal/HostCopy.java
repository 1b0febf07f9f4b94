package io.hypertape.autodiff.internal;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.Optional;

/**
 * Copies between segments of memory. Where both are arrays of one type it is one of arrays: in some
 * of its compiled forms, which depend on what ran before, the JDK's own copy of a few bytes from
 * segment to segment leaves zeros in a fresh array (seen with 25.0.3; not with {@code
 * -Djava.lang.foreign.native.threshold.power.copy=0}, which turns that form off).
 */
public final class HostCopy {

  private HostCopy() {}

  /**
   * Copies bytes.
   *
   * @param source where from
   * @param from first byte of it
   * @param target where to
   * @param to first byte of it
   * @param bytes how many, a multiple of an array's element
   */
  public static void copy(
      MemorySegment source, long from, MemorySegment target, long to, long bytes) {
    Optional<Object> read = source.heapBase();
    Optional<Object> written = target.heapBase();
    if (read.isPresent() && written.isPresent() && !target.isReadOnly()) {
      long size = elementBytes(read.get());
      boolean isOneType = read.get().getClass() == written.get().getClass();
      long first = source.address() + from;
      long firstWritten = target.address() + to;
      if (isOneType && (first | firstWritten | bytes) % size == 0) {
        // What the arrays' ends alone would not check.
        Objects.checkFromIndexSize(from, bytes, source.byteSize());
        Objects.checkFromIndexSize(to, bytes, target.byteSize());
        System.arraycopy(
            read.get(),
            (int) (first / size),
            written.get(),
            (int) (firstWritten / size),
            (int) (bytes / size));
        return;
      }
    }
    MemorySegment.copy(source, from, target, to, bytes);
  }

  private static long elementBytes(Object array) {
    return switch (array) {
      case double[] d -> Double.BYTES;
      case long[] l -> Long.BYTES;
      case float[] f -> Float.BYTES;
      case int[] i -> Integer.BYTES;
      case short[] s -> Short.BYTES;
      case char[] c -> Character.BYTES;
      default -> 1;
    };
  }
}
