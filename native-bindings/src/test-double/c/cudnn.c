/* cuDNN: handles, statuses, and how its work gets to a stream. */
#include <stdio.h>
#include <stdlib.h>

#include "cudnn.h"

static _Thread_local char last_error[400];
int cudnn_cuda = CUDA_VERSION;

int cudnn_fail(int status, const char *text) {
  snprintf(last_error, sizeof last_error, "%s", text);
  return violation(status, "%s", text);
}

int cudnn_submit(struct cudnn *cudnn, struct work *work) {
  const char *reason;
  struct stream *stream = (uintptr_t)cudnn->stream <= (uintptr_t)cudaStreamPerThread ? stream_find(cudnn->stream, "stream")
                                                                                     : handle_find(STREAM, cudnn->stream, &reason);
  if (stream == NULL || runtime_obstacle() != cudaSuccess) {
    work_release(work);
    return stream == NULL ? cudnn_fail(CUDNN_STATUS_EXECUTION_FAILED, "the handle's stream is destroyed") : CUDNN_STATUS_EXECUTION_FAILED;
  }
  int status = stream_submit(stream, work, CUDNN_STATUS_BAD_PARAM);
  return status == cudaSuccess || status == CUDNN_STATUS_BAD_PARAM ? status : CUDNN_STATUS_EXECUTION_FAILED;
}

const char *overlap_fault(const struct work *work) {
  static char text[200];
  for (int i = 0; i < work->range_count; i++) {
    for (int j = 0; j < i; j++) {
      const struct range *a = &work->ranges[i], *b = &work->ranges[j];
      if (!((a->access | b->access) & WRITES) || !ranges_overlap(a->address, a->bytes, b->address, b->bytes)) continue;
      snprintf(text, sizeof text, "%s and %s overlap", b->name, a->name);
      return text;
    }
  }
  return NULL;
}

struct cudnn *cudnn_find(cudnnHandle_t handle) { return handle_check(CUDNN_HANDLE, handle, "handle"); }

EXPORT size_t cudnnGetVersion(void) {
  ENTER_PLAIN();
  return CUDNN_VERSION;
}

EXPORT size_t cudnnGetCudartVersion(void) {
  ENTER_PLAIN();
  return (size_t)cudnn_cuda;
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
  if (handle == NULL) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "handle is NULL");
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
  struct cudnn *cudnn = cudnn_find(handle);
  if (cudnn == NULL) return CUDNN_STATUS_NOT_INITIALIZED;
  handle_destroy(handle);
  free(cudnn);
  return device_pending_fault() == cudaSuccess ? CUDNN_STATUS_SUCCESS : CUDNN_STATUS_EXECUTION_FAILED;
}

EXPORT cudnnStatus_t cudnnSetStream(cudnnHandle_t handle, cudaStream_t stream_handle) {
  ENTER_AS(CUDNN);
  struct cudnn *cudnn = cudnn_find(handle);
  if (cudnn == NULL) return CUDNN_STATUS_BAD_PARAM;
  struct stream *stream = stream_find(stream_handle, "streamId");
  if (stream == NULL) return CUDNN_STATUS_BAD_PARAM;
  if (stream->device != cudnn->device) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "the stream is of another device than the handle");
  cudnn->stream = stream_handle;
  return CUDNN_STATUS_SUCCESS;
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

void cudnn_reset(void) {
  cudnn_cuda = CUDA_VERSION;
  handles_each(CUDNN_HANDLE, drop_handle, NULL);
  descriptors_reset();
}
