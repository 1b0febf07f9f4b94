package io.hypertape.bindings.cuda;

import io.hypertape.bindings.generated.cudart.Cudart;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * A queue of work on a device. Its methods return before the work is done unless they say that they
 * wait; memory named by queued work must stay alive until the stream has passed it.
 */
public final class CudaStream extends Resource {

  private static final NativeFunction CREATE =
      new NativeFunction(Api.RUNTIME, "cudaStreamCreateWithFlags", "device");
  private static final NativeFunction DESTROY =
      new NativeFunction(Api.RUNTIME, "cudaStreamDestroy", "stream*");
  private static final NativeFunction SYNCHRONIZE =
      new NativeFunction(Api.RUNTIME, "cudaStreamSynchronize", "stream*");
  private static final NativeFunction QUERY =
      new NativeFunction(Api.RUNTIME, "cudaStreamQuery", "stream*");
  private static final NativeFunction WAIT =
      new NativeFunction(Api.RUNTIME, "cudaStreamWaitEvent", "stream*", "event*");
  private static final NativeFunction COPY =
      new NativeFunction(Api.RUNTIME, "cudaMemcpyAsync", "to*", "from*", "bytes", "stream*");
  private static final NativeFunction FILL =
      new NativeFunction(Api.RUNTIME, "cudaMemsetAsync", "to*", "value", "bytes", "stream*");
  private static final NativeFunction BEGIN =
      new NativeFunction(Api.RUNTIME, "cudaStreamBeginCapture", "stream*");
  private static final NativeFunction END =
      new NativeFunction(Api.RUNTIME, "cudaStreamEndCapture", "stream*");
  private static final NativeFunction CAPTURING =
      new NativeFunction(Api.RUNTIME, "cudaStreamIsCapturing", "stream*");

  private final CudaDevice device;
  private final MemorySegment handle;

  private CudaStream(CudaDevice device, MemorySegment handle) {
    super(device);
    this.device = device;
    this.handle = handle;
    enter();
  }

