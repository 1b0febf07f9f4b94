package io.hypertape.bindings.cuda;

import io.hypertape.bindings.generated.cudart.Cudart;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A mark in a stream that others can wait for, and whose time can be taken. */
public final class CudaEvent extends Resource {

  /** Whether an event keeps the time; one that does costs more. */
  public enum Timing {
    /** The time is kept. */
    ON,
    /** The time is not kept. */
    OFF
  }

  private static final NativeFunction CREATE =
      new NativeFunction(Api.RUNTIME, "cudaEventCreateWithFlags", "flags");
  private static final NativeFunction DESTROY =
      new NativeFunction(Api.RUNTIME, "cudaEventDestroy", "event*");
  private static final NativeFunction RECORD =
      new NativeFunction(Api.RUNTIME, "cudaEventRecord", "event*", "stream*");
  private static final NativeFunction SYNCHRONIZE =
      new NativeFunction(Api.RUNTIME, "cudaEventSynchronize", "event*");
  private static final NativeFunction QUERY =
      new NativeFunction(Api.RUNTIME, "cudaEventQuery", "event*");
  private static final NativeFunction ELAPSED =
      new NativeFunction(Api.RUNTIME, "cudaEventElapsedTime", "start*", "end*");

  private final MemorySegment handle;

  private CudaEvent(CudaDevice device, MemorySegment handle) {
    super(device);
    this.handle = handle;
    enter();
  }

  /**
   * Opens an event.
   *
   * @param device where it will be recorded
   * @param timing whether it keeps the time
   * @return the event, not recorded yet
   * @throws CudaException if the runtime refuses
   */
  public static CudaEvent create(CudaDevice device, Timing timing) {
    device.makeCurrent();
    int flags = timing == Timing.ON ? Cudart.cudaEventDefault() : Cudart.cudaEventDisableTiming();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cell = arena.allocate(ValueLayout.ADDRESS);
      Status.check(Cudart.cudaEventCreateWithFlags(cell, flags), CREATE, flags);
      return new CudaEvent(device, ResultCells.pointer(cell));
    }
  }

  MemorySegment handle() {
    ensureOpen();
    return handle;
  }

  /**
   * Puts the mark behind all work queued so far, instead of where it was before.
   *
   * @param stream the queue
   * @throws CudaException if the runtime refuses
   */
  public void record(CudaStream stream) {
    MemorySegment queue = stream.handle();
    int status = Cudart.cudaEventRecord(handle(), queue);
    Status.check(status, RECORD, handle.address(), queue.address());
  }

  /**
   * Waits until the stream has passed the mark.
   *
   * @throws CudaException if the runtime refuses, or if some earlier work failed
   */
  public void synchronize() {
    Status.check(Cudart.cudaEventSynchronize(handle()), SYNCHRONIZE, handle.address());
  }

  /**
   * Whether the stream has passed the mark; does not wait.
   *
   * @return true if so, or if the event was never recorded
   * @throws CudaException if the runtime refuses, or if some earlier work failed
   */
  public boolean isDone() {
    int status = Cudart.cudaEventQuery(handle());
    if (status == Cudart.cudaErrorNotReady()) {
      Api.RUNTIME.forget();
      return false;
    }
    Status.check(status, QUERY, handle.address());
    return true;
  }

  /**
   * The device's time between two marks; both must have been passed and keep the time.
   *
   * @param start the earlier mark
   * @return milliseconds, to about half a microsecond
   * @throws CudaException if the runtime refuses
   */
  public double millisecondsSince(CudaEvent start) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cell = arena.allocate(ValueLayout.JAVA_FLOAT);
      MemorySegment from = start.handle();
      int status = Cudart.cudaEventElapsedTime(cell, from, handle());
      Status.check(status, ELAPSED, from.address(), handle.address());
      return cell.get(ValueLayout.JAVA_FLOAT, 0);
    }
  }

  @Override
  String what() {
    return address("CudaEvent", handle.address());
  }

  @Override
  void release() {
    Status.check(Cudart.cudaEventDestroy(handle), DESTROY, handle.address());
  }
}
