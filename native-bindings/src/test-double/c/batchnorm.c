/* cuDNN: batch normalization by the statistics of the batch, and its derivatives. */
#include <math.h>

#include "cudnn.h"

struct batchnorm_work {
  struct work work;
  int n, c, places;
  float alpha, beta, parameter_alpha, parameter_beta;
  double epsilon;
  const float *x, *dy, *scale, *bias, *mean, *inverse;
  float *y, *save_mean, *save_inverse, *dscale, *dbias;
};

static size_t at(const struct batchnorm_work *b, int n, int c, int place) {
  return ((size_t)n * (size_t)b->c + (size_t)c) * (size_t)b->places + (size_t)place;
}

static float blended(float old, double value, float alpha, float beta) { return (float)(alpha * value + (beta == 0 ? 0 : beta * old)); }

static void statistics(const struct batchnorm_work *b, int c, double *mean, double *variance) {
  double count = (double)b->n * b->places;
  *mean = *variance = 0;
  for (int n = 0; n < b->n; n++) {
    for (int i = 0; i < b->places; i++) *mean += b->x[at(b, n, c, i)] / count;
  }
  for (int n = 0; n < b->n; n++) {
    for (int i = 0; i < b->places; i++) {
      double centred = b->x[at(b, n, c, i)] - *mean;
      *variance += centred * centred / count;
    }
  }
}

static void run_forward(struct work *work) {
  const struct batchnorm_work *b = (struct batchnorm_work *)work;
  for (int c = 0; c < b->c; c++) {
    double mean, variance;
    statistics(b, c, &mean, &variance);
    double inverse = 1 / sqrt(variance + b->epsilon);
    for (int n = 0; n < b->n; n++) {
      for (int i = 0; i < b->places; i++) {
        size_t place = at(b, n, c, i);
        b->y[place] = blended(b->y[place], b->scale[c] * (b->x[place] - mean) * inverse + b->bias[c], b->alpha, b->beta);
      }
    }
    if (b->save_mean != NULL) {
      b->save_mean[c] = (float)mean;
      b->save_inverse[c] = (float)inverse;
    }
  }
}

static void run_backward(struct work *work) {
  const struct batchnorm_work *b = (struct batchnorm_work *)work;
  double count = (double)b->n * b->places;
  for (int c = 0; c < b->c; c++) {
    double mean, variance, inverse;
    if (b->mean == NULL) {
      statistics(b, c, &mean, &variance);
      inverse = 1 / sqrt(variance + b->epsilon);
    } else {
      mean = b->mean[c];
      inverse = b->inverse[c];
    }
    double sum = 0, product = 0;
    for (int n = 0; n < b->n; n++) {
      for (int i = 0; i < b->places; i++) {
        size_t place = at(b, n, c, i);
        sum += b->dy[place];
        product += b->dy[place] * (b->x[place] - mean) * inverse;
      }
    }
    for (int n = 0; n < b->n; n++) {
      for (int i = 0; i < b->places; i++) {
        size_t place = at(b, n, c, i);
        double normal = (b->x[place] - mean) * inverse;
        double dx = b->scale[c] * inverse * (b->dy[place] - sum / count - normal * product / count);
        b->y[place] = blended(b->y[place], dx, b->alpha, b->beta);
      }
    }
    b->dscale[c] = blended(b->dscale[c], product, b->parameter_alpha, b->parameter_beta);
    b->dbias[c] = blended(b->dbias[c], sum, b->parameter_alpha, b->parameter_beta);
  }
}

