/* cuDNN: recurrent layers, forward and backward. */
#include "recurrence.h"

struct rnn_work {
  struct work work;
  struct recurrence recurrence;
  const char *(*compute)(const struct recurrence *);
};

/* What the three calls have in common. */
struct call {
  const char *name;
  const char *(*compute)(const struct recurrence *);
  cudnnHandle_t handle;
  cudnnRNNDescriptor_t rnn;
  const int32_t *lengths;
  cudnnRNNDataDescriptor_t x, y;
  cudnnTensorDescriptor_t h, c;
  size_t weight_bytes, workspace_bytes, reserve_bytes;
  bool cells; /* whether the call takes c at all */
};

static void run_rnn(struct work *work) {
  struct rnn_work *r = (struct rnn_work *)work;
  const char *problem = r->compute(&r->recurrence);
  if (problem == NULL) return;
  violation(0, "when %s ran: %s", work->name, problem);
  device_fault(cudaErrorIllegalAddress);
}

/* 0 if the descriptor of a state is that of [layers, batch, hidden]. */
static int state_fault(cudnnTensorDescriptor_t handle, const struct recurrence *r, const char *argument) {
  const struct descriptor *d = handle_check(DESCRIPTOR, handle, argument);
  if (!cudnn_ready(&d, 1)) return CUDNN_STATUS_BAD_PARAM;
  bool fits = (size_t)d->n == r->rnn.layers && (size_t)d->c == r->batch && (size_t)d->h == r->rnn.hidden && d->w == 1;
  return fits && d->type == CUDNN_DATA_FLOAT ? CUDNN_STATUS_SUCCESS
                                             : cudnn_fail(CUDNN_STATUS_BAD_PARAM, "a state's descriptor is not of [layers, batch, hidden]");
}

/* 0 with the shape, if all descriptors and sizes fit each other. */
static int check(const struct call *call, struct recurrence *r) {
  const struct rnn *rnn = handle_check(RNN_DESCRIPTOR, call->rnn, "rnnDesc");
  const struct rnn_data *x = handle_check(RNN_DATA_DESCRIPTOR, call->x, "xDesc");
  const struct rnn_data *y = handle_check(RNN_DATA_DESCRIPTOR, call->y, "yDesc");
  if (rnn == NULL || x == NULL || y == NULL) return CUDNN_STATUS_BAD_PARAM;
  if (!rnn->set || !x->set || !y->set) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "a descriptor was never set");
  if (call->lengths != NULL) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "devSeqLengths is to be NULL since cuDNN 8.9.1");
  if (x->layout != y->layout || x->steps != y->steps || x->batch != y->batch) {
    return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "xDesc and yDesc differ");
  }
  if ((x->layout == CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_UNPACKED) != rnn->padded) {
    return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "an unpacked layout goes with CUDNN_RNN_PADDED_IO_ENABLED");
  }
  if (x->vector != rnn->inputs || y->vector != rnn->hidden) {
    return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "a vectorSize is not inputSize or hiddenSize");
  }
  r->rnn = *rnn;
  r->steps = x->steps;
  r->batch = x->batch;
  int status = state_fault(call->h, r, "hDesc");
  if (status == CUDNN_STATUS_SUCCESS && call->cells && rnn->cell == CUDNN_LSTM) status = state_fault(call->c, r, "cDesc");
  if (status != CUDNN_STATUS_SUCCESS) return status;
  if (call->weight_bytes < weight_elements(rnn) * sizeof(float)) {
    return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "weightSpaceSize < requiredWeightSize");
  }
  if (call->workspace_bytes < workspace_elements(rnn, r->steps, r->batch) * sizeof(float)) {
    return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "workSpaceSize < requiredWorkSpace");
  }
  if (r->training && call->reserve_bytes < reserve_elements(rnn, r->steps, r->batch) * sizeof(float)) {
    return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "reserveSpaceSize < requiredReserveSpace");
  }
  return CUDNN_STATUS_SUCCESS;
}

/* Ranges of what is there; `needed` ones are looked at even if NULL, so that this is noticed. */
static void add_range(struct work *work, const void *address, size_t elements, int access, const char *name, bool needed) {
  if (address != NULL || needed) {
    work->ranges[work->range_count++] = (struct range){address, elements * sizeof(float), access, name};
  }
}

static int submit(const struct call *call, const struct recurrence *r) {
  struct cudnn *cudnn = cudnn_find(call->handle);
  if (cudnn == NULL) return CUDNN_STATUS_NOT_INITIALIZED;
  struct rnn_work *w = (struct rnn_work *)work_create(sizeof *w, call->name, run_rnn, 16);
  w->recurrence = *r;
  w->compute = call->compute;
  struct work *work = &w->work;
  work->range_count = 0;
  size_t rows = r->steps * r->batch, in = rows * r->rnn.inputs, out = rows * r->rnn.hidden;
  size_t state = r->rnn.layers * r->batch * r->rnn.hidden;
  bool data = call->compute == recurrence_data, forward = call->compute == recurrence_forward;
  add_range(work, r->x, in, READS, "x", !data);
  add_range(work, r->y, out, READS, "y", !forward);
  add_range(work, r->out, out, WRITES, "y", forward);
  add_range(work, r->dy, out, READS, "dy", data);
  add_range(work, r->dx, in, WRITES, "dx", data);
  add_range(work, r->hx, state, READS, "hx", false);
  add_range(work, r->cx, state, READS, "cx", false);
  add_range(work, r->hy, state, WRITES, "hy", false);
  add_range(work, r->cy, state, WRITES, "cy", false);
  add_range(work, r->dhy, state, READS, "dhy", false);
  add_range(work, r->dcy, state, READS, "dcy", false);
  add_range(work, r->dhx, state, WRITES, "dhx", false);
  add_range(work, r->dcx, state, WRITES, "dcx", false);
  if (forward || data) add_range(work, r->weights, call->weight_bytes / sizeof(float), READS, "weightSpace", true);
  else add_range(work, r->dweights, call->weight_bytes / sizeof(float), WRITES, "dweightSpace", true);
  add_range(work, r->workspace, call->workspace_bytes / sizeof(float), WRITES, "workSpace", true);
  if (r->training) add_range(work, r->reserve, call->reserve_bytes / sizeof(float), WRITES, "reserveSpace", true);
  const char *overlap = overlap_fault(work);
  if (overlap != NULL) {
    work_release(work);
    return cudnn_fail(CUDNN_STATUS_BAD_PARAM, overlap);
  }
  return cudnn_submit(cudnn, work);
}

