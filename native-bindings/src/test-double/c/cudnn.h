/* What the files of cuDNN share. */
#ifndef HYPERTAPE_CUDNN_H
#define HYPERTAPE_CUDNN_H

#include "double.h"

struct cudnn {
  void *handle;
  int device;
  cudaStream_t stream;
};

/* A descriptor of any kind begins with its handle. */
struct descriptor {
  void *handle;
  bool set;
  cudnnTensorFormat_t format;
  cudnnDataType_t type;
  int dimensions;
  int n, c, h, w; /* the lengths in their order; what a tensor of fewer axes lacks is 1 */
};

struct filter {
  void *handle;
  bool set;
  int k, c, r, s;
};

struct cudnn *cudnn_find(cudnnHandle_t handle);
/* A violation whose text cudnnGetLastErrorString gives too. */
int cudnn_fail(int status, const char *text);
/* Queues work on the handle's stream and takes over the caller's reference. */
int cudnn_submit(struct cudnn *cudnn, struct work *work);
/* Says which descriptor is missing or was never set; true if none. */
bool cudnn_ready(const struct descriptor *const descriptors[], int count);
size_t descriptor_elements(const struct descriptor *descriptor);
/* NULL, or what is wrong: something that is written overlaps something else. */
const char *overlap_fault(const struct work *work);

/* Creating and destroying a descriptor of a kind, which begins with its handle. */
int cudnn_create_descriptor(enum kind kind, size_t size, void *result);
int cudnn_destroy_descriptor(enum kind kind, const void *handle, const char *argument);

void descriptors_reset(void);

/* Row-major: c[m][n] = op(a) op(b) + beta c. */
void row_gemm(bool ta, bool tb, size_t m, size_t n, size_t k, const float *a, size_t lda, const float *b, size_t ldb, float beta, float *c,
              size_t ldc, bool tf32);

#endif