/* 0 if mode, descriptors and epsilon are such as both directions ask for. */
static int check(cudnnBatchNormMode_t mode, const struct descriptor *const descriptors[], int images, double epsilon) {
  if (!cudnn_ready(descriptors, images + 1)) return CUDNN_STATUS_BAD_PARAM;
  if ((unsigned)mode > CUDNN_BATCHNORM_SPATIAL_PERSISTENT) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "mode is none of cuDNN's");
  if (mode != CUDNN_BATCHNORM_SPATIAL) return cudnn_fail(CUDNN_STATUS_NOT_SUPPORTED, "the double knows the spatial mode only");
  const struct descriptor *x = descriptors[0], *parameters = descriptors[images];
  for (int i = 0; i <= images; i++) {
    const struct descriptor *d = descriptors[i];
    if (d->dimensions != 4 || d->type != CUDNN_DATA_FLOAT || d->format != CUDNN_TENSOR_NCHW) {
      return cudnn_fail(CUDNN_STATUS_NOT_SUPPORTED, "the double knows NCHW of float only");
    }
    if (i < images && (d->n != x->n || d->c != x->c || d->h != x->h || d->w != x->w)) {
      return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "the descriptors differ");
    }
  }
  if (parameters->n != 1 || parameters->c != x->c || parameters->h != 1 || parameters->w != 1) {
    return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "the parameters' descriptor is not 1×C×1×1");
  }
  if (!(epsilon >= 0)) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "epsilon < 0.0");
  return CUDNN_STATUS_SUCCESS;
}

static struct batchnorm_work *create(const char *name, void (*run)(struct work *), const struct descriptor *x, const void *alpha,
                                     const void *beta, double epsilon) {
  struct batchnorm_work *b = (struct batchnorm_work *)work_create(sizeof *b, name, run, 8);
  b->n = x->n;
  b->c = x->c;
  b->places = x->h * x->w;
  b->alpha = *(const float *)alpha;
  b->beta = *(const float *)beta;
  b->epsilon = epsilon;
  return b;
}

static int submit(struct cudnn *cudnn, struct batchnorm_work *b, const struct range *ranges, int count) {
  b->work.range_count = 0;
  for (int i = 0; i < count; i++) {
    if (ranges[i].bytes > 0) b->work.ranges[b->work.range_count++] = ranges[i];
  }
  const char *overlap = overlap_fault(&b->work);
  if (overlap != NULL) {
    work_release(&b->work);
    return cudnn_fail(CUDNN_STATUS_BAD_PARAM, overlap);
  }
  return cudnn_submit(cudnn, &b->work);
}

EXPORT cudnnStatus_t cudnnBatchNormalizationForwardTraining(
    cudnnHandle_t handle, cudnnBatchNormMode_t mode, const void *alpha, const void *beta, const cudnnTensorDescriptor_t x_descriptor,
    const void *x, const cudnnTensorDescriptor_t y_descriptor, void *y, const cudnnTensorDescriptor_t parameters, const void *scale,
    const void *bias, double factor, void *running_mean, void *running_variance, double epsilon, void *save_mean, void *save_inverse) {
  ENTER_AS(CUDNN);
  struct cudnn *cudnn = cudnn_find(handle);
  if (cudnn == NULL) return CUDNN_STATUS_NOT_INITIALIZED;
  const struct descriptor *const descriptors[] = {handle_check(DESCRIPTOR, x_descriptor, "xDesc"),
                                                  handle_check(DESCRIPTOR, y_descriptor, "yDesc"),
                                                  handle_check(DESCRIPTOR, parameters, "bnScaleBiasMeanVarDesc")};
  int status = check(mode, descriptors, 2, epsilon);
  if (status != CUDNN_STATUS_SUCCESS) return status;
  if (alpha == NULL || beta == NULL) return cudnn_fail(CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "alpha or beta is NULL");
  if (running_mean != NULL || running_variance != NULL) {
    return cudnn_fail(CUDNN_STATUS_NOT_SUPPORTED, "the double keeps no running statistics");
  }
  if (!(factor >= 0 && factor <= 1)) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "exponentialAverageFactor is not in [0, 1]");
  if ((save_mean == NULL) != (save_inverse == NULL)) {
    return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "(resultSaveMean == NULL) != (resultSaveInvVariance == NULL)");
  }
  struct batchnorm_work *b =
      create("cudnnBatchNormalizationForwardTraining", run_forward, descriptors[0], alpha, beta, epsilon);
  b->x = x, b->y = y, b->scale = scale, b->bias = bias, b->save_mean = save_mean, b->save_inverse = save_inverse;
  size_t bytes = descriptor_elements(descriptors[0]) * sizeof(float), channels = (size_t)b->c * sizeof(float);
  const struct range ranges[] = {{x, bytes, READS, "x"},
                                 {y, bytes, WRITES, "y"},
                                 {scale, channels, READS, "bnScale"},
                                 {bias, channels, READS, "bnBias"},
                                 {save_mean, save_mean == NULL ? 0 : channels, WRITES, "resultSaveMean"},
                                 {save_inverse, save_mean == NULL ? 0 : channels, WRITES, "resultSaveInvVariance"}};
  return submit(cudnn, b, ranges, 6);
}

