package io.hypertape.bindings.cuda;

import io.hypertape.bindings.generated.cublas.Cublas;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * cuBLAS on a stream, with a workspace of its own: cuBLAS then allocates nothing by itself, so that
 * captured graphs hold no memory of their own and results do not depend on what else runs.
 */
public final class CublasHandle extends Resource {

  private static final NativeFunction CREATE = new NativeFunction(Api.CUBLAS, "cublasCreate_v2");
  private static final NativeFunction DESTROY =
      new NativeFunction(Api.CUBLAS, "cublasDestroy_v2", "handle*");
  private static final NativeFunction STREAM =
      new NativeFunction(Api.CUBLAS, "cublasSetStream_v2", "handle*", "stream*");
  private static final NativeFunction WORKSPACE =
      new NativeFunction(Api.CUBLAS, "cublasSetWorkspace_v2", "handle*", "workspace*", "bytes");
  private static final NativeFunction POINTERS =
      new NativeFunction(Api.CUBLAS, "cublasSetPointerMode_v2", "handle*", "mode");
  private static final NativeFunction MATH =
      new NativeFunction(Api.CUBLAS, "cublasSetMathMode", "handle*", "mode");
  private static final NativeFunction VERSION =
      new NativeFunction(Api.CUBLAS, "cublasGetVersion_v2", "handle*");
  private static final NativeFunction SGEMM =
      new NativeFunction(
          Api.CUBLAS,
          "cublasSgemm_v2",
          "transa",
          "transb",
          "m",
          "n",
          "k",
          "alpha",
          "a*",
          "lda",
          "b*",
          "ldb",
          "beta",
          "c*",
          "ldc");

  private static final NativeFunction SGEMM_BATCH =
      new NativeFunction(
          Api.CUBLAS,
          "cublasSgemmStridedBatched",
          "transa",
          "transb",
          "m",
          "n",
          "k",
          "alpha",
          "a*",
          "lda",
          "strideA",
          "b*",
          "ldb",
          "strideB",
          "beta",
          "c*",
          "ldc",
          "strideC",
          "count");

  // What NVIDIA recommends for cublasSetWorkspace: 32 MiB from Hopper on, 4 MiB before.
  private static final int HOPPER = 90;
  private static final long LARGE_WORKSPACE = 32L << 20;
  private static final long SMALL_WORKSPACE = 4L << 20;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment alphaCell = ResultCells.unwatched(arena, Float.BYTES);
  private final MemorySegment betaCell = ResultCells.unwatched(arena, Float.BYTES);
  private final long alphaAddress = alphaCell.address();
  private final long betaAddress = betaCell.address();
  private final MemorySegment handle;
  private final long address;
  private DeviceMemory workspace;
  private boolean created = true;

  private CublasHandle(CudaDevice device, MemorySegment handle) {
    super(device);
    this.handle = handle;
    this.address = handle.address();
    enter();
  }

