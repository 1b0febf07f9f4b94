package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.View;

/**
 * Addresses of a recurrent layer's weights, or of their cotangents.
 *
 * @param input Wᵢₕ [gates·hidden, inputs]
 * @param hidden Wₕₕ [gates·hidden, hidden]
 * @param inputBias bᵢₕ [gates·hidden]
 * @param hiddenBias bₕₕ [gates·hidden]
 */
record LayerWeights(long input, long hidden, long inputBias, long hiddenBias) {

  /** Those of a layer among operands of which the first layer's begin at an index. */
  LayerWeights(View[] operands, int first, int layer) {
    this(
        CudaStorage.address(operands[first + 4 * layer]),
        CudaStorage.address(operands[first + 4 * layer + 1]),
        CudaStorage.address(operands[first + 4 * layer + 2]),
        CudaStorage.address(operands[first + 4 * layer + 3]));
  }
}
