/* cuDNN: convolution, as its functions from before the graph interface have it. */
#include <stdlib.h>

#include "convolution.h"

struct convolution_work {
  struct work work;
  enum pass pass;
  struct problem problem;
  float alpha, beta;
  const float *a, *b; /* as the pass reads them */
  float *columns, *out;
};

/* An algorithm that the double pretends to have. */
struct algorithm {
  int number;
  cudnnDeterminism_t determinism;
  bool works, workspace;
};

/* In the order in which the heuristics give them: the fastest first, which is not always one to take. */
static const struct algorithm ALGORITHMS[3][4] = {
    {{6, CUDNN_DETERMINISTIC, false, true}, {1, CUDNN_DETERMINISTIC, true, true}, {0, CUDNN_DETERMINISTIC, true, false}, {-1, 0, 0, 0}},
    {{0, CUDNN_NON_DETERMINISTIC, true, false}, {1, CUDNN_DETERMINISTIC, true, true}, {-1, 0, 0, 0}, {-1, 0, 0, 0}},
    {{0, CUDNN_NON_DETERMINISTIC, true, false},
     {3, CUDNN_NON_DETERMINISTIC, true, true},
     {1, CUDNN_DETERMINISTIC, true, true},
     {-1, 0, 0, 0}}};

/* Dilated groups' filters have no deterministic algorithm here, so that who needs one has to look elsewhere. */
static bool offers(enum pass pass, const struct problem *p, const struct algorithm *algorithm) {
  bool dilated = p->form.dilation_h > 1 || p->form.dilation_w > 1;
  return algorithm->works && !(pass == BACKWARD_FILTER && algorithm->number == 1 && dilated && p->form.groups > 1);
}

static const struct algorithm *algorithm_of(enum pass pass, const struct problem *p, int number) {
  for (const struct algorithm *a = ALGORITHMS[pass]; a->number >= 0; a++) {
    if (a->number == number && offers(pass, p, a)) return a;
  }
  return NULL;
}

static size_t workspace_of(const struct problem *p, const struct algorithm *algorithm) {
  return algorithm->workspace ? column_elements(p) * sizeof(float) : 0;
}

EXPORT cudnnStatus_t cudnnCreateConvolutionDescriptor(cudnnConvolutionDescriptor_t *handle) {
  ENTER_AS(CUDNN);
  return cudnn_create_descriptor(CONVOLUTION_DESCRIPTOR, sizeof(struct convolution), handle);
}

EXPORT cudnnStatus_t cudnnDestroyConvolutionDescriptor(cudnnConvolutionDescriptor_t handle) {
  ENTER_AS(CUDNN);
  return cudnn_destroy_descriptor(CONVOLUTION_DESCRIPTOR, handle, "convDesc");
}

EXPORT cudnnStatus_t cudnnSetConvolution2dDescriptor(cudnnConvolutionDescriptor_t handle, int pad_h, int pad_w, int u, int v,
                                                     int dilation_h, int dilation_w, cudnnConvolutionMode_t mode, cudnnDataType_t type) {
  ENTER_AS(CUDNN);
  struct convolution *form = handle_check(CONVOLUTION_DESCRIPTOR, handle, "convDesc");
  if (form == NULL) return CUDNN_STATUS_BAD_PARAM;
  if (pad_h < 0 || pad_w < 0) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "pad_h and pad_w must not be negative");
  if (u <= 0 || v <= 0 || dilation_h <= 0 || dilation_w <= 0) {
    return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "strides and dilations must be positive");
  }
  if (mode != CUDNN_CROSS_CORRELATION || type != CUDNN_DATA_FLOAT) {
    return cudnn_fail(CUDNN_STATUS_NOT_SUPPORTED, "the double knows cross-correlations of float only");
  }
  *form = (struct convolution){form->handle, true, pad_h, pad_w, u, v, dilation_h, dilation_w, 1, CUDNN_DEFAULT_MATH};
  return CUDNN_STATUS_SUCCESS;
}

