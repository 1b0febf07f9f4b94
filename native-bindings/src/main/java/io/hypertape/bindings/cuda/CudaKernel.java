package io.hypertape.bindings.cuda;

import io.hypertape.bindings.generated.driver.CudaDriver;
import java.lang.foreign.MemorySegment;

/** A function that runs on the device. It lives as long as its module. */
public final class CudaKernel {

  private static final NativeFunction LAUNCH =
      new NativeFunction(
          Api.DRIVER, "cuLaunchKernel", "kernel", "grid", "block", "arguments", "stream*");

  private static final int NOT_ASKED = -2;
  private static final int UNKNOWN = -1;

  private final CudaModule module;
  private final String name;
  private final MemorySegment function;
  private int parameters = NOT_ASKED;

  CudaKernel(CudaModule module, String name, MemorySegment function) {
    this.module = module;
    this.name = name;
    this.function = function;
  }

  /**
   * Queues the kernel. The arguments are copied before this returns.
   *
   * @param stream where
   * @param gridX how many blocks
   * @param blockX how many threads a block has
   * @param arguments as many and of the types as the kernel's parameters
   * @throws CudaException if the driver refuses
   * @throws IllegalArgumentException if they are not as many, where the driver says how many the
   *     kernel has (CUDA 12.4 and newer)
   */
  public void launch(CudaStream stream, int gridX, int blockX, KernelArguments arguments) {
    module.ensureOpen();
    checkCount(arguments);
    MemorySegment queue = stream.handle();
    int status =
        CudaDriver.cuLaunchKernel(
            function,
            gridX,
            1,
            1,
            blockX,
            1,
            1,
            0,
            queue,
            arguments.pointers(),
            MemorySegment.NULL);
    if (status != Status.SUCCESS) {
      throw Status.failure(status, LAUNCH, name, gridX, blockX, arguments, queue.address());
    }
  }

  /** The driver would read what is missing from anywhere, and pass by what is too much. */
  private void checkCount(KernelArguments arguments) {
    if (parameters == NOT_ASKED) {
      parameters = ParameterCount.of(function).orElse(UNKNOWN);
    }
    if (parameters != UNKNOWN && arguments.count() != parameters) {
      throw new IllegalArgumentException(
          "kernel " + name + " has " + parameters + " parameters, but gets " + arguments);
    }
  }

  /**
   * The kernel's name.
   *
   * @return as in the source
   */
  public String name() {
    return name;
  }

  @Override
  public String toString() {
    return name;
  }
}
