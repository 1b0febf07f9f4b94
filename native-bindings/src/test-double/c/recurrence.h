/* Recurrent layers as cuDNN's descriptors say them, and where the double puts their weights and intermediates. */
#ifndef HYPERTAPE_RECURRENCE_H
#define HYPERTAPE_RECURRENCE_H

#include "cudnn.h"

struct rnn {
  void *handle;
  bool set;
  cudnnRNNMode_t cell;
  size_t inputs, hidden, layers;
  bool tf32, padded;
};

struct rnn_data {
  void *handle;
  bool set;
  cudnnRNNDataLayout_t layout;
  size_t steps, batch, vector;
};

struct dropout {
  void *handle;
  bool set;
};

/* All pointers of a call; NULL where the call has none, or the caller gave none. */
struct recurrence {
  struct rnn rnn;
  size_t steps, batch;
  bool training;
  const float *x, *hx, *cx, *y, *dy, *dhy, *dcy, *weights;
  float *out, *hy, *cy, *dx, *dhx, *dcx, *dweights, *workspace, *reserve;
};

size_t gates_of(const struct rnn *rnn);
size_t inputs_of(const struct rnn *rnn, size_t layer);
/* In elements; gates of one kind lie end to end, input's before hidden's, all matrices before all biases. */
size_t matrix_offset(const struct rnn *rnn, size_t layer, size_t linear);
size_t bias_offset(const struct rnn *rnn, size_t layer, size_t linear);
size_t weight_elements(const struct rnn *rnn);
size_t reserve_elements(const struct rnn *rnn, size_t steps, size_t batch);
size_t workspace_elements(const struct rnn *rnn, size_t steps, size_t batch);

/* NULL, or what is wrong with the order of the calls. */
const char *recurrence_forward(const struct recurrence *r);
const char *recurrence_data(const struct recurrence *r);
const char *recurrence_weights(const struct recurrence *r);

#endif
