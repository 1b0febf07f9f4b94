/* cuDNN: handles, tensor descriptors, and softmax with its gradient. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "double.h"

struct cudnn {
  void *handle;
  int device;
  cudaStream_t stream;
};

struct descriptor {
  void *handle;
  bool set;
  cudnnTensorFormat_t format;
  cudnnDataType_t type;
  int n, c, h, w;
};

struct softmax_work {
  struct work work;
  cudnnSoftmaxAlgorithm_t algorithm;
  size_t rows, columns, spatial; /* a row is summed over columns that lie `spatial` apart */
  float alpha, beta;
  const float *in, *gradient;
  float *out;
};

static _Thread_local char last_error[400];

static int fail(int status, const char *text) {
  snprintf(last_error, sizeof last_error, "%s", text);
  return violation(status, "%s", text);
}

static struct cudnn *find(cudnnHandle_t handle) { return handle_check(CUDNN_HANDLE, handle, "handle"); }

EXPORT size_t cudnnGetVersion(void) {
  ENTER_PLAIN();
  return CUDNN_VERSION;
}

EXPORT void cudnnGetLastErrorString(char *message, size_t size) {
  ENTER_PLAIN();
  if (message == NULL || size == 0) {
    violation(0, "message is NULL or has no room");
    return;
  }
  snprintf(message, size, "%s", last_error);
  last_error[0] = 0;
}

EXPORT cudnnStatus_t cudnnCreate(cudnnHandle_t *handle) {
  ENTER_AS(CUDNN);
  if (handle == NULL) return fail(CUDNN_STATUS_BAD_PARAM, "handle is NULL");
  if (runtime_obstacle() != cudaSuccess) {
    snprintf(last_error, sizeof last_error, "cudaGetDeviceCount(&count) != cudaSuccess");
    return CUDNN_STATUS_NOT_INITIALIZED;
  }
  if (capture_refuse("creating a cuDNN handle") != cudaSuccess) return CUDNN_STATUS_INTERNAL_ERROR;
  struct cudnn *cudnn = zeroed(sizeof *cudnn);
  cudnn->device = device_current();
  *handle = cudnn->handle = handle_create(CUDNN_HANDLE, cudnn);
  return CUDNN_STATUS_SUCCESS;
}

EXPORT cudnnStatus_t cudnnDestroy(cudnnHandle_t handle) {
  ENTER_AS(CUDNN);
  struct cudnn *cudnn = find(handle);
  if (cudnn == NULL) return CUDNN_STATUS_NOT_INITIALIZED;
  handle_destroy(handle);
  free(cudnn);
  return CUDNN_STATUS_SUCCESS;
}

EXPORT cudnnStatus_t cudnnSetStream(cudnnHandle_t handle, cudaStream_t stream_handle) {
  ENTER_AS(CUDNN);
  struct cudnn *cudnn = find(handle);
  if (cudnn == NULL) return CUDNN_STATUS_BAD_PARAM;
  struct stream *stream = stream_find(stream_handle, "streamId");
  if (stream == NULL) return CUDNN_STATUS_BAD_PARAM;
  if (stream->device != cudnn->device) return fail(CUDNN_STATUS_BAD_PARAM, "the stream is of another device than the handle");
  cudnn->stream = stream_handle;
  return CUDNN_STATUS_SUCCESS;
}

EXPORT cudnnStatus_t cudnnCreateTensorDescriptor(cudnnTensorDescriptor_t *handle) {
  ENTER_AS(CUDNN);
  if (handle == NULL) return fail(CUDNN_STATUS_BAD_PARAM, "!tensorDesc");
  struct descriptor *descriptor = zeroed(sizeof *descriptor);
  *handle = descriptor->handle = handle_create(DESCRIPTOR, descriptor);
  return CUDNN_STATUS_SUCCESS;
}

EXPORT cudnnStatus_t cudnnDestroyTensorDescriptor(cudnnTensorDescriptor_t handle) {
  ENTER_AS(CUDNN);
  if (handle == NULL) return CUDNN_STATUS_SUCCESS; /* as cuDNN does */
  struct descriptor *descriptor = handle_check(DESCRIPTOR, handle, "tensorDesc");
  if (descriptor == NULL) return CUDNN_STATUS_BAD_PARAM;
  handle_destroy(handle);
  free(descriptor);
  return CUDNN_STATUS_SUCCESS;
}

