/* cuDNN: descriptors of tensors and filters, and what all kinds of descriptors share. */
#include <stdlib.h>

#include "cudnn.h"

static const enum kind KINDS_OF_DESCRIPTORS[] = {DESCRIPTOR,         FILTER_DESCRIPTOR, CONVOLUTION_DESCRIPTOR,
                                                 DROPOUT_DESCRIPTOR, RNN_DESCRIPTOR,    RNN_DATA_DESCRIPTOR};

int cudnn_create_descriptor(enum kind kind, size_t size, void *result) {
  if (result == NULL) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "the place for the descriptor is NULL");
  void **descriptor = zeroed(size);
  *descriptor = handle_create(kind, descriptor);
  *(void **)result = *descriptor;
  return CUDNN_STATUS_SUCCESS;
}

int cudnn_destroy_descriptor(enum kind kind, const void *handle, const char *argument) {
  if (handle == NULL) return CUDNN_STATUS_SUCCESS; /* as cuDNN does */
  void *descriptor = handle_check(kind, handle, argument);
  if (descriptor == NULL) return CUDNN_STATUS_BAD_PARAM;
  handle_destroy(handle);
  free(descriptor);
  return CUDNN_STATUS_SUCCESS;
}

static void drop_descriptor(void *visited, void *context) {
  (void)context;
  handle_destroy(*(void **)visited);
  free(visited);
}

void descriptors_reset(void) {
  for (size_t i = 0; i < sizeof KINDS_OF_DESCRIPTORS / sizeof *KINDS_OF_DESCRIPTORS; i++) {
    handles_each(KINDS_OF_DESCRIPTORS[i], drop_descriptor, NULL);
  }
}

bool cudnn_ready(const struct descriptor *const descriptors[], int count) {
  for (int i = 0; i < count; i++) {
    if (descriptors[i] == NULL) return false;
    if (!descriptors[i]->set) {
      cudnn_fail(CUDNN_STATUS_BAD_PARAM, "a descriptor was never set");
      return false;
    }
  }
  return true;
}

size_t descriptor_elements(const struct descriptor *d) { return (size_t)d->n * (size_t)d->c * (size_t)d->h * (size_t)d->w; }

EXPORT cudnnStatus_t cudnnCreateTensorDescriptor(cudnnTensorDescriptor_t *handle) {
  ENTER_AS(CUDNN);
  return cudnn_create_descriptor(DESCRIPTOR, sizeof(struct descriptor), handle);
}

EXPORT cudnnStatus_t cudnnDestroyTensorDescriptor(cudnnTensorDescriptor_t handle) {
  ENTER_AS(CUDNN);
  return cudnn_destroy_descriptor(DESCRIPTOR, handle, "tensorDesc");
}

/* 0 if the lengths and the type are such that cuDNN takes them. */
static int shape_fault(cudnnTensorFormat_t format, cudnnDataType_t type, int n, int c, int h, int w) {
  if ((unsigned)format > CUDNN_TENSOR_NCHW_VECT_C || (unsigned)type > CUDNN_DATA_LAST) {
    return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "format or dataType is none of cuDNN's");
  }
  if (n <= 0 || c <= 0 || h <= 0 || w <= 0) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "n, c, h, w must be positive");
  double elements = (double)n * c * h * w;
  if (elements > 2147483647.0) return cudnn_fail(CUDNN_STATUS_NOT_SUPPORTED, "more than 2^31 - 1 elements");
  return CUDNN_STATUS_SUCCESS;
}

EXPORT cudnnStatus_t cudnnSetTensor4dDescriptor(cudnnTensorDescriptor_t handle, cudnnTensorFormat_t format, cudnnDataType_t type,
                                                int n, int c, int h, int w) {
  ENTER_AS(CUDNN);
  struct descriptor *descriptor = handle_check(DESCRIPTOR, handle, "tensorDesc");
  if (descriptor == NULL) return CUDNN_STATUS_BAD_PARAM;
  int status = shape_fault(format, type, n, c, h, w);
  if (status != CUDNN_STATUS_SUCCESS) return status;
  *descriptor = (struct descriptor){descriptor->handle, true, format, type, 4, n, c, h, w};
  return CUDNN_STATUS_SUCCESS;
}

EXPORT cudnnStatus_t cudnnSetTensorNdDescriptor(cudnnTensorDescriptor_t handle, cudnnDataType_t type, int dimensions, const int lengths[],
                                                const int strides[]) {
  ENTER_AS(CUDNN);
  struct descriptor *descriptor = handle_check(DESCRIPTOR, handle, "tensorDesc");
  if (descriptor == NULL) return CUDNN_STATUS_BAD_PARAM;
  if (lengths == NULL || strides == NULL) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "dimA or strideA is NULL");
  if (dimensions < 3 || dimensions > 4) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "the double knows tensors of 3 or 4 dimensions");
  long step = 1;
  for (int i = dimensions - 1; i >= 0; i--) {
    if (strides[i] != step) return cudnn_fail(CUDNN_STATUS_NOT_SUPPORTED, "the double knows fully packed tensors only");
    step *= lengths[i];
  }
  int w = dimensions == 4 ? lengths[3] : 1;
  int status = shape_fault(CUDNN_TENSOR_NCHW, type, lengths[0], lengths[1], lengths[2], w);
  if (status != CUDNN_STATUS_SUCCESS) return status;
  *descriptor =
      (struct descriptor){descriptor->handle, true, CUDNN_TENSOR_NCHW, type, dimensions, lengths[0], lengths[1], lengths[2], w};
  return CUDNN_STATUS_SUCCESS;
}

EXPORT cudnnStatus_t cudnnGetTensorSizeInBytes(const cudnnTensorDescriptor_t handle, size_t *size) {
  ENTER_AS(CUDNN);
  const struct descriptor *descriptor = handle_check(DESCRIPTOR, handle, "tensorDesc");
  if (!cudnn_ready(&descriptor, 1)) return CUDNN_STATUS_BAD_PARAM;
  if (size == NULL) return cudnn_fail(CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "size is NULL");
  *size = descriptor_elements(descriptor) * sizeof(float);
  return CUDNN_STATUS_SUCCESS;
}

EXPORT cudnnStatus_t cudnnCreateFilterDescriptor(cudnnFilterDescriptor_t *handle) {
  ENTER_AS(CUDNN);
  return cudnn_create_descriptor(FILTER_DESCRIPTOR, sizeof(struct filter), handle);
}

EXPORT cudnnStatus_t cudnnDestroyFilterDescriptor(cudnnFilterDescriptor_t handle) {
  ENTER_AS(CUDNN);
  return cudnn_destroy_descriptor(FILTER_DESCRIPTOR, handle, "filterDesc");
}

EXPORT cudnnStatus_t cudnnSetFilter4dDescriptor(cudnnFilterDescriptor_t handle, cudnnDataType_t type, cudnnTensorFormat_t format, int k,
                                                int c, int h, int w) {
  ENTER_AS(CUDNN);
  struct filter *filter = handle_check(FILTER_DESCRIPTOR, handle, "filterDesc");
  if (filter == NULL) return CUDNN_STATUS_BAD_PARAM;
  int status = shape_fault(format, type, k, c, h, w);
  if (status != CUDNN_STATUS_SUCCESS) return status;
  if (type != CUDNN_DATA_FLOAT || format != CUDNN_TENSOR_NCHW) {
    return cudnn_fail(CUDNN_STATUS_NOT_SUPPORTED, "the double knows filters of float in KCRS only");
  }
  *filter = (struct filter){filter->handle, true, k, c, h, w};
  return CUDNN_STATUS_SUCCESS;
}
