/* cuBLAS: handles with their stream, workspace and modes, and the products that Hypertape calls. */
#include <stdlib.h>

#include "double.h"

struct cublas {
  void *handle;
  int device;
  cudaStream_t stream;
  bool own_workspace;
  void *workspace;
  size_t workspace_bytes;
  cublasPointerMode_t pointer_mode;
  unsigned math;
};

struct gemm_work {
  struct work work;
  bool ta, tb, tf32, on_device;
  int m, n, k;
  float alpha, beta;
  const float *alpha_address, *beta_address, *a, *b;
  float *c;
  size_t lda, ldb, ldc;
  size_t a_stride, b_stride, c_stride;
  int count;
};

static struct cublas *find(cublasHandle_t handle) { return handle_check(CUBLAS_HANDLE, handle, "handle"); }

EXPORT cublasStatus_t cublasCreate_v2(cublasHandle_t *handle) {
  ENTER_AS(CUBLAS);
  if (runtime_obstacle() != cudaSuccess) return CUBLAS_STATUS_NOT_INITIALIZED;
  if (handle == NULL) return violation(CUBLAS_STATUS_INVALID_VALUE, "handle is NULL");
  if (capture_refuse("creating a cuBLAS handle") != cudaSuccess) return CUBLAS_STATUS_ALLOC_FAILED;
  struct cublas *cublas = zeroed(sizeof *cublas);
  cublas->device = device_current();
  cublas->handle = handle_create(CUBLAS_HANDLE, cublas);
  *handle = cublas->handle;
  return CUBLAS_STATUS_SUCCESS;
}

/* As cuBLAS does: what was queued with it is waited for. */
EXPORT cublasStatus_t cublasDestroy_v2(cublasHandle_t handle) {
  ENTER_AS(CUBLAS);
  struct cublas *cublas = find(handle);
  if (cublas == NULL) return CUBLAS_STATUS_NOT_INITIALIZED;
  if (capture_refuse("destroying a cuBLAS handle") == cudaSuccess) streams_run_all();
  handle_destroy(handle);
  free(cublas);
  return device_pending_fault() == cudaSuccess ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_EXECUTION_FAILED;
}

EXPORT cublasStatus_t cublasGetVersion_v2(cublasHandle_t handle, int *version) {
  ENTER_AS(CUBLAS);
  if (version == NULL) return violation(CUBLAS_STATUS_INVALID_VALUE, "version is NULL");
  if (handle != NULL && find(handle) == NULL) return CUBLAS_STATUS_NOT_INITIALIZED;
  *version = CUBLAS_VERSION;
  return CUBLAS_STATUS_SUCCESS;
}

EXPORT cublasStatus_t cublasSetStream_v2(cublasHandle_t handle, cudaStream_t stream_handle) {
  ENTER_AS(CUBLAS);
  struct cublas *cublas = find(handle);
  if (cublas == NULL) return CUBLAS_STATUS_NOT_INITIALIZED;
  struct stream *stream = stream_find(stream_handle, "streamId");
  if (stream == NULL) return CUBLAS_STATUS_INVALID_VALUE;
  if (stream->device != cublas->device) {
    return violation(CUBLAS_STATUS_INVALID_VALUE, "the handle is of device %d, the stream of device %d", cublas->device, stream->device);
  }
  cublas->stream = stream_handle;
  cublas->own_workspace = false; /* as documented: setting the stream brings the library's own workspace back */
  return CUBLAS_STATUS_SUCCESS;
}

EXPORT cublasStatus_t cublasSetWorkspace_v2(cublasHandle_t handle, void *workspace, size_t bytes) {
  ENTER_AS(CUBLAS);
  struct cublas *cublas = find(handle);
  if (cublas == NULL) return CUBLAS_STATUS_NOT_INITIALIZED;
  struct range range = {workspace, bytes, WRITES, "workspace"};
  const char *fault = bytes == 0 ? NULL : range_fault(&range, false);
  if (fault != NULL) return violation(CUBLAS_STATUS_INVALID_VALUE, "%s", fault);
  if ((uintptr_t)workspace % 256 != 0) return violation(CUBLAS_STATUS_INVALID_VALUE, "workspace %p is not aligned to 256 bytes", workspace);
  cublas->own_workspace = bytes > 0;
  cublas->workspace = workspace;
  cublas->workspace_bytes = bytes;
  return CUBLAS_STATUS_SUCCESS;
}

