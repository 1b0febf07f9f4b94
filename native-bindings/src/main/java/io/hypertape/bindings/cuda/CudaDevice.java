package io.hypertape.bindings.cuda;

import io.hypertape.bindings.NativeLibraries;
import io.hypertape.bindings.generated.cudart.Cudart;
import io.hypertape.bindings.generated.driver.CudaDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A GPU. The device's primary context is shared with whoever else uses CUDA in the process. */
public final class CudaDevice extends Resource {

  private static final int MAX_NAME = 256;

  /** The runtime counts only what this variable lets it see. */
  private static final String VISIBLE = System.getenv().getOrDefault("CUDA_VISIBLE_DEVICES", "");

  private static final NativeFunction INIT = new NativeFunction(Api.DRIVER, "cuInit");
  private static final NativeFunction DRIVER_VERSION =
      new NativeFunction(Api.DRIVER, "cuDriverGetVersion");
  private static final NativeFunction RUNTIME_VERSION =
      new NativeFunction(Api.RUNTIME, "cudaRuntimeGetVersion");
  private static final NativeFunction COUNT = new NativeFunction(Api.RUNTIME, "cudaGetDeviceCount");
  private static final NativeFunction SET =
      new NativeFunction(Api.RUNTIME, "cudaSetDevice", "device");
  private static final NativeFunction GET = new NativeFunction(Api.DRIVER, "cuDeviceGet", "device");
  private static final NativeFunction NAME =
      new NativeFunction(Api.DRIVER, "cuDeviceGetName", "device");
  private static final NativeFunction TOTAL =
      new NativeFunction(Api.DRIVER, "cuDeviceTotalMem_v2", "device");
  private static final NativeFunction ATTRIBUTE =
      new NativeFunction(Api.RUNTIME, "cudaDeviceGetAttribute", "attribute", "device");
  private static final NativeFunction MEMORY = new NativeFunction(Api.RUNTIME, "cudaMemGetInfo");
  private static final NativeFunction SYNCHRONIZE =
      new NativeFunction(Api.RUNTIME, "cudaDeviceSynchronize");

  /** The device that each thread was given last; another library may have given it another. */
  private static final ThreadLocal<CudaDevice> CURRENT = new ThreadLocal<>();

  private final int ordinal;
  private final int runtimeVersion;
  private final int driverVersion;
  private final String name;
  private final long totalMemory;
  private final int computeCapability;
  private final int multiprocessors;

  private CudaDevice(int ordinal, Arena arena) {
    super(null);
    this.ordinal = ordinal;
    MemorySegment cell = arena.allocate(ValueLayout.JAVA_LONG);
    Status.check(CudaDriver.cuInit(0), INIT);
    Status.check(CudaDriver.cuDriverGetVersion(cell), DRIVER_VERSION);
    this.driverVersion = ResultCells.int32(cell);
    Status.check(Cudart.cudaRuntimeGetVersion(cell), RUNTIME_VERSION);
    this.runtimeVersion = ResultCells.int32(cell);
    require(Versions.cudaProblem(runtimeVersion, driverVersion));
    Status.check(Cudart.cudaGetDeviceCount(cell), COUNT);
    require(Versions.ordinalProblem(ordinal, ResultCells.int32(cell), VISIBLE));
    Status.check(CudaDriver.cuDeviceGet(cell, ordinal), GET, ordinal);
    int device = ResultCells.int32(cell);
    MemorySegment text = arena.allocate(MAX_NAME);
    Status.check(CudaDriver.cuDeviceGetName(text, MAX_NAME - 1, device), NAME, ordinal);
    this.name = text.getString(0);
    Status.check(CudaDriver.cuDeviceTotalMem_v2(cell, device), TOTAL, ordinal);
    this.totalMemory = ResultCells.int64(cell);
    this.computeCapability =
        10 * attribute(Cudart.cudaDevAttrComputeCapabilityMajor(), cell)
            + attribute(Cudart.cudaDevAttrComputeCapabilityMinor(), cell);
    this.multiprocessors = attribute(Cudart.cudaDevAttrMultiProcessorCount(), cell);
    if (attribute(Cudart.cudaDevAttrMemoryPoolsSupported(), cell) == 0) {
      require(name + " has no memory pools (cudaMallocAsync), which Hypertape needs");
    }
    makeCurrent();
    enter();
  }

