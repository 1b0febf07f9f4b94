package io.hypertape.bindings.cuda;

import io.hypertape.bindings.NativeLibraries;
import io.hypertape.bindings.NativeLibrary;
import io.hypertape.bindings.generated.cudnn.Cudnn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** cuDNN on a stream. cuDNN is optional: only what needs it asks for a handle. */
public final class CudnnHandle extends Resource {

  private static final NativeFunction CREATE = new NativeFunction(Api.CUDNN, "cudnnCreate");
  private static final NativeFunction DESTROY =
      new NativeFunction(Api.CUDNN, "cudnnDestroy", "handle*");
  private static final NativeFunction STREAM =
      new NativeFunction(Api.CUDNN, "cudnnSetStream", "handle*", "stream*");
  private static final NativeFunction FORWARD =
      new NativeFunction(Api.CUDNN, "cudnnSoftmaxForward", "rows", "columns", "x*", "y*");
  private static final NativeFunction BACKWARD =
      new NativeFunction(Api.CUDNN, "cudnnSoftmaxBackward", "rows", "columns", "y*", "dy*", "dx*");

  private static final int STATUSES_OF_A_KIND = 1000;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment one = ResultCells.unwatched(arena, Float.BYTES);
  private final MemorySegment zero = ResultCells.unwatched(arena, Float.BYTES);
  private final MemorySegment handle;
  private final TensorDescriptors descriptors;
  private boolean created = true;

  private CudnnHandle(CudaDevice device, MemorySegment handle) {
    super(device);
    this.handle = handle;
    this.descriptors = new TensorDescriptors(arena);
    one.set(ValueLayout.JAVA_FLOAT, 0, 1);
    zero.set(ValueLayout.JAVA_FLOAT, 0, 0);
    enter();
  }

  /**
   * Opens a handle.
   *
   * @param stream where its work is queued
   * @return the handle
   * @throws CudaUnavailableException if cuDNN is not installed, too old or built for another CUDA,
   *     with the reason
   * @throws CudaException if cuDNN refuses
   */
  public static CudnnHandle create(CudaStream stream) {
    String problem =
        NativeLibraries.problem(NativeLibrary.CUDNN)
            .orElseGet(() -> Versions.cudnnProblem(Cudnn.cudnnGetVersion()));
    if (problem.isEmpty()) {
      int runtime = stream.device().runtimeVersion();
      problem = Versions.cudnnCudaProblem(Cudnn.cudnnGetCudartVersion(), runtime);
    }
    if (!problem.isEmpty()) {
      throw new CudaUnavailableException(problem);
    }
    stream.device().makeCurrent();
    CudnnHandle opened;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cell = arena.allocate(ValueLayout.ADDRESS);
      Status.check(Cudnn.cudnnCreate(cell), CREATE);
      opened = new CudnnHandle(stream.device(), ResultCells.pointer(cell));
    }
    try {
      MemorySegment queue = stream.handle();
      int status = Cudnn.cudnnSetStream(opened.handle, queue);
      Status.check(status, STREAM, opened.handle.address(), queue.address());
      return opened;
    } catch (Throwable t) {
      Closing.after(t, opened);
      throw t;
    }
  }

  /**
   * The version of cuDNN.
   *
   * @return such as 92400 for 9.24.0
   */
  public int version() {
    ensureOpen();
    return Math.toIntExact(Cudnn.cudnnGetVersion());
  }

  /**
   * Queues the logarithm of the softmax of each row.
   *
   * @param rows how many
   * @param columns how long each is
   * @param x address of the input on the device, row-major
   * @param y address of the output on the device
   * @throws CudaException if cuDNN refuses
   */
  public void logSoftmax(int rows, int columns, long x, long y) {
    ensureOpen();
    if (rows == 0 || columns == 0) {
      return;
    }
    long shape = descriptors.of(rows, columns).address();
    int status =
        DirectCalls.softmaxForward(
            handle.address(),
            Cudnn.CUDNN_SOFTMAX_LOG(),
            Cudnn.CUDNN_SOFTMAX_MODE_CHANNEL(),
            one.address(),
            shape,
            x,
            zero.address(),
            shape,
            y);
    Status.check(status, FORWARD, rows, columns, x, y);
  }

  /**
   * Queues the cotangent of the input of {@link #logSoftmax}: {@code dx = dy - exp(y) sum(dy)} in
   * each row.
   *
   * @param rows how many
   * @param columns how long each is
   * @param y address of the output on the device
   * @param dy address of the output's cotangent on the device
   * @param dx address of the result on the device
   * @throws CudaException if cuDNN refuses
   */
  public void logSoftmaxGradient(int rows, int columns, long y, long dy, long dx) {
    ensureOpen();
    if (rows == 0 || columns == 0) {
      return;
    }
    long shape = descriptors.of(rows, columns).address();
    int status =
        DirectCalls.softmaxBackward(
            handle.address(),
            Cudnn.CUDNN_SOFTMAX_LOG(),
            Cudnn.CUDNN_SOFTMAX_MODE_CHANNEL(),
            one.address(),
            shape,
            y,
            shape,
            dy,
            zero.address(),
            shape,
            dx);
    if (status != Status.SUCCESS) {
      throw Status.failure(status, BACKWARD, rows, columns, y, dy, dx);
    }
  }

  /**
   * Whether cuDNN refused because it has nothing for the arguments, which are right otherwise.
   *
   * @param failure what a call threw
   * @return true if somebody else may be able to do it
   */
  public static boolean isUnsupported(CudaException failure) {
    return failure.call().startsWith("cudnn") && isUnsupported(failure.code());
  }

  /**
   * Whether a status says that cuDNN has nothing for these arguments; there are several. A part of
   * it that cannot be loaded, or is of another version, shows at first use only.
   */
  static boolean isUnsupported(int status) {
    int first = Cudnn.CUDNN_STATUS_NOT_SUPPORTED();
    return (status >= first && status < first + STATUSES_OF_A_KIND)
        || status == Cudnn.CUDNN_STATUS_SUBLIBRARY_LOADING_FAILED()
        || status == Cudnn.CUDNN_STATUS_SUBLIBRARY_VERSION_MISMATCH();
  }

  /** The handle itself, for the classes that hold cuDNN's larger layers. */
  MemorySegment segment() {
    return handle;
  }

  /** A cell with the scaling factor 1. */
  MemorySegment one() {
    return one;
  }

  /** A cell with the scaling factor 0. */
  MemorySegment zero() {
    return zero;
  }

  @Override
  String what() {
    return address("CudnnHandle", handle.address());
  }

  private void destroy() {
    if (created) {
      Status.check(Cudnn.cudnnDestroy(handle), DESTROY, handle.address());
      created = false;
    }
  }

  @Override
  void release() {
    Closing.all(List.<AutoCloseable>of(descriptors, this::destroy, () -> ResultCells.close(arena)));
  }
}
