/* cuDNN: descriptors of recurrent layers, of their sequences and of dropout, and the sizes that follow from them. */
#include "recurrence.h"

enum { LONGEST = 65535 };

EXPORT cudnnStatus_t cudnnCreateDropoutDescriptor(cudnnDropoutDescriptor_t *handle) {
  ENTER_AS(CUDNN);
  return cudnn_create_descriptor(DROPOUT_DESCRIPTOR, sizeof(struct dropout), handle);
}

EXPORT cudnnStatus_t cudnnDestroyDropoutDescriptor(cudnnDropoutDescriptor_t handle) {
  ENTER_AS(CUDNN);
  return cudnn_destroy_descriptor(DROPOUT_DESCRIPTOR, handle, "dropoutDesc");
}

EXPORT cudnnStatus_t cudnnSetDropoutDescriptor(cudnnDropoutDescriptor_t handle, cudnnHandle_t cudnn, float probability, void *states,
                                               size_t bytes, unsigned long long seed) {
  ENTER_AS(CUDNN);
  (void)seed; /* any will do */
  struct dropout *dropout = handle_check(DROPOUT_DESCRIPTOR, handle, "dropoutDesc");
  if (dropout == NULL) return CUDNN_STATUS_BAD_PARAM;
  if (cudnn_find(cudnn) == NULL) return CUDNN_STATUS_NOT_INITIALIZED;
  if (probability != 0 || states != NULL || bytes != 0) return cudnn_fail(CUDNN_STATUS_NOT_SUPPORTED, "the double drops nothing out");
  dropout->set = true;
  return CUDNN_STATUS_SUCCESS;
}

EXPORT cudnnStatus_t cudnnCreateRNNDescriptor(cudnnRNNDescriptor_t *handle) {
  ENTER_AS(CUDNN);
  return cudnn_create_descriptor(RNN_DESCRIPTOR, sizeof(struct rnn), handle);
}

EXPORT cudnnStatus_t cudnnDestroyRNNDescriptor(cudnnRNNDescriptor_t handle) {
  ENTER_AS(CUDNN);
  return cudnn_destroy_descriptor(RNN_DESCRIPTOR, handle, "rnnDesc");
}

EXPORT cudnnStatus_t cudnnSetRNNDescriptor_v8(cudnnRNNDescriptor_t handle, cudnnRNNAlgo_t algorithm, cudnnRNNMode_t cell,
                                              cudnnRNNBiasMode_t bias, cudnnDirectionMode_t direction, cudnnRNNInputMode_t input,
                                              cudnnDataType_t type, cudnnDataType_t precision, cudnnMathType_t math, int32_t inputs,
                                              int32_t hidden, int32_t projection, int32_t layers, cudnnDropoutDescriptor_t dropout_handle,
                                              uint32_t flags) {
  ENTER_AS(CUDNN);
  struct rnn *rnn = handle_check(RNN_DESCRIPTOR, handle, "rnnDesc");
  /* None is as good as one that drops nothing. */
  const struct dropout *dropout = dropout_handle == NULL ? NULL : handle_check(DROPOUT_DESCRIPTOR, dropout_handle, "dropoutDesc");
  if (rnn == NULL || (dropout == NULL && dropout_handle != NULL)) return CUDNN_STATUS_BAD_PARAM;
  if (dropout != NULL && !dropout->set) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "the dropout's descriptor was never set");
  if ((unsigned)algorithm >= CUDNN_RNN_ALGO_COUNT || (unsigned)cell > CUDNN_GRU || (unsigned)bias > CUDNN_RNN_SINGLE_REC_BIAS ||
      (unsigned)direction > CUDNN_BIDIRECTIONAL || (unsigned)input > CUDNN_SKIP_INPUT || (unsigned)math > CUDNN_FMA_MATH) {
    return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "a mode is none of cuDNN's");
  }
  if (inputs < 1 || hidden < 1 || layers < 1) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "inputSize < 1 || hiddenSize < 1 || numLayers < 1");
  if (projection <= 0) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "projSize <= 0");
  if ((flags & ~(uint32_t)CUDNN_RNN_PADDED_IO_ENABLED) != 0) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "auxFlags has unknown bits");
  if (algorithm != CUDNN_RNN_ALGO_STANDARD || (cell != CUDNN_LSTM && cell != CUDNN_GRU) || bias != CUDNN_RNN_DOUBLE_BIAS ||
      direction != CUDNN_UNIDIRECTIONAL || input != CUDNN_LINEAR_INPUT || type != CUDNN_DATA_FLOAT || precision != CUDNN_DATA_FLOAT ||
      projection != hidden) {
    return cudnn_fail(CUDNN_STATUS_NOT_SUPPORTED,
                      "the double knows LSTM and GRU of float by the standard algorithm: two biases, one direction, no projection");
  }
  *rnn = (struct rnn){rnn->handle, true, cell, (size_t)inputs, (size_t)hidden, (size_t)layers, math != CUDNN_FMA_MATH,
                      (flags & CUDNN_RNN_PADDED_IO_ENABLED) != 0};
  return CUDNN_STATUS_SUCCESS;
}

