package io.hypertape.bindings.cuda;

import io.hypertape.bindings.generated.cudart.Cudart;
import java.lang.foreign.MemorySegment;

/** A graph that is ready to run. The memory that its work names must stay where it is. */
public final class CudaGraphExec extends Resource {

  private static final NativeFunction DESTROY =
      new NativeFunction(Api.RUNTIME, "cudaGraphExecDestroy", "exec*");
  private static final NativeFunction UPLOAD =
      new NativeFunction(Api.RUNTIME, "cudaGraphUpload", "exec*", "stream*");
  private static final NativeFunction LAUNCH =
      new NativeFunction(Api.RUNTIME, "cudaGraphLaunch", "exec*", "stream*");

  private final MemorySegment handle;

  CudaGraphExec(CudaDevice device, MemorySegment handle) {
    super(device);
    this.handle = handle;
    enter();
  }

  /**
   * Sends the graph to the device ahead of its first launch, which is then as fast as the others.
   *
   * @param stream the queue in which to do that
   * @throws CudaException if the runtime refuses
   */
  public void upload(CudaStream stream) {
    ensureOpen();
    MemorySegment queue = stream.handle();
    int status = Cudart.cudaGraphUpload(handle, queue);
    Status.check(status, UPLOAD, handle.address(), queue.address());
  }

  /**
   * Queues all of the graph's work.
   *
   * @param stream the queue
   * @throws CudaException if the runtime refuses
   */
  public void launch(CudaStream stream) {
    ensureOpen();
    MemorySegment queue = stream.handle();
    int status = Cudart.cudaGraphLaunch(handle, queue);
    Status.check(status, LAUNCH, handle.address(), queue.address());
  }

  @Override
  String what() {
    return address("CudaGraphExec", handle.address());
  }

  @Override
  void release() {
    Status.check(Cudart.cudaGraphExecDestroy(handle), DESTROY, handle.address());
  }
}