EXPORT cudnnStatus_t cudnnBatchNormalizationBackward(
    cudnnHandle_t handle, cudnnBatchNormMode_t mode, const void *alpha, const void *beta, const void *parameter_alpha,
    const void *parameter_beta, const cudnnTensorDescriptor_t x_descriptor, const void *x, const cudnnTensorDescriptor_t dy_descriptor,
    const void *dy, const cudnnTensorDescriptor_t dx_descriptor, void *dx, const cudnnTensorDescriptor_t parameters, const void *scale,
    void *dscale, void *dbias, double epsilon, const void *saved_mean, const void *saved_inverse) {
  ENTER_AS(CUDNN);
  struct cudnn *cudnn = cudnn_find(handle);
  if (cudnn == NULL) return CUDNN_STATUS_NOT_INITIALIZED;
  const struct descriptor *const descriptors[] = {
      handle_check(DESCRIPTOR, x_descriptor, "xDesc"), handle_check(DESCRIPTOR, dy_descriptor, "dyDesc"),
      handle_check(DESCRIPTOR, dx_descriptor, "dxDesc"), handle_check(DESCRIPTOR, parameters, "dBnScaleBiasDesc")};
  int status = check(mode, descriptors, 3, epsilon);
  if (status != CUDNN_STATUS_SUCCESS) return status;
  if (alpha == NULL || beta == NULL || parameter_alpha == NULL || parameter_beta == NULL) {
    return cudnn_fail(CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "a scaling factor is NULL");
  }
  if ((saved_mean == NULL) != (saved_inverse == NULL)) {
    return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "(savedMean == NULL) != (savedInvVariance == NULL)");
  }
  struct batchnorm_work *b = create("cudnnBatchNormalizationBackward", run_backward, descriptors[0], alpha, beta, epsilon);
  b->x = x, b->dy = dy, b->y = dx, b->scale = scale, b->mean = saved_mean, b->inverse = saved_inverse, b->dscale = dscale, b->dbias = dbias;
  b->parameter_alpha = *(const float *)parameter_alpha;
  b->parameter_beta = *(const float *)parameter_beta;
  size_t bytes = descriptor_elements(descriptors[0]) * sizeof(float), channels = (size_t)b->c * sizeof(float);
  const struct range ranges[] = {{x, bytes, READS, "x"},
                                 {dy, bytes, READS, "dy"},
                                 {dx, bytes, WRITES, "dx"},
                                 {scale, channels, READS, "bnScale"},
                                 {dscale, channels, WRITES, "dBnScaleResult"},
                                 {dbias, channels, WRITES, "dBnBiasResult"},
                                 {saved_mean, saved_mean == NULL ? 0 : channels, READS, "savedMean"},
                                 {saved_inverse, saved_mean == NULL ? 0 : channels, READS, "savedInvVariance"}};
  return submit(cudnn, b, ranges, 8);
}