  private static void require(String problem) {
    if (!problem.isEmpty()) {
      throw new CudaUnavailableException(problem);
    }
  }

  private int attribute(int attribute, MemorySegment cell) {
    int status = Cudart.cudaDeviceGetAttribute(cell, attribute, ordinal);
    Status.check(status, ATTRIBUTE, attribute, ordinal);
    return ResultCells.int32(cell);
  }

  /**
   * Opens a device and makes it the calling thread's current one. The first call in a process loads
   * the libraries.
   *
   * @param ordinal its number, from 0
   * @return the device
   * @throws CudaUnavailableException if it cannot be used, with the reason
   */
  public static CudaDevice open(int ordinal) {
    require(NativeLibraries.problem().orElse(""));
    try (Arena arena = Arena.ofConfined()) {
      return new CudaDevice(ordinal, arena);
    } catch (CudaException e) {
      throw new CudaUnavailableException(
          "CUDA device " + ordinal + ": " + e.getMessage() + Versions.visible(VISIBLE), e);
    } catch (UnsatisfiedLinkError e) {
      throw new CudaUnavailableException(e.getMessage(), e);
    }
  }

  /**
   * The device's number.
   *
   * @return from 0
   */
  public int ordinal() {
    return ordinal;
  }

  /**
   * The device's name.
   *
   * @return such as {@code NVIDIA H100 80GB HBM3}
   */
  public String name() {
    return name;
  }

  /**
   * What its instructions are.
   *
   * @return ten times the major version plus the minor: 90 is 9.0
   */
  public int computeCapability() {
    return computeCapability;
  }

  /**
   * How many streaming multiprocessors it has.
   *
   * @return a count
   */
  public int multiprocessors() {
    return multiprocessors;
  }

  /**
   * The memory it has.
   *
   * @return bytes
   */
  public long totalMemory() {
    return totalMemory;
  }

  /**
   * The memory that is free now, to all processes; what a pool keeps for later is not.
   *
   * @return bytes
   */
  public long freeMemory() {
    ensureOpen();
    makeCurrent();
    return memoryInfo()[0];
  }

  /** Free and total memory of the current device. */
  static long[] memoryInfo() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment free = arena.allocate(ValueLayout.JAVA_LONG);
      MemorySegment total = arena.allocate(ValueLayout.JAVA_LONG);
      Status.check(Cudart.cudaMemGetInfo(free, total), MEMORY);
      return new long[] {ResultCells.int64(free), ResultCells.int64(total)};
    }
  }

  /**
   * The version of the CUDA runtime.
   *
   * @return 13000 is 13.0
   */
  public int runtimeVersion() {
    return runtimeVersion;
  }

  /**
   * The newest CUDA that the driver knows.
   *
   * @return 13000 is 13.0
   */
  public int driverVersion() {
    return driverVersion;
  }

  /** Makes this the calling thread's current device. */
  public void makeCurrent() {
    ensureOpen();
    Status.check(Cudart.cudaSetDevice(ordinal), SET, ordinal);
    CURRENT.set(this);
  }

  /**
   * Makes this the calling thread's current device unless it was made that last, as it costs a call
   * each time. A virtual thread is told each time: the device is the carrier's, which may change.
   */
  public void ensureCurrent() {
    if (CURRENT.get() != this || Thread.currentThread().isVirtual()) {
      makeCurrent();
    }
  }

  /** Waits until the device has done all work of this process. */
  public void synchronize() {
    makeCurrent();
    Status.check(Cudart.cudaDeviceSynchronize(), SYNCHRONIZE);
  }

  @Override
  String what() {
    return "CudaDevice " + ordinal;
  }

  @Override
  void release() {
    if (CURRENT.get() == this) {
      CURRENT.remove();
    }
    ResourceLedger.reportLeaks(this);
  }
}
