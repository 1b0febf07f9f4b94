/* A convolution as cuDNN's descriptors say it, and its three products. */
#ifndef HYPERTAPE_CONVOLUTION_H
#define HYPERTAPE_CONVOLUTION_H

#include "cudnn.h"

enum pass { FORWARD, BACKWARD_DATA, BACKWARD_FILTER };

struct convolution {
  void *handle;
  bool set;
  int pad_h, pad_w, stride_h, stride_w, dilation_h, dilation_w, groups;
  cudnnMathType_t math;
};

struct problem {
  struct convolution form;
  struct descriptor x, y;
  struct filter w;
  bool tf32;
};

/* Elements of the columns of one image, of all groups. */
size_t column_elements(const struct problem *p);
/* `columns` holds one image's columns. */
void convolve_forward(const struct problem *p, const float *x, const float *w, float *columns, float alpha, float beta, float *y);
void convolve_data(const struct problem *p, const float *dy, const float *w, float *columns, float alpha, float beta, float *dx);
void convolve_filter(const struct problem *p, const float *x, const float *dy, float *columns, float alpha, float beta, float *dw);

#endif