EXPORT cudnnStatus_t cudnnSetTensor4dDescriptor(cudnnTensorDescriptor_t handle, cudnnTensorFormat_t format, cudnnDataType_t type,
                                                int n, int c, int h, int w) {
  ENTER_AS(CUDNN);
  struct descriptor *descriptor = handle_check(DESCRIPTOR, handle, "tensorDesc");
  if (descriptor == NULL) return CUDNN_STATUS_BAD_PARAM;
  if ((unsigned)format > CUDNN_TENSOR_NCHW_VECT_C || (unsigned)type > CUDNN_DATA_LAST) {
    return fail(CUDNN_STATUS_BAD_PARAM, "format or dataType is none of cuDNN's");
  }
  if (n <= 0 || c <= 0 || h <= 0 || w <= 0) return fail(CUDNN_STATUS_BAD_PARAM, "n, c, h, w must be positive");
  double elements = (double)n * c * h * w;
  if (elements > 2147483647.0) return fail(CUDNN_STATUS_NOT_SUPPORTED, "more than 2^31 - 1 elements");
  *descriptor = (struct descriptor){descriptor->handle, true, format, type, n, c, h, w};
  return CUDNN_STATUS_SUCCESS;
}

/* The element of a row and a column: rows count the batch and the place, columns what is summed over. */
static size_t at(const struct softmax_work *s, size_t row, size_t column) {
  return (row / s->spatial * s->columns + column) * s->spatial + row % s->spatial;
}

static void store(const struct softmax_work *s, size_t place, double value) {
  s->out[place] = (float)(s->alpha * value + (s->beta == 0 ? 0 : s->beta * s->out[place]));
}

static void run_forward(struct work *work) {
  const struct softmax_work *s = (struct softmax_work *)work;
  for (size_t row = 0; row < s->rows; row++) {
    float most = -INFINITY;
    double sum = 0;
    if (s->algorithm == CUDNN_SOFTMAX_FAST) most = 0;
    else for (size_t c = 0; c < s->columns; c++) most = fmaxf(most, s->in[at(s, row, c)]);
    for (size_t c = 0; c < s->columns; c++) sum += expf(s->in[at(s, row, c)] - most);
    double log_sum = log(sum);
    for (size_t c = 0; c < s->columns; c++) {
      size_t place = at(s, row, c);
      double centred = (double)s->in[place] - most;
      store(s, place, s->algorithm == CUDNN_SOFTMAX_LOG ? centred - log_sum : exp(centred) / sum);
    }
  }
}

static void run_backward(struct work *work) {
  const struct softmax_work *s = (struct softmax_work *)work;
  bool logarithm = s->algorithm == CUDNN_SOFTMAX_LOG;
  for (size_t row = 0; row < s->rows; row++) {
    double sum = 0;
    for (size_t c = 0; c < s->columns; c++) {
      size_t place = at(s, row, c);
      sum += logarithm ? s->gradient[place] : (double)s->gradient[place] * s->in[place];
    }
    for (size_t c = 0; c < s->columns; c++) {
      size_t place = at(s, row, c);
      store(s, place, logarithm ? s->gradient[place] - exp(s->in[place]) * sum : s->in[place] * (s->gradient[place] - sum));
    }
  }
}

static bool equal_shapes(const struct descriptor *a, const struct descriptor *b) {
  return a->n == b->n && a->c == b->c && a->h == b->h && a->w == b->w && a->type == b->type && a->format == b->format;
}

/* 0 if these descriptors and modes are what both directions ask for. */
static int check(const struct descriptor *const descriptors[], int count, cudnnSoftmaxAlgorithm_t algorithm, cudnnSoftmaxMode_t mode,
                 const void *alpha, const void *beta) {
  for (int i = 0; i < count; i++) {
    if (descriptors[i] == NULL) return CUDNN_STATUS_BAD_PARAM;
    if (!descriptors[i]->set) return fail(CUDNN_STATUS_BAD_PARAM, "a descriptor was never set");
    if (descriptors[i]->type != CUDNN_DATA_FLOAT || descriptors[i]->format != CUDNN_TENSOR_NCHW) {
      return fail(CUDNN_STATUS_NOT_SUPPORTED, "the double knows NCHW of float only");
    }
    if (!equal_shapes(descriptors[0], descriptors[i])) return fail(CUDNN_STATUS_BAD_PARAM, "the descriptors differ");
  }
  if ((unsigned)algorithm > CUDNN_SOFTMAX_LOG || (unsigned)mode > CUDNN_SOFTMAX_MODE_CHANNEL) {
    return fail(CUDNN_STATUS_BAD_PARAM, "algorithm or mode is none of cuDNN's");
  }
  if (alpha == NULL || beta == NULL) return fail(CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "alpha or beta is NULL");
  return CUDNN_STATUS_SUCCESS;
}

