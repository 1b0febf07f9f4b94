/* What the files of cuDNN share. */
#ifndef HYPERTAPE_CUDNN_H
#define HYPERTAPE_CUDNN_H

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

struct cudnn *cudnn_find(cudnnHandle_t handle);
/* A violation whose text cudnnGetLastErrorString gives too. */
int cudnn_fail(int status, const char *text);

#endif