EXPORT cudnnStatus_t cudnnCreateRNNDataDescriptor(cudnnRNNDataDescriptor_t *handle) {
  ENTER_AS(CUDNN);
  return cudnn_create_descriptor(RNN_DATA_DESCRIPTOR, sizeof(struct rnn_data), handle);
}

EXPORT cudnnStatus_t cudnnDestroyRNNDataDescriptor(cudnnRNNDataDescriptor_t handle) {
  ENTER_AS(CUDNN);
  return cudnn_destroy_descriptor(RNN_DATA_DESCRIPTOR, handle, "rnnDataDesc");
}

EXPORT cudnnStatus_t cudnnSetRNNDataDescriptor(cudnnRNNDataDescriptor_t handle, cudnnDataType_t type, cudnnRNNDataLayout_t layout,
                                               int steps, int batch, int vector, const int lengths[], void *fill) {
  ENTER_AS(CUDNN);
  (void)fill; /* there is no padding to fill */
  struct rnn_data *data = handle_check(RNN_DATA_DESCRIPTOR, handle, "rnnDataDesc");
  if (data == NULL) return CUDNN_STATUS_BAD_PARAM;
  if (lengths == NULL) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "seqLengthArray == NULL");
  if (steps <= 0 || batch <= 0 || vector <= 0) {
    return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "maxSeqLength <= 0 || batchSize <= 0 || vectorSize <= 0");
  }
  if (steps > LONGEST) return cudnn_fail(CUDNN_STATUS_NOT_SUPPORTED, "maxSeqLength > 65535");
  if (type != CUDNN_DATA_FLOAT || (unsigned)layout > CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_PACKED) {
    return cudnn_fail(CUDNN_STATUS_NOT_SUPPORTED, "the double knows sequences of float, time before batch");
  }
  for (int i = 0; i < batch; i++) {
    if (lengths[i] != steps) return cudnn_fail(CUDNN_STATUS_NOT_SUPPORTED, "the double knows sequences of one length only");
  }
  *data = (struct rnn_data){data->handle, true, layout, (size_t)steps, (size_t)batch, (size_t)vector};
  return CUDNN_STATUS_SUCCESS;
}

static const struct rnn *set_rnn(cudnnRNNDescriptor_t handle) {
  const struct rnn *rnn = handle_check(RNN_DESCRIPTOR, handle, "rnnDesc");
  if (rnn != NULL && !rnn->set) {
    cudnn_fail(CUDNN_STATUS_BAD_PARAM, "the recurrent layers' descriptor was never set");
    return NULL;
  }
  return rnn;
}

EXPORT cudnnStatus_t cudnnGetRNNWeightSpaceSize(cudnnHandle_t handle, cudnnRNNDescriptor_t descriptor, size_t *bytes) {
  ENTER_AS(CUDNN);
  if (cudnn_find(handle) == NULL) return CUDNN_STATUS_NOT_INITIALIZED;
  const struct rnn *rnn = set_rnn(descriptor);
  if (rnn == NULL) return CUDNN_STATUS_BAD_PARAM;
  if (bytes == NULL) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "weightSpaceSize is NULL");
  *bytes = weight_elements(rnn) * sizeof(float);
  return CUDNN_STATUS_SUCCESS;
}