static struct convolution *set_form(cudnnConvolutionDescriptor_t handle) {
  struct convolution *form = handle_check(CONVOLUTION_DESCRIPTOR, handle, "convDesc");
  if (form != NULL && !form->set) {
    cudnn_fail(CUDNN_STATUS_BAD_PARAM, "the convolution's descriptor was never set");
    return NULL;
  }
  return form;
}

EXPORT cudnnStatus_t cudnnSetConvolutionGroupCount(cudnnConvolutionDescriptor_t handle, int groups) {
  ENTER_AS(CUDNN);
  struct convolution *form = set_form(handle);
  if (form == NULL) return CUDNN_STATUS_BAD_PARAM;
  if (groups <= 0) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "groupCount must be positive");
  form->groups = groups;
  return CUDNN_STATUS_SUCCESS;
}

EXPORT cudnnStatus_t cudnnSetConvolutionMathType(cudnnConvolutionDescriptor_t handle, cudnnMathType_t math) {
  ENTER_AS(CUDNN);
  struct convolution *form = set_form(handle);
  if (form == NULL) return CUDNN_STATUS_BAD_PARAM;
  if ((unsigned)math > CUDNN_FMA_MATH) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "mathType is none of cuDNN's");
  form->math = math;
  return CUDNN_STATUS_SUCCESS;
}

static int windows(int length, int pad, int filter, int dilation, int stride) {
  return (length + 2 * pad - dilation * (filter - 1) - 1) / stride + 1;
}

/* 0 with all that the descriptors say, if they fit each other. */
static int problem_of(cudnnTensorDescriptor_t x, cudnnFilterDescriptor_t w, cudnnConvolutionDescriptor_t conv, cudnnTensorDescriptor_t y,
                      struct problem *p) {
  const struct descriptor *const tensors[] = {handle_check(DESCRIPTOR, x, "the input's descriptor"),
                                              handle_check(DESCRIPTOR, y, "the output's descriptor")};
  const struct filter *filter = handle_check(FILTER_DESCRIPTOR, w, "the filter's descriptor");
  const struct convolution *form = set_form(conv);
  if (filter == NULL || form == NULL || !cudnn_ready(tensors, 2)) return CUDNN_STATUS_BAD_PARAM;
  if (!filter->set) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "the filter's descriptor was never set");
  *p = (struct problem){*form, *tensors[0], *tensors[1], *filter, form->math != CUDNN_FMA_MATH};
  for (int i = 0; i < 2; i++) {
    if (tensors[i]->dimensions != 4 || tensors[i]->type != CUDNN_DATA_FLOAT || tensors[i]->format != CUDNN_TENSOR_NCHW) {
      return cudnn_fail(CUDNN_STATUS_NOT_SUPPORTED, "the double knows images of float in NCHW only");
    }
  }
  if (p->x.c != p->w.c * form->groups) {
    return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "the input's channels are not the filter's times the groups");
  }
  if (p->w.k % form->groups != 0) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "the groups do not divide the filters");
  int height = windows(p->x.h, form->pad_h, p->w.r, form->dilation_h, form->stride_h);
  int width = windows(p->x.w, form->pad_w, p->w.s, form->dilation_w, form->stride_w);
  if (p->y.n != p->x.n || p->y.c != p->w.k || p->y.h != height || p->y.w != width) {
    return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "the output's shape is not the convolution's");
  }
  return CUDNN_STATUS_SUCCESS;
}

