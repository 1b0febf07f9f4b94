package io.hypertape.bindings.cuda;

import io.hypertape.bindings.generated.cudart.Cudart;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Host memory that stays where it is, so that the device copies from and to it by itself while the
 * program goes on. Wait for such copies before closing it.
 */
public final class PinnedBuffer extends Resource {

  private static final NativeFunction ALLOCATE =
      new NativeFunction(Api.RUNTIME, "cudaHostAlloc", "bytes");
  private static final NativeFunction FREE =
      new NativeFunction(Api.RUNTIME, "cudaFreeHost", "address*", "bytes");

  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory;
  private final MemorySegment segment;

  private PinnedBuffer(CudaDevice device, MemorySegment memory, long bytes) {
    super(device);
    this.memory = memory;
    // The arena does not own the memory: it makes use after close an error instead of a crash.
    this.segment = memory.reinterpret(bytes, arena, null);
    enter();
  }

  /**
   * Allocates.
   *
   * @param device that will use it
   * @param bytes how much; 0 gives an empty segment without asking anybody
   * @return the buffer, whose content is anything
   * @throws CudaException if the runtime refuses
   */
  public static PinnedBuffer allocate(CudaDevice device, long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("cannot allocate " + bytes + " bytes");
    }
    device.makeCurrent();
    if (bytes == 0) {
      return new PinnedBuffer(device, MemorySegment.NULL, 0);
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cell = arena.allocate(ValueLayout.ADDRESS);
      int status = Cudart.cudaHostAlloc(cell, bytes, Cudart.cudaHostAllocDefault());
      Status.check(status, ALLOCATE, bytes);
      return new PinnedBuffer(device, ResultCells.pointer(cell), bytes);
    }
  }

  /**
   * The memory.
   *
   * @return a segment that any thread may use until this is closed
   */
  public MemorySegment segment() {
    ensureOpen();
    return segment;
  }

  @Override
  String what() {
    return address("PinnedBuffer of " + segment.byteSize() + " bytes at", memory.address());
  }

  @Override
  void release() {
    ResultCells.close(arena);
    if (segment.byteSize() != 0) {
      Status.check(Cudart.cudaFreeHost(memory), FREE, memory.address(), segment.byteSize());
    }
  }
}
