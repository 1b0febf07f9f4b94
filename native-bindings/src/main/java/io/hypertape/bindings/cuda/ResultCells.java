package io.hypertape.bindings.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Small native memory that functions write their results to. */
final class ResultCells {

  private ResultCells() {}

  /**
   * A cell that lives as long as the arena but is not watched by it: a downcall then need not keep
   * the arena alive, which costs two atomic operations an argument. The owner must check that it is
   * open before it uses the cell.
   */
  static MemorySegment unwatched(Arena arena, long bytes) {
    return MemorySegment.ofAddress(arena.allocate(bytes, Long.BYTES).address()).reinterpret(bytes);
  }

  /** Closes an arena that may be closed already. */
  static void close(Arena arena) {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  static MemorySegment pointer(MemorySegment cell) {
    return cell.get(ValueLayout.ADDRESS, 0);
  }

  static int int32(MemorySegment cell) {
    return cell.get(ValueLayout.JAVA_INT, 0);
  }

  static long int64(MemorySegment cell) {
    return cell.get(ValueLayout.JAVA_LONG, 0);
  }
}