EXPORT cudnnStatus_t cudnnRNNForward(cudnnHandle_t handle, cudnnRNNDescriptor_t rnn, cudnnForwardMode_t mode, const int32_t lengths[],
                                     cudnnRNNDataDescriptor_t x_descriptor, const void *x, cudnnRNNDataDescriptor_t y_descriptor, void *y,
                                     cudnnTensorDescriptor_t h_descriptor, const void *hx, void *hy, cudnnTensorDescriptor_t c_descriptor,
                                     const void *cx, void *cy, size_t weight_bytes, const void *weights, size_t workspace_bytes,
                                     void *workspace, size_t reserve_bytes, void *reserve) {
  ENTER_AS(CUDNN);
  struct call call = {"cudnnRNNForward", recurrence_forward, handle, rnn, lengths, x_descriptor, y_descriptor, h_descriptor, c_descriptor,
                      weight_bytes, workspace_bytes, reserve_bytes, true};
  if ((unsigned)mode > CUDNN_FWD_MODE_TRAINING) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "fwdMode is none of cuDNN's");
  struct recurrence r = {.training = mode == CUDNN_FWD_MODE_TRAINING, .x = x, .out = y, .hx = hx, .hy = hy, .weights = weights,
                         .workspace = workspace, .reserve = reserve};
  int status = check(&call, &r);
  if (status != CUDNN_STATUS_SUCCESS) return status;
  if (r.rnn.cell == CUDNN_LSTM) r.cx = cx, r.cy = cy;
  return submit(&call, &r);
}

EXPORT cudnnStatus_t cudnnRNNBackwardData_v8(cudnnHandle_t handle, cudnnRNNDescriptor_t rnn, const int32_t lengths[],
                                             cudnnRNNDataDescriptor_t y_descriptor, const void *y, const void *dy,
                                             cudnnRNNDataDescriptor_t x_descriptor, void *dx, cudnnTensorDescriptor_t h_descriptor,
                                             const void *hx, const void *dhy, void *dhx, cudnnTensorDescriptor_t c_descriptor,
                                             const void *cx, const void *dcy, void *dcx, size_t weight_bytes, const void *weights,
                                             size_t workspace_bytes, void *workspace, size_t reserve_bytes, void *reserve) {
  ENTER_AS(CUDNN);
  struct call call = {"cudnnRNNBackwardData_v8", recurrence_data, handle, rnn, lengths, x_descriptor, y_descriptor, h_descriptor,
                      c_descriptor, weight_bytes, workspace_bytes, reserve_bytes, true};
  struct recurrence r = {.training = true, .y = y, .dy = dy, .dx = dx, .hx = hx, .dhy = dhy, .dhx = dhx, .weights = weights,
                         .workspace = workspace, .reserve = reserve};
  int status = check(&call, &r);
  if (status != CUDNN_STATUS_SUCCESS) return status;
  if (r.rnn.cell == CUDNN_LSTM) r.cx = cx, r.dcy = dcy, r.dcx = dcx;
  return submit(&call, &r);
}

EXPORT cudnnStatus_t cudnnRNNBackwardWeights_v8(cudnnHandle_t handle, cudnnRNNDescriptor_t rnn, cudnnWgradMode_t mode,
                                                const int32_t lengths[], cudnnRNNDataDescriptor_t x_descriptor, const void *x,
                                                cudnnTensorDescriptor_t h_descriptor, const void *hx,
                                                cudnnRNNDataDescriptor_t y_descriptor, const void *y, size_t weight_bytes, void *dweights,
                                                size_t workspace_bytes, void *workspace, size_t reserve_bytes, void *reserve) {
  ENTER_AS(CUDNN);
  struct call call = {"cudnnRNNBackwardWeights_v8", recurrence_weights, handle, rnn, lengths, x_descriptor, y_descriptor, h_descriptor,
                      NULL, weight_bytes, workspace_bytes, reserve_bytes, false};
  if ((unsigned)mode > CUDNN_WGRAD_MODE_SET) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "addGrad is none of cuDNN's");
  if (mode == CUDNN_WGRAD_MODE_SET) return cudnn_fail(CUDNN_STATUS_NOT_SUPPORTED, "addGrad == CUDNN_WGRAD_MODE_SET");
  struct recurrence r = {.training = true, .x = x, .y = y, .hx = hx, .dweights = dweights, .workspace = workspace, .reserve = reserve};
  int status = check(&call, &r);
  return status != CUDNN_STATUS_SUCCESS ? status : submit(&call, &r);
}
