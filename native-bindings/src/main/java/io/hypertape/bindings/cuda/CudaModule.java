package io.hypertape.bindings.cuda;

import io.hypertape.bindings.generated.driver.CudaDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Compiled kernels, loaded on a device. */
public final class CudaModule extends Resource {

  private static final NativeFunction LOAD =
      new NativeFunction(Api.DRIVER, "cuModuleLoadData", "bytes");
  private static final NativeFunction UNLOAD =
      new NativeFunction(Api.DRIVER, "cuModuleUnload", "module*");
  private static final NativeFunction FUNCTION =
      new NativeFunction(Api.DRIVER, "cuModuleGetFunction", "name");

  private final MemorySegment handle;

  private CudaModule(CudaDevice device, MemorySegment handle) {
    super(device);
    this.handle = handle;
    enter();
  }

  /**
   * Loads kernels.
   *
   * @param device where
   * @param image a CUBIN, or PTX that the driver compiles now
   * @return the module
   * @throws CudaException if the driver refuses
   */
  public static CudaModule load(CudaDevice device, byte[] image) {
    // The runtime makes the device's context current, which the driver's functions need.
    device.makeCurrent();
    try (Arena arena = Arena.ofConfined()) {
      // One zero more: PTX ends with it, whatever the compiler or a cache made of that.
      MemorySegment copy = arena.allocate(image.length + 1L, Long.BYTES);
      MemorySegment.copy(image, 0, copy, ValueLayout.JAVA_BYTE, 0, image.length);
      MemorySegment cell = arena.allocate(ValueLayout.ADDRESS);
      Status.check(CudaDriver.cuModuleLoadData(cell, copy), LOAD, image.length);
      return new CudaModule(device, ResultCells.pointer(cell));
    }
  }

  /**
   * A kernel of the module.
   *
   * @param name its name in the source, which must be {@code extern "C"}
   * @return the kernel, which lives as long as the module
   * @throws CudaException if there is none of that name
   */
  public CudaKernel kernel(String name) {
    ensureOpen();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cell = arena.allocate(ValueLayout.ADDRESS);
      int status = CudaDriver.cuModuleGetFunction(cell, handle, arena.allocateFrom(name));
      Status.check(status, FUNCTION, name);
      return new CudaKernel(this, name, ResultCells.pointer(cell));
    }
  }

  @Override
  String what() {
    return address("CudaModule", handle.address());
  }

  @Override
  void release() {
    Status.check(CudaDriver.cuModuleUnload(handle), UNLOAD, handle.address());
  }
}