static struct softmax_work *softmax_create(const struct descriptor *d, cudnnSoftmaxAlgorithm_t algorithm, cudnnSoftmaxMode_t mode,
                                           const void *alpha, const void *beta, bool forward) {
  struct softmax_work *s = (struct softmax_work *)work_create(sizeof *s, forward ? "cudnnSoftmaxForward" : "cudnnSoftmaxBackward",
                                                              forward ? run_forward : run_backward, 3);
  s->algorithm = algorithm;
  s->spatial = mode == CUDNN_SOFTMAX_MODE_CHANNEL ? (size_t)d->h * (size_t)d->w : 1;
  s->columns = (size_t)d->c * (mode == CUDNN_SOFTMAX_MODE_CHANNEL ? 1 : (size_t)d->h * (size_t)d->w);
  s->rows = (size_t)d->n * s->spatial;
  s->alpha = *(const float *)alpha;
  s->beta = *(const float *)beta;
  return s;
}

static int submit(struct cudnn *cudnn, struct softmax_work *s) {
  const char *reason;
  struct stream *stream = (uintptr_t)cudnn->stream <= (uintptr_t)cudaStreamPerThread ? stream_find(cudnn->stream, "stream")
                                                                                     : handle_find(STREAM, cudnn->stream, &reason);
  if (stream == NULL || runtime_obstacle() != cudaSuccess) {
    work_release(&s->work);
    return stream == NULL ? fail(CUDNN_STATUS_EXECUTION_FAILED, "the handle's stream is destroyed") : CUDNN_STATUS_EXECUTION_FAILED;
  }
  int status = stream_submit(stream, &s->work, CUDNN_STATUS_BAD_PARAM);
  return status == cudaSuccess || status == CUDNN_STATUS_BAD_PARAM ? status : CUDNN_STATUS_EXECUTION_FAILED;
}

EXPORT cudnnStatus_t cudnnSoftmaxForward(cudnnHandle_t handle, cudnnSoftmaxAlgorithm_t algorithm, cudnnSoftmaxMode_t mode,
                                         const void *alpha, const cudnnTensorDescriptor_t x_descriptor, const void *x, const void *beta,
                                         const cudnnTensorDescriptor_t y_descriptor, void *y) {
  ENTER_AS(CUDNN);
  struct cudnn *cudnn = find(handle);
  if (cudnn == NULL) return CUDNN_STATUS_NOT_INITIALIZED;
  const struct descriptor *const descriptors[] = {handle_check(DESCRIPTOR, x_descriptor, "xDesc"), handle_check(DESCRIPTOR, y_descriptor, "yDesc")};
  int status = check(descriptors, 2, algorithm, mode, alpha, beta);
  if (status != CUDNN_STATUS_SUCCESS) return status;
  struct softmax_work *s = softmax_create(descriptors[0], algorithm, mode, alpha, beta, true);
  size_t bytes = s->rows * s->columns * sizeof(float);
  s->in = x;
  s->out = y;
  s->work.ranges[0] = (struct range){x, bytes, READS, "x"};
  s->work.ranges[1] = (struct range){y, bytes, WRITES, "y"};
  s->work.range_count = 2;
  if (x != y && ranges_overlap(x, bytes, y, bytes)) {
    work_release(&s->work);
    return fail(CUDNN_STATUS_BAD_PARAM, "x and y overlap without being the same");
  }
  return submit(cudnn, s);
}

EXPORT cudnnStatus_t cudnnSoftmaxBackward(cudnnHandle_t handle, cudnnSoftmaxAlgorithm_t algorithm, cudnnSoftmaxMode_t mode,
                                          const void *alpha, const cudnnTensorDescriptor_t y_descriptor, const void *y,
                                          const cudnnTensorDescriptor_t dy_descriptor, const void *dy, const void *beta,
                                          const cudnnTensorDescriptor_t dx_descriptor, void *dx) {
  ENTER_AS(CUDNN);
  struct cudnn *cudnn = find(handle);
  if (cudnn == NULL) return CUDNN_STATUS_NOT_INITIALIZED;
  const struct descriptor *const descriptors[] = {handle_check(DESCRIPTOR, y_descriptor, "yDesc"),
                                                  handle_check(DESCRIPTOR, dy_descriptor, "dyDesc"),
                                                  handle_check(DESCRIPTOR, dx_descriptor, "dxDesc")};
  int status = check(descriptors, 3, algorithm, mode, alpha, beta);
  if (status != CUDNN_STATUS_SUCCESS) return status;
  struct softmax_work *s = softmax_create(descriptors[0], algorithm, mode, alpha, beta, false);
  size_t bytes = s->rows * s->columns * sizeof(float);
  s->in = y;
  s->gradient = dy;
  s->out = dx;
  s->work.ranges[0] = (struct range){y, bytes, READS, "y"};
  s->work.ranges[1] = (struct range){dy, bytes, READS, "dy"};
  s->work.ranges[2] = (struct range){dx, bytes, WRITES, "dx"};
  if ((dx != dy && ranges_overlap(dx, bytes, dy, bytes)) || (dx != y && ranges_overlap(dx, bytes, y, bytes))) {
    work_release(&s->work);
    return fail(CUDNN_STATUS_BAD_PARAM, "dx overlaps y or dy without being the same");
  }
  return submit(cudnn, s);
}

