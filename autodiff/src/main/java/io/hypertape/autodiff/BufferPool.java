package io.hypertape.autodiff;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.Buffer;
import io.hypertape.autodiff.backend.DType;
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
    allocations++;
    allocatedBytes += (long) size * type.bytes();
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

  void close() {
    for (Map<Integer, ArrayDeque<Buffer>> sizes : idle.values()) {
      for (ArrayDeque<Buffer> buffers : sizes.values()) {
        buffers.forEach(backend::free);
      }
    }
    idle.clear();
  }
}
