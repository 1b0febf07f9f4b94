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
 * Device memory in the order of a stream, from a pool of its own: whoever else uses the device's
 * default pool finds it as it was. What is freed stays with the pool for the next allocation, so
 * that this costs no trip to the operating system, and goes back to the device with the pool's end
 * or when memory runs short.
 */
public final class MemoryPool extends Resource {

  /**
   * What a pool has done and holds.
   *
   * @param allocations how often it asked the driver for memory
   * @param held how many allocations are alive
   * @param bytesHeld what they take together
   * @param peakBytes the most that they ever took together
   * @param reservedByDriver what the driver keeps for this pool, in use or not
   */
  public record Statistics(
      long allocations, long held, long bytesHeld, long peakBytes, long reservedByDriver) {}

  private static final NativeFunction CREATE =
      new NativeFunction(Api.RUNTIME, "cudaMemPoolCreate", "device");
  private static final NativeFunction DESTROY =
      new NativeFunction(Api.RUNTIME, "cudaMemPoolDestroy", "pool*");
  private static final NativeFunction SET =
      new NativeFunction(Api.RUNTIME, "cudaMemPoolSetAttribute", "attribute");
  private static final NativeFunction GET =
      new NativeFunction(Api.RUNTIME, "cudaMemPoolGetAttribute", "attribute");
  private static final NativeFunction TRIM =
      new NativeFunction(Api.RUNTIME, "cudaMemPoolTrimTo", "bytes");
  private static final NativeFunction ALLOCATE =
      new NativeFunction(Api.RUNTIME, "cudaMallocFromPoolAsync", "bytes", "pool*", "stream*");
  private static final NativeFunction FREE =
      new NativeFunction(Api.RUNTIME, "cudaFreeAsync", "address*", "bytes", "stream*");

  private static final long UNLIMITED = -1L;

  // cudaMemPoolProps of CUDA 12 and 13: four ints (kind of allocation, handles for others, kind and
  // number of the place), a pointer, and what is 0 unless asked for.
  private static final long PROPERTIES = 88;
  private static final int PINNED = 1;
  private static final int ON_DEVICE = 1;

  private final CudaStream stream;
  private final MemorySegment pool;
  private final Set<DeviceMemory> held = new LinkedHashSet<>();
  private Runnable relief = () -> {};
  private boolean created = true;
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
    device.makeCurrent();
    MemoryPool made;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment properties = arena.allocate(PROPERTIES, Long.BYTES);
      properties.setAtIndex(ValueLayout.JAVA_INT, 0, PINNED);
      properties.setAtIndex(ValueLayout.JAVA_INT, 2, ON_DEVICE);
      properties.setAtIndex(ValueLayout.JAVA_INT, 3, device.ordinal());
      MemorySegment cell = arena.allocate(ValueLayout.ADDRESS);
      Status.check(Cudart.cudaMemPoolCreate(cell, properties), CREATE, device.ordinal());
      made = new MemoryPool(stream, ResultCells.pointer(cell));
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment threshold = arena.allocateFrom(ValueLayout.JAVA_LONG, UNLIMITED);
      int attribute = Cudart.cudaMemPoolAttrReleaseThreshold();
      int status = Cudart.cudaMemPoolSetAttribute(made.pool, attribute, threshold);
      Status.check(status, SET, attribute);
      return made;
    } catch (Throwable t) {
      Closing.after(t, made);
      throw t;
    }
  }

  /**
   * What gives up memory that is kept for later; run by the thread that allocates when there is too
   * little, before it is tried once more.
   *
   * @param newRelief frees memory of this pool, and allocates none
   */
  public void setRelief(Runnable newRelief) {
    relief = newRelief;
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
      MemorySegment queue = stream.handle();
      int status = Cudart.cudaMallocFromPoolAsync(cell, bytes, pool, queue);
      if (status == Cudart.cudaErrorMemoryAllocation()) {
        relieve(Status.failure(status, ALLOCATE, bytes, pool.address(), queue.address()));
        status = Cudart.cudaMallocFromPoolAsync(cell, bytes, pool, queue);
        if (status == Cudart.cudaErrorMemoryAllocation()) {
          throw outOfMemory(status, bytes);
        }
      }
      Status.check(status, ALLOCATE, bytes, pool.address(), queue.address());
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

  /** Gives back to the device what is kept for later, here and by whoever said so. */
  private void relieve(CudaException failure) {
    try {
      relief.run();
      // What was freed is not the device's before the stream has passed it.
      stream.synchronize();
      trim();
    } catch (RuntimeException | Error e) {
      e.addSuppressed(failure);
      throw e;
    }
  }

  private CudaException outOfMemory(int status, long bytes) {
    CudaException failure =
        Status.failure(status, ALLOCATE, bytes, pool.address(), stream.handle().address());
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
    List<AutoCloseable> all = new ArrayList<>(left);
    all.add(this::destroy);
    Closing.all(all);
  }

  private void destroy() {
    if (created) {
      Status.check(Cudart.cudaMemPoolDestroy(pool), DESTROY, pool.address());
      created = false;
    }
  }
}