static const struct {
  int status;
  const char *name;
} NAMES[] = {{0, "CUDNN_STATUS_SUCCESS"},
             {1001, "CUDNN_STATUS_NOT_INITIALIZED"},
             {1002, "CUDNN_STATUS_SUBLIBRARY_VERSION_MISMATCH"},
             {1003, "CUDNN_STATUS_SERIALIZATION_VERSION_MISMATCH"},
             {1004, "CUDNN_STATUS_DEPRECATED"},
             {1005, "CUDNN_STATUS_LICENSE_ERROR"},
             {1006, "CUDNN_STATUS_RUNTIME_IN_PROGRESS"},
             {1007, "CUDNN_STATUS_RUNTIME_FP_OVERFLOW"},
             {1008, "CUDNN_STATUS_SUBLIBRARY_LOADING_FAILED"},
             {2000, "CUDNN_STATUS_BAD_PARAM"},
             {2001, "CUDNN_STATUS_INVALID_VALUE"},
             {2002, "CUDNN_STATUS_BAD_PARAM_NULL_POINTER"},
             {2003, "CUDNN_STATUS_BAD_PARAM_MISALIGNED_POINTER"},
             {2004, "CUDNN_STATUS_BAD_PARAM_NOT_FINALIZED"},
             {2005, "CUDNN_STATUS_BAD_PARAM_OUT_OF_BOUND"},
             {2006, "CUDNN_STATUS_BAD_PARAM_SIZE_INSUFFICIENT"},
             {2007, "CUDNN_STATUS_BAD_PARAM_STREAM_MISMATCH"},
             {2008, "CUDNN_STATUS_BAD_PARAM_SHAPE_MISMATCH"},
             {3000, "CUDNN_STATUS_NOT_SUPPORTED"},
             {3001, "CUDNN_STATUS_NOT_SUPPORTED_GRAPH_PATTERN"},
             {3002, "CUDNN_STATUS_NOT_SUPPORTED_SHAPE"},
             {3003, "CUDNN_STATUS_NOT_SUPPORTED_DATA_TYPE"},
             {3004, "CUDNN_STATUS_NOT_SUPPORTED_LAYOUT"},
             {3005, "CUDNN_STATUS_NOT_SUPPORTED_INCOMPATIBLE_CUDA_DRIVER"},
             {3006, "CUDNN_STATUS_NOT_SUPPORTED_INCOMPATIBLE_CUDART"},
             {3007, "CUDNN_STATUS_NOT_SUPPORTED_ARCH_MISMATCH"},
             {4000, "CUDNN_STATUS_INTERNAL_ERROR"},
             {4001, "CUDNN_STATUS_INTERNAL_ERROR_COMPILATION_FAILED"},
             {4002, "CUDNN_STATUS_INTERNAL_ERROR_UNEXPECTED_VALUE"},
             {4003, "CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED"},
             {4004, "CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED"},
             {5000, "CUDNN_STATUS_EXECUTION_FAILED"},
             {5001, "CUDNN_STATUS_EXECUTION_FAILED_CUDA_DRIVER"},
             {5002, "CUDNN_STATUS_EXECUTION_FAILED_CUBLAS"},
             {5003, "CUDNN_STATUS_EXECUTION_FAILED_CUDART"},
             {5004, "CUDNN_STATUS_EXECUTION_FAILED_CURAND"}};

EXPORT const char *cudnnGetErrorString(cudnnStatus_t status) {
  ENTER_PLAIN();
  for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
    if (NAMES[i].status == status) return NAMES[i].name;
  }
  return "CUDNN_UNKNOWN_STATUS";
}

static void drop_handle(void *visited, void *context) {
  (void)context;
  struct cudnn *cudnn = visited;
  handle_destroy(cudnn->handle);
  free(cudnn);
}

static void drop_descriptor(void *visited, void *context) {
  (void)context;
  struct descriptor *descriptor = visited;
  handle_destroy(descriptor->handle);
  free(descriptor);
}

void cudnn_reset(void) {
  handles_each(CUDNN_HANDLE, drop_handle, NULL);
  handles_each(DESCRIPTOR, drop_descriptor, NULL);
}