EXPORT cudnnStatus_t cudnnGetRNNTempSpaceSizes(cudnnHandle_t handle, cudnnRNNDescriptor_t descriptor, cudnnForwardMode_t mode,
                                               cudnnRNNDataDescriptor_t x, size_t *workspace_bytes, size_t *reserve_bytes) {
  ENTER_AS(CUDNN);
  if (cudnn_find(handle) == NULL) return CUDNN_STATUS_NOT_INITIALIZED;
  const struct rnn *rnn = set_rnn(descriptor);
  const struct rnn_data *data = handle_check(RNN_DATA_DESCRIPTOR, x, "xDesc");
  if (rnn == NULL || data == NULL) return CUDNN_STATUS_BAD_PARAM;
  if (!data->set || data->vector != rnn->inputs) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "xDesc is not set or not of inputSize");
  if ((unsigned)mode > CUDNN_FWD_MODE_TRAINING) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "fwdMode is none of cuDNN's");
  if (workspace_bytes != NULL) *workspace_bytes = workspace_elements(rnn, data->steps, data->batch) * sizeof(float);
  if (reserve_bytes != NULL) {
    *reserve_bytes = mode == CUDNN_FWD_MODE_TRAINING ? reserve_elements(rnn, data->steps, data->batch) * sizeof(float) : 0;
  }
  return CUDNN_STATUS_SUCCESS;
}

/* Notes what cuDNN says of a matrix or a bias in a descriptor of the caller, who may not want it. */
static int describe(cudnnTensorDescriptor_t handle, const char *argument, void **address, size_t rows, size_t columns, void *place) {
  if (address == NULL) return CUDNN_STATUS_SUCCESS;
  struct descriptor *descriptor = handle_check(DESCRIPTOR, handle, argument);
  if (descriptor == NULL) return CUDNN_STATUS_BAD_PARAM;
  *descriptor = (struct descriptor){descriptor->handle, true, CUDNN_TENSOR_NCHW, CUDNN_DATA_FLOAT, 3, 1, (int)rows, (int)columns, 1};
  *address = place;
  return CUDNN_STATUS_SUCCESS;
}

EXPORT cudnnStatus_t cudnnGetRNNWeightParams(cudnnHandle_t handle, cudnnRNNDescriptor_t descriptor, int32_t layer, size_t bytes,
                                             const void *weights, int32_t linear, cudnnTensorDescriptor_t matrix, void **matrix_address,
                                             cudnnTensorDescriptor_t bias, void **bias_address) {
  ENTER_AS(CUDNN);
  if (cudnn_find(handle) == NULL) return CUDNN_STATUS_NOT_INITIALIZED;
  const struct rnn *rnn = set_rnn(descriptor);
  if (rnn == NULL) return CUDNN_STATUS_BAD_PARAM;
  size_t gates = gates_of(rnn);
  if (layer < 0 || (size_t)layer >= rnn->layers) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "pseudoLayer is none of the layers");
  if (linear < 0 || (size_t)linear >= 2 * gates) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "linLayerID is none of the cell's");
  if (weights == NULL || bytes < weight_elements(rnn) * sizeof(float)) {
    return cudnn_fail(CUDNN_STATUS_BAD_PARAM, "!weightSpace || weightSpaceSize < requiredWeightSize");
  }
  struct range range = {weights, bytes, READS, "weightSpace"};
  const char *fault = range_fault(&range, false);
  if (fault != NULL) return cudnn_fail(CUDNN_STATUS_BAD_PARAM, fault);
  float *base = (float *)weights;
  size_t l = (size_t)layer, id = (size_t)linear;
  int status = describe(matrix, "mDesc", matrix_address, rnn->hidden, id < gates ? inputs_of(rnn, l) : rnn->hidden,
                        base + matrix_offset(rnn, l, id));
  return status != CUDNN_STATUS_SUCCESS ? status
                                        : describe(bias, "bDesc", bias_address, rnn->hidden, 1, base + bias_offset(rnn, l, id));
}