static int heuristics(cudnnHandle_t handle, enum pass pass, cudnnTensorDescriptor_t x, cudnnFilterDescriptor_t w,
                      cudnnConvolutionDescriptor_t conv, cudnnTensorDescriptor_t y, int requested, int *returned,
                      cudnnConvolutionAlgoPerf_t *results) {
  if (cudnn_find(handle) == NULL) return CUDNN_STATUS_NOT_INITIALIZED;
  struct problem problem;
  int status = problem_of(x, w, conv, y, &problem);
  if (status != CUDNN_STATUS_SUCCESS) return status;
  if (requested < 1 || returned == NULL || results == NULL) {
    return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "there is no room for a result");
  }
  *returned = 0;
  for (const struct algorithm *a = ALGORITHMS[pass]; a->number >= 0 && *returned < requested; a++) {
    bool works = offers(pass, &problem, a);
    results[(*returned)++] = (cudnnConvolutionAlgoPerf_t){.algo = a->number,
                                                          .status = works ? CUDNN_STATUS_SUCCESS : CUDNN_STATUS_NOT_SUPPORTED,
                                                          .time = works ? 0.1f * (float)*returned : -1,
                                                          .memory = works ? workspace_of(&problem, a) : 0,
                                                          .determinism = a->determinism,
                                                          .mathType = problem.form.math};
  }
  return CUDNN_STATUS_SUCCESS;
}

EXPORT cudnnStatus_t cudnnGetConvolutionForwardAlgorithm_v7(cudnnHandle_t handle, const cudnnTensorDescriptor_t x,
                                                            const cudnnFilterDescriptor_t w, const cudnnConvolutionDescriptor_t conv,
                                                            const cudnnTensorDescriptor_t y, const int requested, int *returned,
                                                            cudnnConvolutionAlgoPerf_t *results) {
  ENTER_AS(CUDNN);
  return heuristics(handle, FORWARD, x, w, conv, y, requested, returned, results);
}

EXPORT cudnnStatus_t cudnnGetConvolutionBackwardDataAlgorithm_v7(cudnnHandle_t handle, const cudnnFilterDescriptor_t w,
                                                                 const cudnnTensorDescriptor_t dy, const cudnnConvolutionDescriptor_t conv,
                                                                 const cudnnTensorDescriptor_t dx, const int requested, int *returned,
                                                                 cudnnConvolutionAlgoPerf_t *results) {
  ENTER_AS(CUDNN);
  return heuristics(handle, BACKWARD_DATA, dx, w, conv, dy, requested, returned, results);
}

EXPORT cudnnStatus_t cudnnGetConvolutionBackwardFilterAlgorithm_v7(cudnnHandle_t handle, const cudnnTensorDescriptor_t x,
                                                                   const cudnnTensorDescriptor_t dy,
                                                                   const cudnnConvolutionDescriptor_t conv,
                                                                   const cudnnFilterDescriptor_t dw, const int requested, int *returned,
                                                                   cudnnConvolutionAlgoPerf_t *results) {
  ENTER_AS(CUDNN);
  return heuristics(handle, BACKWARD_FILTER, x, dw, conv, dy, requested, returned, results);
}

static int workspace_size(cudnnHandle_t handle, enum pass pass, cudnnTensorDescriptor_t x, cudnnFilterDescriptor_t w,
                          cudnnConvolutionDescriptor_t conv, cudnnTensorDescriptor_t y, int number, size_t *bytes) {
  if (cudnn_find(handle) == NULL) return CUDNN_STATUS_NOT_INITIALIZED;
  struct problem problem;
  int status = problem_of(x, w, conv, y, &problem);
  if (status != CUDNN_STATUS_SUCCESS) return status;
  if (bytes == NULL) return cudnn_fail(CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "sizeInBytes is NULL");
  const struct algorithm *algorithm = algorithm_of(pass, &problem, number);
  if (algorithm == NULL) return cudnn_fail(CUDNN_STATUS_NOT_SUPPORTED, "the algorithm does not take this convolution");
  *bytes = workspace_of(&problem, algorithm);
  return CUDNN_STATUS_SUCCESS;
}

