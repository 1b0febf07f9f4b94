package io.hypertape.bindings.cuda;

import io.hypertape.bindings.generated.cudart.Cudart;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Captured work: a template that is made ready to run once and then launched as often as wanted.
 */
public final class CudaGraph extends Resource {

  private static final NativeFunction DESTROY =
      new NativeFunction(Api.RUNTIME, "cudaGraphDestroy", "graph*");
  private static final NativeFunction NODES =
      new NativeFunction(Api.RUNTIME, "cudaGraphGetNodes", "graph*");
  private static final NativeFunction INSTANTIATE =
      new NativeFunction(Api.RUNTIME, "cudaGraphInstantiate", "graph*");

  private final MemorySegment handle;

  CudaGraph(CudaDevice device, MemorySegment handle) {
    super(device);
    this.handle = handle;
    enter();
  }

  /**
   * How many pieces of work the graph has.
   *
   * @return a count
   * @throws CudaException if the runtime refuses
   */
  public int nodes() {
    ensureOpen();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
      int status = Cudart.cudaGraphGetNodes(handle, MemorySegment.NULL, count);
      Status.check(status, NODES, handle.address());
      return Math.toIntExact(ResultCells.int64(count));
    }
  }

  /**
   * Makes the graph ready to run.
   *
   * @return what can be launched; it does not need this graph any more
   * @throws CudaException if the runtime refuses
   */
  public CudaGraphExec instantiate() {
    ensureOpen();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cell = arena.allocate(ValueLayout.ADDRESS);
      Status.check(Cudart.cudaGraphInstantiate(cell, handle, 0), INSTANTIATE, handle.address());
      return new CudaGraphExec(owner(), ResultCells.pointer(cell));
    }
  }

  @Override
  String what() {
    return address("CudaGraph", handle.address());
  }

  @Override
  void release() {
    Status.check(Cudart.cudaGraphDestroy(handle), DESTROY, handle.address());
  }
}