  /**
   * Opens a handle that computes in full float32.
   *
   * @param stream where its work is queued
   * @param pool which gives the workspace; closed after the handle
   * @return the handle
   * @throws CudaException if cuBLAS or the runtime refuses
   */
  public static CublasHandle create(CudaStream stream, MemoryPool pool) {
    stream.device().makeCurrent();
    CublasHandle opened;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cell = arena.allocate(ValueLayout.ADDRESS);
      Status.check(Cublas.cublasCreate_v2(cell), CREATE);
      opened = new CublasHandle(stream.device(), ResultCells.pointer(cell));
    }
    try {
      opened.prepare(stream, pool);
      return opened;
    } catch (Throwable t) {
      Closing.after(t, opened);
      throw t;
    }
  }

  private void prepare(CudaStream stream, MemoryPool pool) {
    MemorySegment queue = stream.handle();
    Status.check(Cublas.cublasSetStream_v2(handle, queue), STREAM, address, queue.address());
    boolean large = stream.device().computeCapability() >= HOPPER;
    workspace = pool.allocate(large ? LARGE_WORKSPACE : SMALL_WORKSPACE);
    // After the stream: setting that puts the default workspace back.
    MemorySegment space = MemorySegment.ofAddress(workspace.address());
    int status = Cublas.cublasSetWorkspace_v2(handle, space, workspace.bytes());
    Status.check(status, WORKSPACE, address, space.address(), workspace.bytes());
    int mode = Cublas.CUBLAS_POINTER_MODE_HOST();
    Status.check(Cublas.cublasSetPointerMode_v2(handle, mode), POINTERS, address, mode);
    setPrecision(MatmulPrecision.FP32);
  }

  /**
   * What products may be computed in from now on.
   *
   * @param precision the choice
   * @throws CudaException if cuBLAS refuses
   */
  public void setPrecision(MatmulPrecision precision) {
    ensureOpen();
    int mode = precision.mathMode();
    Status.check(Cublas.cublasSetMathMode(handle, mode), MATH, address, mode);
  }

  /**
   * Queues {@code C = alpha op(A) op(B) + beta C}. Matrices are column-major, as in Fortran: op(A)
   * is m × k, op(B) is k × n, C is m × n. With beta = 0 the old C is not read.
   *
   * @param ta op of A
   * @param tb op of B
   * @param m rows of op(A) and C
   * @param n columns of op(B) and C
   * @param k columns of op(A), rows of op(B)
   * @param alpha a factor
   * @param a address of A on the device
   * @param lda distance between columns of A as it lies, in elements
   * @param b address of B on the device
   * @param ldb distance between columns of B as it lies, in elements
   * @param beta a factor
   * @param c address of C on the device
   * @param ldc distance between columns of C, in elements
   * @throws CudaException if cuBLAS refuses
   */
  public void sgemm(
      Transpose ta,
      Transpose tb,
      int m,
      int n,
      int k,
      float alpha,
      long a,
      int lda,
      long b,
      int ldb,
      float beta,
      long c,
      int ldc) {
    ensureOpen();
    alphaCell.set(ValueLayout.JAVA_FLOAT, 0, alpha);
    betaCell.set(ValueLayout.JAVA_FLOAT, 0, beta);
    int status =
        DirectCalls.sgemm(
            address,
            ta.operation(),
            tb.operation(),
            m,
            n,
            k,
            alphaAddress,
            a,
            lda,
            b,
            ldb,
            betaAddress,
            c,
            ldc);
    if (status != Status.SUCCESS) {
      throw Status.failure(status, SGEMM, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    }
  }

  /**
   * Queues several products of one form as one piece of work, as {@link #sgemm} does each.
   *
   * @param ta op of A
   * @param tb op of B
   * @param m rows of op(A) and C
   * @param n columns of op(B) and C
   * @param k columns of op(A), rows of op(B)
   * @param alpha a factor
   * @param a address of the first A on the device
   * @param lda distance between columns of A as it lies, in elements
   * @param aStride distance from one A to the next, in elements; 0 for the same
   * @param b address of the first B on the device
   * @param ldb distance between columns of B as it lies, in elements
   * @param bStride distance from one B to the next, in elements; 0 for the same
   * @param beta a factor
   * @param c address of the first C on the device
   * @param ldc distance between columns of C, in elements
   * @param cStride distance from one C to the next, in elements
   * @param count how many products
   * @throws CudaException if cuBLAS refuses
   */
  public void sgemmBatch(
      Transpose ta,
      Transpose tb,
      int m,
      int n,
      int k,
      float alpha,
      long a,
      int lda,
      long aStride,
      long b,
      int ldb,
      long bStride,
      float beta,
      long c,
      int ldc,
      long cStride,
      int count) {
    ensureOpen();
    alphaCell.set(ValueLayout.JAVA_FLOAT, 0, alpha);
    betaCell.set(ValueLayout.JAVA_FLOAT, 0, beta);
    int status =
        DirectCalls.sgemmBatch(
            address,
            ta.operation(),
            tb.operation(),
            m,
            n,
            k,
            alphaAddress,
            a,
            lda,
            aStride,
            b,
            ldb,
            bStride,
            betaAddress,
            c,
            ldc,
            cStride,
            count);
    if (status != Status.SUCCESS) {
      throw Status.failure(
          status,
          SGEMM_BATCH,
          ta,
          tb,
          m,
          n,
          k,
          alpha,
          a,
          lda,
          aStride,
          b,
          ldb,
          bStride,
          beta,
          c,
          ldc,
          cStride,
          count);
    }
  }

  /**
   * The version of cuBLAS.
   *
   * @return such as 130100 for 13.1
   * @throws CudaException if cuBLAS refuses
   */
  public int version() {
    ensureOpen();
    try (Arena cells = Arena.ofConfined()) {
      MemorySegment cell = cells.allocate(ValueLayout.JAVA_INT);
      Status.check(Cublas.cublasGetVersion_v2(handle, cell), VERSION, address);
      return ResultCells.int32(cell);
    }
  }

  @Override
  String what() {
    return address("CublasHandle", address);
  }

  private void destroy() {
    if (created) {
      Status.check(Cublas.cublasDestroy_v2(handle), DESTROY, address);
      created = false;
    }
  }

  @Override
  void release() {
    List<AutoCloseable> all = new ArrayList<>();
    all.add(this::destroy);
    if (workspace != null) {
      all.add(workspace);
    }
    all.add(() -> ResultCells.close(arena));
    Closing.all(all);
  }
}