EXPORT cublasStatus_t cublasSetMathMode(cublasHandle_t handle, cublasMath_t mode) {
  ENTER_AS(CUBLAS);
  struct cublas *cublas = find(handle);
  if (cublas == NULL) return CUBLAS_STATUS_NOT_INITIALIZED;
  if (((unsigned)mode & ~(unsigned)CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION) > CUBLAS_TF32_TENSOR_OP_MATH) {
    return violation(CUBLAS_STATUS_INVALID_VALUE, "mode %d is not known to the double", (int)mode);
  }
  cublas->math = (unsigned)mode;
  return CUBLAS_STATUS_SUCCESS;
}

EXPORT cublasStatus_t cublasSetPointerMode_v2(cublasHandle_t handle, cublasPointerMode_t mode) {
  ENTER_AS(CUBLAS);
  struct cublas *cublas = find(handle);
  if (cublas == NULL) return CUBLAS_STATUS_NOT_INITIALIZED;
  if ((unsigned)mode > CUBLAS_POINTER_MODE_DEVICE) return violation(CUBLAS_STATUS_INVALID_VALUE, "mode %d", (int)mode);
  cublas->pointer_mode = mode;
  return CUBLAS_STATUS_SUCCESS;
}

static void run_gemm(struct work *work) {
  struct gemm_work *g = (struct gemm_work *)work;
  float alpha = g->on_device ? *g->alpha_address : g->alpha, beta = g->on_device ? *g->beta_address : g->beta;
  for (size_t i = 0; i < (size_t)g->count; i++) {
    gemm(g->ta, g->tb, g->m, g->n, g->k, alpha, g->a + i * g->a_stride, g->lda, g->b + i * g->b_stride, g->ldb, beta, g->c + i * g->c_stride,
         g->ldc, g->tf32);
  }
}

/* The bytes from the first element of a column-major matrix to its last. */
static size_t extent(size_t rows, size_t columns, size_t leading) {
  return rows == 0 || columns == 0 ? 0 : ((columns - 1) * leading + rows) * sizeof(float);
}

/* 0 if the shapes fit each other. */
static int shape_fault(cublasOperation_t ta, cublasOperation_t tb, int m, int n, int k, int lda, int ldb, int ldc) {
  const int bad = CUBLAS_STATUS_INVALID_VALUE;
  if ((unsigned)ta > CUBLAS_OP_C || (unsigned)tb > CUBLAS_OP_C) return violation(bad, "transa %d, transb %d", (int)ta, (int)tb);
  if (m < 0 || n < 0 || k < 0) return violation(bad, "m %d, n %d, k %d: none may be negative", m, n, k);
  int a_rows = ta == CUBLAS_OP_N ? m : k, b_rows = tb == CUBLAS_OP_N ? k : n;
  if (lda < 1 || lda < a_rows) return violation(bad, "lda %d is below the %d rows of A", lda, a_rows);
  if (ldb < 1 || ldb < b_rows) return violation(bad, "ldb %d is below the %d rows of B", ldb, b_rows);
  if (ldc < 1 || ldc < m) return violation(bad, "ldc %d is below the %d rows of C", ldc, m);
  return CUBLAS_STATUS_SUCCESS;
}

/* 0 if the handle may be used in what captures now. */
static int capture_fault(const struct cublas *cublas, const struct stream *stream) {
  if (stream->legacy && capture_refuse_legacy() != cudaSuccess) return CUBLAS_STATUS_EXECUTION_FAILED;
  if (stream->capture == NULL) return CUBLAS_STATUS_SUCCESS;
  if (!cublas->own_workspace) {
    capture_invalidate(stream->capture);
    return violation(CUBLAS_STATUS_ALLOC_FAILED, "a stream captures but no workspace was set after the stream: the graph would allocate");
  }
  return CUBLAS_STATUS_SUCCESS;
}

