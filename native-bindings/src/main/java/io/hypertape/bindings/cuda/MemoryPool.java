package io.hypertape.bindings.cuda;

import io.hypertape.bindings.generated.cudart.Cudart;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Device memory in the order of a stream, from the device's default pool. What is freed stays with
 * the driver for the next allocation, so that this costs no trip to the operating system.
 */
public final class MemoryPool extends Resource {

  /**
   * What a pool has done and holds.
   *
   * @param allocations how often it asked the driver for memory
   * @param held how many allocations are alive
   * @param bytesHeld what they take together
   * @param peakBytes the most that they ever took together
   * @param reservedByDriver what the driver keeps for the device's pool, in use or not
   */
  public record Statistics(
      long allocations, long held, long bytesHeld, long peakBytes, long reservedByDriver) {}

  private static final NativeFunction POOL =
      new NativeFunction(Api.RUNTIME, "cudaDeviceGetDefaultMemPool", "device");
  private static final NativeFunction SET =
      new NativeFunction(Api.RUNTIME, "cudaMemPoolSetAttribute", "attribute");
  private static final NativeFunction GET =
      new NativeFunction(Api.RUNTIME, "cudaMemPoolGetAttribute", "attribute");
  private static final NativeFunction TRIM =
      new NativeFunction(Api.RUNTIME, "cudaMemPoolTrimTo", "bytes");
  private static final NativeFunction ALLOCATE =
      new NativeFunction(Api.RUNTIME, "cudaMallocAsync", "bytes", "stream*");
  private static final NativeFunction FREE =
      new NativeFunction(Api.RUNTIME, "cudaFreeAsync", "address*", "bytes", "stream*");

  private static final long UNLIMITED = -1L;

  private final CudaStream stream;
  private final MemorySegment pool;
  private final Set<DeviceMemory> held = new LinkedHashSet<>();
  private long allocations;
  private long bytesHeld;
  private long peakBytes;

  private MemoryPool(CudaStream stream, MemorySegment pool) {
    super(stream.device());
    this.stream = stream;
    this.pool = pool;
    enter();
  }

  /**
   * Opens a pool.
   *
   * @param stream in whose order memory is given out and taken back
   * @return the pool
   * @throws CudaException if the runtime refuses
   */
  public static MemoryPool create(CudaStream stream) {
    stream.ensureOpen();
    CudaDevice device = stream.device();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cell = arena.allocate(ValueLayout.ADDRESS);
      int status = Cudart.cudaDeviceGetDefaultMemPool(cell, device.ordinal());
      Status.check(status, POOL, device.ordinal());
      MemorySegment pool = ResultCells.pointer(cell);
      MemorySegment threshold = arena.allocateFrom(ValueLayout.JAVA_LONG, UNLIMITED);
      int attribute = Cudart.cudaMemPoolAttrReleaseThreshold();
      Status.check(Cudart.cudaMemPoolSetAttribute(pool, attribute, threshold), SET, attribute);
      return new MemoryPool(stream, pool);
    }
  }

  /**
   * Allocates memory that work queued from now on may use.
   *
   * @param bytes how much; 0 gives address 0 without asking anybody
   * @return the memory, whose content is anything
   * @throws CudaOutOfMemoryException if the device has not that much
   * @throws CudaException if the runtime refuses for another reason
   */
  public DeviceMemory allocate(long bytes) {
    ensureOpen();
    if (bytes < 0) {
      throw new IllegalArgumentException("cannot allocate " + bytes + " bytes");
    }
    if (bytes == 0) {
      return new DeviceMemory(this, 0, 0);
    }
    DeviceMemory memory;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cell = arena.allocate(ValueLayout.ADDRESS);
      int status = Cudart.cudaMallocAsync(cell, bytes, stream.handle());
      if (status == Cudart.cudaErrorMemoryAllocation()) {
        throw outOfMemory(status, bytes);
      }
      Status.check(status, ALLOCATE, bytes, stream.handle().address());
      memory = new DeviceMemory(this, ResultCells.pointer(cell).address(), bytes);
    }
    synchronized (held) {
      held.add(memory);
      allocations++;
      bytesHeld += bytes;
      peakBytes = Math.max(peakBytes, bytesHeld);
    }
    return memory;
  }

  private CudaException outOfMemory(int status, long bytes) {
    CudaException failure = Status.failure(status, ALLOCATE, bytes, stream.handle().address());
    long[] memory = {-1, -1};
    try {
      memory = CudaDevice.memoryInfo();
    } catch (CudaException e) {
      failure.addSuppressed(e);
    }
    synchronized (held) {
      long largest = held.stream().mapToLong(DeviceMemory::bytes).max().orElse(0);
      long[] mine = {held.size(), bytesHeld, largest};
      CudaException told = new CudaOutOfMemoryException(failure, bytes, memory, mine);
      for (Throwable suppressed : failure.getSuppressed()) {
        told.addSuppressed(suppressed);
      }
      return told;
    }
  }

  /** Frees memory behind all work queued so far. */
  void free(DeviceMemory memory) {
    if (memory.bytes() == 0) {
      return;
    }
    MemorySegment queue = stream.handle();
    int status = Cudart.cudaFreeAsync(MemorySegment.ofAddress(memory.start()), queue);
    Status.check(status, FREE, memory.start(), memory.bytes(), queue.address());
    synchronized (held) {
      held.remove(memory);
      bytesHeld -= memory.bytes();
    }
  }

  /**
   * What the pool has done and holds.
   *
   * @return numbers of now
   * @throws CudaException if the runtime refuses
   */
  public Statistics statistics() {
    ensureOpen();
    long reserved;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cell = arena.allocate(ValueLayout.JAVA_LONG);
      int attribute = Cudart.cudaMemPoolAttrReservedMemCurrent();
      Status.check(Cudart.cudaMemPoolGetAttribute(pool, attribute, cell), GET, attribute);
      reserved = ResultCells.int64(cell);
    }
    synchronized (held) {
      return new Statistics(allocations, held.size(), bytesHeld, peakBytes, reserved);
    }
  }

  /**
   * Gives back to the device what the driver keeps and nobody uses. Memory freed by work that is
   * not done yet stays: synchronize the stream before.
   *
   * @throws CudaException if the runtime refuses
   */
  public void trim() {
    ensureOpen();
    Status.check(Cudart.cudaMemPoolTrimTo(pool, 0), TRIM, 0);
  }

  @Override
  String what() {
    return "MemoryPool of " + stream.what();
  }

  /** Frees what is still held: the pool's end must not cost the process its memory. */
  @Override
  void release() {
    List<DeviceMemory> left;
    synchronized (held) {
      left = new ArrayList<>(held);
    }
    for (DeviceMemory memory : left) {
      if (memory.opened() != null) {
        ResourceLedger.reportLeak(memory, "when its pool is closed");
      }
    }
    Closing.all(left);
  }
}