EXPORT cudnnStatus_t cudnnGetConvolutionForwardWorkspaceSize(cudnnHandle_t handle, const cudnnTensorDescriptor_t x,
                                                             const cudnnFilterDescriptor_t w, const cudnnConvolutionDescriptor_t conv,
                                                             const cudnnTensorDescriptor_t y, cudnnConvolutionFwdAlgo_t algorithm,
                                                             size_t *bytes) {
  ENTER_AS(CUDNN);
  return workspace_size(handle, FORWARD, x, w, conv, y, algorithm, bytes);
}

EXPORT cudnnStatus_t cudnnGetConvolutionBackwardDataWorkspaceSize(cudnnHandle_t handle, const cudnnFilterDescriptor_t w,
                                                                  const cudnnTensorDescriptor_t dy, const cudnnConvolutionDescriptor_t conv,
                                                                  const cudnnTensorDescriptor_t dx, cudnnConvolutionBwdDataAlgo_t algorithm,
                                                                  size_t *bytes) {
  ENTER_AS(CUDNN);
  return workspace_size(handle, BACKWARD_DATA, dx, w, conv, dy, algorithm, bytes);
}

EXPORT cudnnStatus_t cudnnGetConvolutionBackwardFilterWorkspaceSize(cudnnHandle_t handle, const cudnnTensorDescriptor_t x,
                                                                    const cudnnTensorDescriptor_t dy,
                                                                    const cudnnConvolutionDescriptor_t conv,
                                                                    const cudnnFilterDescriptor_t dw,
                                                                    cudnnConvolutionBwdFilterAlgo_t algorithm, size_t *bytes) {
  ENTER_AS(CUDNN);
  return workspace_size(handle, BACKWARD_FILTER, x, dw, conv, dy, algorithm, bytes);
}

static void run_convolution(struct work *work) {
  const struct convolution_work *c = (struct convolution_work *)work;
  float *columns = c->columns != NULL ? c->columns : zeroed(column_elements(&c->problem) * sizeof(float));
  switch (c->pass) {
    case FORWARD: convolve_forward(&c->problem, c->a, c->b, columns, c->alpha, c->beta, c->out); break;
    case BACKWARD_DATA: convolve_data(&c->problem, c->a, c->b, columns, c->alpha, c->beta, c->out); break;
    case BACKWARD_FILTER: convolve_filter(&c->problem, c->a, c->b, columns, c->alpha, c->beta, c->out); break;
  }
  if (columns != c->columns) free(columns);
}

/* The descriptors are those of the three tensors whose cotangents, or which themselves, a, b and out are. */
static int run(cudnnHandle_t handle, enum pass pass, const char *name, const void *alpha, const void *beta, cudnnTensorDescriptor_t x,
               cudnnFilterDescriptor_t w, cudnnConvolutionDescriptor_t conv, cudnnTensorDescriptor_t y, int number, const void *a,
               const void *b, void *out, void *workspace, size_t workspace_bytes) {
  struct cudnn *cudnn = cudnn_find(handle);
  if (cudnn == NULL) return CUDNN_STATUS_NOT_INITIALIZED;
  struct problem problem;
  int status = problem_of(x, w, conv, y, &problem);
  if (status != CUDNN_STATUS_SUCCESS) return status;
  if (alpha == NULL || beta == NULL) return cudnn_fail(CUDNN_STATUS_BAD_PARAM_NULL_POINTER, "alpha or beta is NULL");
  const struct algorithm *algorithm = algorithm_of(pass, &problem, number);
  if (algorithm == NULL) return cudnn_fail(CUDNN_STATUS_NOT_SUPPORTED, "the algorithm does not take this convolution");
  size_t needed = workspace_of(&problem, algorithm);
  if (workspace_bytes < needed) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "the workspace is smaller than the algorithm needs");
  size_t image_bytes = descriptor_elements(&problem.x) * sizeof(float), out_bytes = descriptor_elements(&problem.y) * sizeof(float);
  size_t filter_bytes = (size_t)problem.w.k * (size_t)problem.w.c * (size_t)problem.w.r * (size_t)problem.w.s * sizeof(float);
  const size_t sizes[3][3] = {{image_bytes, filter_bytes, out_bytes},
                              {out_bytes, filter_bytes, image_bytes},
                              {image_bytes, out_bytes, filter_bytes}};
  static const char *const NAMES[3][3] = {{"x", "w", "y"}, {"dy", "w", "dx"}, {"x", "dy", "dw"}};
  struct convolution_work *c = (struct convolution_work *)work_create(sizeof *c, name, run_convolution, 4);
  *c = (struct convolution_work){.work = c->work, .pass = pass, .problem = problem, .alpha = *(const float *)alpha,
                                 .beta = *(const float *)beta, .a = a, .b = b, .columns = needed > 0 ? workspace : NULL, .out = out};
  c->work.ranges[0] = (struct range){a, sizes[pass][0], READS, NAMES[pass][0]};
  c->work.ranges[1] = (struct range){b, sizes[pass][1], READS, NAMES[pass][1]};
  c->work.ranges[2] = (struct range){out, sizes[pass][2], WRITES, NAMES[pass][2]};
  c->work.ranges[3] = (struct range){workspace, workspace_bytes, WRITES, "workSpace"};
  c->work.range_count = needed > 0 ? 4 : 3;
  const char *overlap = overlap_fault(&c->work);
  if (overlap != NULL) {
    work_release(&c->work);
    return cudnn_fail(CUDNN_STATUS_BAD_PARAM, overlap);
  }
  return cudnn_submit(cudnn, &c->work);
}