/* What lies where, from one product to the next. */
struct strides {
  long long a, b, c;
  int count;
};

static int products(cublasHandle_t handle, cublasOperation_t ta, cublasOperation_t tb, int m, int n, int k, const float *alpha,
                    const float *a, int lda, const float *b, int ldb, const float *beta, float *c, int ldc, struct strides s) {
  struct cublas *cublas = find(handle);
  if (cublas == NULL) return CUBLAS_STATUS_NOT_INITIALIZED;
  int status = shape_fault(ta, tb, m, n, k, lda, ldb, ldc);
  if (status != CUBLAS_STATUS_SUCCESS) return status;
  if (runtime_obstacle() != cudaSuccess) return CUBLAS_STATUS_EXECUTION_FAILED;
  const char *reason;
  struct stream *stream = (uintptr_t)cublas->stream <= (uintptr_t)cudaStreamPerThread ? stream_find(cublas->stream, "stream")
                                                                                       : handle_find(STREAM, cublas->stream, &reason);
  if (stream == NULL) return violation(CUBLAS_STATUS_EXECUTION_FAILED, "the handle's stream %s", reason);
  status = capture_fault(cublas, stream);
  if (status != CUBLAS_STATUS_SUCCESS) return status;
  if (s.count < 0 || s.a < 0 || s.b < 0 || s.c < 0) {
    return violation(CUBLAS_STATUS_INVALID_VALUE, "%d products, strides %lld, %lld, %lld: none may be negative", s.count, s.a, s.b, s.c);
  }
  if (m == 0 || n == 0 || s.count == 0) return CUBLAS_STATUS_SUCCESS;
  if (alpha == NULL || beta == NULL) return violation(CUBLAS_STATUS_INVALID_VALUE, "%s is NULL", alpha == NULL ? "alpha" : "beta");

  bool on_device = cublas->pointer_mode == CUBLAS_POINTER_MODE_DEVICE;
  if (!on_device && (memory_find(alpha) != NULL && !memory_find(alpha)->pinned)) {
    return violation(CUBLAS_STATUS_INVALID_VALUE, "alpha %p is device memory but the pointer mode is host", (const void *)alpha);
  }
  struct gemm_work *g = (struct gemm_work *)work_create(sizeof *g, s.count == 1 ? "cublasSgemm" : "cublasSgemmStridedBatched", run_gemm, 6);
  *g = (struct gemm_work){.work = g->work, .ta = ta != CUBLAS_OP_N, .tb = tb != CUBLAS_OP_N,
                          .tf32 = (cublas->math & 3) == CUBLAS_TF32_TENSOR_OP_MATH, .on_device = on_device, .m = m, .n = n, .k = k,
                          .alpha_address = alpha, .beta_address = beta, .a = a, .b = b,
                          .c = c, .lda = (size_t)lda, .ldb = (size_t)ldb, .ldc = (size_t)ldc,
                          .a_stride = (size_t)s.a, .b_stride = (size_t)s.b, .c_stride = (size_t)s.c, .count = s.count};
  if (!on_device) g->alpha = *alpha, g->beta = *beta;
  size_t a_bytes = extent((size_t)(g->ta ? k : m), (size_t)(g->ta ? m : k), g->lda);
  size_t b_bytes = extent((size_t)(g->tb ? n : k), (size_t)(g->tb ? k : n), g->ldb);
  size_t c_bytes = extent((size_t)m, (size_t)n, g->ldc);
  if (s.count > 1 && (size_t)s.c * sizeof(float) < c_bytes) {
    work_release(&g->work);
    return violation(CUBLAS_STATUS_INVALID_VALUE, "the results, %lld elements apart, overlap", s.c);
  }
  size_t others = (size_t)(s.count - 1) * sizeof(float);
  a_bytes += others * (size_t)s.a;
  b_bytes += others * (size_t)s.b;
  c_bytes += others * (size_t)s.c;
  g->work.range_count = 0;
  struct range *next = g->work.ranges;
  if (k > 0) {
    *next++ = (struct range){a, a_bytes, READS, "A"};
    *next++ = (struct range){b, b_bytes, READS, "B"};
  }
  *next++ = (struct range){c, c_bytes, WRITES, "C"};
  if (on_device) {
    *next++ = (struct range){alpha, sizeof(float), READS, "alpha"};
    *next++ = (struct range){beta, sizeof(float), READS, "beta"};
  }
  if (cublas->own_workspace) *next++ = (struct range){cublas->workspace, cublas->workspace_bytes, WRITES, "the workspace"};
  g->work.range_count = (int)(next - g->work.ranges);
  if (k > 0 && (ranges_overlap(c, c_bytes, a, a_bytes) || ranges_overlap(c, c_bytes, b, b_bytes))) {
    work_release(&g->work);
    return violation(CUBLAS_STATUS_INVALID_VALUE, "C %p overlaps A %p or B %p", (void *)c, (const void *)a, (const void *)b);
  }
  if (((uintptr_t)a | (uintptr_t)b | (uintptr_t)c) % sizeof(float) != 0) {
    work_release(&g->work);
    return violation(CUBLAS_STATUS_INVALID_VALUE, "A, B or C is not aligned to a float");
  }
  status = stream_submit(stream, &g->work, CUBLAS_STATUS_INVALID_VALUE);
  return status == cudaSuccess || status == CUBLAS_STATUS_INVALID_VALUE ? status : CUBLAS_STATUS_EXECUTION_FAILED;
}

