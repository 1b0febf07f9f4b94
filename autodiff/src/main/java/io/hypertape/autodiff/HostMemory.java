package io.hypertape.autodiff;

import io.hypertape.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.nio.Buffer;
import java.nio.ByteOrder;

/** Checks of what the host gives numbers in, or wants them in. */
final class HostMemory {

  private HostMemory() {}

  static boolean isNative(ByteOrder order) {
    return order == ByteOrder.nativeOrder();
  }

  /** As many elements as a segment has, if it is one that can be read. */
  static int elements(String op, MemorySegment values, DType type) {
    checkAlive(op, values);
    long bytes = values.byteSize();
    if (bytes % type.bytes() != 0 || bytes / type.bytes() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          op
              + ": a segment of "
              + bytes
              + " bytes holds no whole number of "
              + type
              + " elements, "
              + type.bytes()
              + " bytes each, or too many");
    }
    return (int) (bytes / type.bytes());
  }

  static void checkRoom(String op, Tensor tensor, int room) {
    if (room != tensor.size()) {
      throw new IllegalArgumentException(
          op
              + ": an array of length "
              + room
              + " for the "
              + tensor.size()
              + " elements of shape "
              + Shapes.text(tensor.dims())
              + "; the lengths must be equal");
    }
  }

  static void checkRoom(Tensor tensor, Buffer into) {
    if (into.isReadOnly()) {
      throw new IllegalArgumentException("copyTo: the buffer is read-only");
    }
    if (into.remaining() != tensor.size()) {
      throw new IllegalArgumentException(
          "copyTo: a buffer with "
              + into.remaining()
              + " elements from its position to its limit for the "
              + tensor.size()
              + " of shape "
              + Shapes.text(tensor.dims())
              + "; the numbers must be equal");
    }
  }

  static void checkRoom(Tensor tensor, MemorySegment into) {
    checkAlive("copyTo", into);
    if (into.isReadOnly()) {
      throw new IllegalArgumentException("copyTo: the segment is read-only");
    }
    long bytes = (long) tensor.size() * tensor.dtype().bytes();
    if (into.byteSize() != bytes) {
      throw new IllegalArgumentException(
          "copyTo: a segment of "
              + into.byteSize()
              + " bytes for "
              + tensor.dtype()
              + Shapes.text(tensor.dims())
              + "; "
              + bytes
              + " are needed");
    }
  }

  private static void checkAlive(String op, MemorySegment segment) {
    if (!segment.scope().isAlive()) {
      throw new IllegalStateException(op + ": the segment's arena is closed");
    }
    if (!segment.isAccessibleBy(Thread.currentThread())) {
      throw new IllegalStateException(
          op + ": the segment's arena is confined to another thread than this");
    }
  }
}
