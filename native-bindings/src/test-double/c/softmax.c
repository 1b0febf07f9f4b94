/* cuDNN: softmax and its gradient. */
#include <math.h>

#include "cudnn.h"

struct softmax_work {
  struct work work;
  cudnnSoftmaxAlgorithm_t algorithm;
  size_t rows, columns, spatial; /* a row is summed over columns that lie `spatial` apart */
  float alpha, beta;
  const float *in, *gradient;
  float *out;
};

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
    if (!descriptors[i]->set) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "a descriptor was never set");
    if (descriptors[i]->type != CUDNN_DATA_FLOAT || descriptors[i]->format != CUDNN_TENSOR_NCHW) {
      return cudnn_fail(CUDNN_STATUS_NOT_SUPPORTED, "the double knows NCHW of float only");
    }
    if (!equal_shapes(descriptors[0], descriptors[i])) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "the descriptors differ");
  }
  if ((unsigned)algorithm > CUDNN_SOFTMAX_LOG || (unsigned)mode > CUDNN_SOFTMAX_MODE_CHANNEL) {
    return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "algorithm or mode is none of cuDNN's");
  }
  if (alpha == NULL || beta == NULL) return cudnn_fail(CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "alpha or beta is NULL");
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

EXPORT cudnnStatus_t cudnnSoftmaxForward(cudnnHandle_t handle, cudnnSoftmaxAlgorithm_t algorithm, cudnnSoftmaxMode_t mode,
                                         const void *alpha, const cudnnTensorDescriptor_t x_descriptor, const void *x, const void *beta,
                                         const cudnnTensorDescriptor_t y_descriptor, void *y) {
  ENTER_AS(CUDNN);
  struct cudnn *cudnn = cudnn_find(handle);
  if (cudnn == NULL) return CUDNN_STATUS_NOT_INITIALIZED;
  const struct descriptor *const descriptors[] = {handle_check(DESCRIPTOR, x_descriptor, "xDesc"),
                                                  handle_check(DESCRIPTOR, y_descriptor, "yDesc")};
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
    return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "x and y overlap without being the same");
  }
  return cudnn_submit(cudnn, &s->work);
}

EXPORT cudnnStatus_t cudnnSoftmaxBackward(cudnnHandle_t handle, cudnnSoftmaxAlgorithm_t algorithm, cudnnSoftmaxMode_t mode,
                                          const void *alpha, const cudnnTensorDescriptor_t y_descriptor, const void *y,
                                          const cudnnTensorDescriptor_t dy_descriptor, const void *dy, const void *beta,
                                          const cudnnTensorDescriptor_t dx_descriptor, void *dx) {
  ENTER_AS(CUDNN);
  struct cudnn *cudnn = cudnn_find(handle);
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
    return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "dx overlaps y or dy without being the same");
  }
  return cudnn_submit(cudnn, &s->work);
}