EXPORT cublasStatus_t cublasSgemm_v2(cublasHandle_t handle, cublasOperation_t ta, cublasOperation_t tb, int m, int n, int k,
                                     const float *alpha, const float *a, int lda, const float *b, int ldb, const float *beta,
                                     float *c, int ldc) {
  ENTER_AS(CUBLAS);
  return products(handle, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, (struct strides){.count = 1});
}

EXPORT cublasStatus_t cublasSgemmStridedBatched(cublasHandle_t handle, cublasOperation_t ta, cublasOperation_t tb, int m, int n, int k,
                                                const float *alpha, const float *a, int lda, long long a_stride, const float *b, int ldb,
                                                long long b_stride, const float *beta, float *c, int ldc, long long c_stride, int count) {
  ENTER_AS(CUBLAS);
  return products(handle, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, (struct strides){a_stride, b_stride, c_stride, count});
}

static const char *const TEXTS[][2] = {
    [0] = {"CUBLAS_STATUS_SUCCESS", "success"},
    [1] = {"CUBLAS_STATUS_NOT_INITIALIZED", "the library was not initialized"},
    [3] = {"CUBLAS_STATUS_ALLOC_FAILED", "the resource allocation failed"},
    [7] = {"CUBLAS_STATUS_INVALID_VALUE", "an unsupported value or parameter was passed to the function"},
    [8] = {"CUBLAS_STATUS_ARCH_MISMATCH", "the function requires an architectural feature absent from the device"},
    [11] = {"CUBLAS_STATUS_MAPPING_ERROR", "an access to GPU memory space failed"},
    [13] = {"CUBLAS_STATUS_EXECUTION_FAILED", "the function failed to launch on the GPU"},
    [14] = {"CUBLAS_STATUS_INTERNAL_ERROR", "an internal operation failed"},
    [15] = {"CUBLAS_STATUS_NOT_SUPPORTED", "the requested functionality is not supported"},
    [16] = {"CUBLAS_STATUS_LICENSE_ERROR", "the license check failed"}};

static const char *text_of(cublasStatus_t status, int column) {
  bool known = status >= 0 && status <= CUBLAS_STATUS_LICENSE_ERROR && TEXTS[status][0] != NULL;
  return known ? TEXTS[status][column] : "unrecognized status";
}

EXPORT const char *cublasGetStatusName(cublasStatus_t status) {
  ENTER_PLAIN();
  return text_of(status, 0);
}

EXPORT const char *cublasGetStatusString(cublasStatus_t status) {
  ENTER_PLAIN();
  return text_of(status, 1);
}

static void drop(void *visited, void *context) {
  (void)context;
  struct cublas *cublas = visited;
  handle_destroy(cublas->handle);
  free(cublas);
}

void cublas_reset(void) { handles_each(CUBLAS_HANDLE, drop, NULL); }
