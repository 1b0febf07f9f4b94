package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.Buffer;
import io.hypertape.autodiff.backend.DType;
import io.hypertape.autodiff.backend.DeviceMemoryException;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** Storage that closed scopes gave back, kept by type and size for the next ones. */
final class BufferPool {

  private final Backend backend;
  private final Map<DType, Map<Integer, ArrayDeque<Buffer>>> idle = new EnumMap<>(DType.class);
  private long allocatedBytes;
  private long allocations;

  BufferPool(Backend backend) {
    this.backend = backend;
  }

  Buffer take(DType type, int size) {
    ArrayDeque<Buffer> sameSize = idle(type).get(size);
    if (sameSize != null && !sameSize.isEmpty()) {
      return sameSize.pop();
    }
    Buffer fresh = allocate(type, size);
    allocations++;
    allocatedBytes += (long) size * type.bytes();
    return fresh;
  }

  /** What is kept for later is given up before there is too little memory. */
  private Buffer allocate(DType type, int size) {
    try {
      return backend.allocate(type, size);
    } catch (DeviceMemoryException | OutOfMemoryError e) {
      if (idle.values().stream().flatMap(m -> m.values().stream()).allMatch(ArrayDeque::isEmpty)) {
        throw e;
      }
      close();
    }
    return backend.allocate(type, size);
  }

  void give(Buffer buffer) {
    idle(buffer.type()).computeIfAbsent(buffer.size(), unused -> new ArrayDeque<>()).push(buffer);
  }

  private Map<Integer, ArrayDeque<Buffer>> idle(DType type) {
    return idle.computeIfAbsent(type, unused -> new HashMap<>());
  }

  long allocatedBytes() {
    return allocatedBytes;
  }

  long allocations() {
    return allocations;
  }

  /** Frees what is idle. */
  void close() {
    RuntimeException first = null;
    for (Map<Integer, ArrayDeque<Buffer>> sizes : idle.values()) {
      for (ArrayDeque<Buffer> buffers : sizes.values()) {
        for (Buffer buffer : buffers) {
          try {
            backend.free(buffer);
            allocatedBytes -= (long) buffer.size() * buffer.type().bytes();
          } catch (RuntimeException e) {
            first = first == null ? e : first;
          }
        }
      }
    }
    idle.clear();
    if (first != null) {
      throw first;
    }
  }
}