  /**
   * Opens a stream that does not wait for the default stream.
   *
   * @param device where
   * @return the stream
   * @throws CudaException if the runtime refuses
   */
  public static CudaStream create(CudaDevice device) {
    device.makeCurrent();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cell = arena.allocate(ValueLayout.ADDRESS);
      int status = Cudart.cudaStreamCreateWithFlags(cell, Cudart.cudaStreamNonBlocking());
      Status.check(status, CREATE, device.ordinal());
      return new CudaStream(device, ResultCells.pointer(cell));
    }
  }

  /**
   * Where the stream's work is done.
   *
   * @return the device
   */
  public CudaDevice device() {
    return device;
  }

  /**
   * The runtime's {@code cudaStream_t}.
   *
   * @return a pointer
   */
  public MemorySegment handle() {
    ensureOpen();
    return handle;
  }

  /**
   * Waits until all work queued so far is done.
   *
   * @throws CudaException if the runtime refuses, or if some earlier work failed
   */
  public void synchronize() {
    Status.check(Cudart.cudaStreamSynchronize(handle()), SYNCHRONIZE, handle.address());
  }

  /**
   * Whether all work queued so far is done; does not wait.
   *
   * @return true if so
   * @throws CudaException if the runtime refuses, or if some earlier work failed
   */
  public boolean isIdle() {
    int status = Cudart.cudaStreamQuery(handle());
    if (status == Cudart.cudaErrorNotReady()) {
      Api.RUNTIME.forget();
      return false;
    }
    Status.check(status, QUERY, handle.address());
    return true;
  }

  /**
   * Lets work queued after this wait for an event of any stream.
   *
   * @param event recorded before
   * @throws CudaException if the runtime refuses
   */
  public void waitFor(CudaEvent event) {
    MemorySegment awaited = event.handle();
    int status = Cudart.cudaStreamWaitEvent(handle(), awaited, Cudart.cudaEventWaitDefault());
    Status.check(status, WAIT, handle.address(), awaited.address());
  }

  /**
   * Queues a copy from the host. From pinned memory it runs later: keep the source unchanged until
   * the stream has passed.
   *
   * @param source native memory
   * @param deviceAddress where to
   * @param bytes how many, from the start of the source
   * @throws CudaException if the runtime refuses
   */
  public void copyToDevice(MemorySegment source, long deviceAddress, long bytes) {
    requireHost(source, bytes);
    copy(MemorySegment.ofAddress(deviceAddress), source, bytes, Cudart.cudaMemcpyHostToDevice());
  }

  /**
   * Queues a copy to the host: what it brings can be read after the stream has passed it.
   *
   * @param deviceAddress where from
   * @param target native memory
   * @param bytes how many, to the start of the target
   * @throws CudaException if the runtime refuses
   */
  public void copyToHost(long deviceAddress, MemorySegment target, long bytes) {
    requireHost(target, bytes);
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("cannot copy to a segment that is read-only");
    }
    copy(target, MemorySegment.ofAddress(deviceAddress), bytes, Cudart.cudaMemcpyDeviceToHost());
  }

  /**
   * Queues a copy within the device; the two places must not overlap.
   *
   * @param from where from
   * @param to where to
   * @param bytes how many
   * @throws CudaException if the runtime refuses
   */
  public void copyOnDevice(long from, long to, long bytes) {
    ensureOpen();
    if (bytes != 0) {
      int kind = Cudart.cudaMemcpyDeviceToDevice();
      int status = DirectCalls.copy(to, from, bytes, kind, handle.address());
      Status.check(status, COPY, to, from, bytes, handle.address());
    }
  }

  private void copy(MemorySegment to, MemorySegment from, long bytes, int kind) {
    ensureOpen();
    if (bytes != 0) {
      int status = Cudart.cudaMemcpyAsync(to, from, bytes, kind, handle);
      Status.check(status, COPY, to.address(), from.address(), bytes, handle.address());
    }
  }

  private static void requireHost(MemorySegment segment, long bytes) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException("only native memory can be copied, not a heap segment");
    }
    if (bytes < 0 || bytes > segment.byteSize()) {
      throw new IllegalArgumentException(
          "cannot copy " + bytes + " bytes: the segment has " + segment.byteSize());
    }
  }

  /**
   * Queues the filling of memory with one byte.
   *
   * @param deviceAddress where
   * @param value the byte, 0 to 255
   * @param bytes how many
   * @throws CudaException if the runtime refuses
   */
  public void fillBytes(long deviceAddress, int value, long bytes) {
    ensureOpen();
    if (bytes != 0) {
      int status = DirectCalls.fill(deviceAddress, value, bytes, handle.address());
      Status.check(status, FILL, deviceAddress, value, bytes, handle.address());
    }
  }

  /**
   * From here on work goes into a graph instead of being done. Calls of this thread that cannot be
   * part of a graph fail and spoil the capture; other threads are not held up.
   *
   * @throws CudaException if the runtime refuses
   */
  public void beginCapture() {
    int status = Cudart.cudaStreamBeginCapture(handle(), Cudart.cudaStreamCaptureModeThreadLocal());
    Status.check(status, BEGIN, handle.address());
  }

  /**
   * Ends the capture.
   *
   * @return the graph of what was queued since
   * @throws CudaException if the runtime refuses, or if the capture was spoilt; it has ended then
   *     too
   */
  public CudaGraph endCapture() {
    ensureOpen();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cell = arena.allocate(ValueLayout.ADDRESS);
      Status.check(Cudart.cudaStreamEndCapture(handle, cell), END, handle.address());
      return new CudaGraph(device, ResultCells.pointer(cell));
    }
  }

  /**
   * Ends the capture, if there is one, and throws away what was queued. Never throws because the
   * capture was spoilt: that is what this is for.
   *
   * @throws CudaException if the runtime refuses for another reason
   */
  public void abortCapture() {
    if (!isCapturing()) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cell = arena.allocate(ValueLayout.ADDRESS);
      int status = Cudart.cudaStreamEndCapture(handle, cell);
      if (status != Status.SUCCESS) {
        Api.RUNTIME.forget();
        // A spoilt capture ends with an error, but it ends.
        Status.check(isCapturing() ? status : Status.SUCCESS, END, handle.address());
      } else if (ResultCells.pointer(cell).address() != 0) {
        // Nobody else knows of the graph.
        Closing.all(List.of(new CudaGraph(device, ResultCells.pointer(cell))));
      }
    }
  }

  /**
   * Whether work goes into a graph now, be the capture spoilt or not.
   *
   * @return true between {@link #beginCapture()} and the end
   * @throws CudaException if the runtime refuses
   */
  public boolean isCapturing() {
    ensureOpen();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cell = arena.allocate(ValueLayout.JAVA_INT);
      Status.check(Cudart.cudaStreamIsCapturing(handle, cell), CAPTURING, handle.address());
      return ResultCells.int32(cell) != Cudart.cudaStreamCaptureStatusNone();
    }
  }

  @Override
  String what() {
    return address("CudaStream", handle.address());
  }

  @Override
  void release() {
    Status.check(Cudart.cudaStreamDestroy(handle), DESTROY, handle.address());
  }
}