EXPORT cudnnStatus_t cudnnConvolutionForward(cudnnHandle_t handle, const void *alpha, const cudnnTensorDescriptor_t x_descriptor,
                                             const void *x, const cudnnFilterDescriptor_t w_descriptor, const void *w,
                                             const cudnnConvolutionDescriptor_t conv, cudnnConvolutionFwdAlgo_t algorithm, void *workspace,
                                             size_t workspace_bytes, const void *beta, const cudnnTensorDescriptor_t y_descriptor,
                                             void *y) {
  ENTER_AS(CUDNN);
  return run(handle, FORWARD, "cudnnConvolutionForward", alpha, beta, x_descriptor, w_descriptor, conv, y_descriptor, algorithm, x, w, y,
             workspace, workspace_bytes);
}

EXPORT cudnnStatus_t cudnnConvolutionBackwardData(cudnnHandle_t handle, const void *alpha, const cudnnFilterDescriptor_t w_descriptor,
                                                  const void *w, const cudnnTensorDescriptor_t dy_descriptor, const void *dy,
                                                  const cudnnConvolutionDescriptor_t conv, cudnnConvolutionBwdDataAlgo_t algorithm,
                                                  void *workspace, size_t workspace_bytes, const void *beta,
                                                  const cudnnTensorDescriptor_t dx_descriptor, void *dx) {
  ENTER_AS(CUDNN);
  return run(handle, BACKWARD_DATA, "cudnnConvolutionBackwardData", alpha, beta, dx_descriptor, w_descriptor, conv, dy_descriptor,
             algorithm, dy, w, dx, workspace, workspace_bytes);
}

EXPORT cudnnStatus_t cudnnConvolutionBackwardFilter(cudnnHandle_t handle, const void *alpha, const cudnnTensorDescriptor_t x_descriptor,
                                                    const void *x, const cudnnTensorDescriptor_t dy_descriptor, const void *dy,
                                                    const cudnnConvolutionDescriptor_t conv, cudnnConvolutionBwdFilterAlgo_t algorithm,
                                                    void *workspace, size_t workspace_bytes, const void *beta,
                                                    const cudnnFilterDescriptor_t dw_descriptor, void *dw) {
  ENTER_AS(CUDNN);
  return run(handle, BACKWARD_FILTER, "cudnnConvolutionBackwardFilter", alpha, beta, x_descriptor, dw_descriptor, conv, dy_descriptor,
             algorithm, x, dy, dw, workspace, workspace_bytes);
}
