package io.hypertape.autodiff.backend;

/**
 * What a {@link Backend} may leave out: where it lacks one of these ({@link LayerBackend#has}), the
 * definition in elementwise operations, matrix products, reductions and copies runs, with the same
 * results up to rounding, and derivatives of every order. A definition that is {@link #isHosted
 * hosted} reads or makes numbers on the host, so that it waits for the backend and cannot be
 * recorded.
 */
public enum LayerKernel {
  /** {@link LayerBackend#logSoftmax} and {@link LayerBackend#logSoftmaxGrad}. */
  LOG_SOFTMAX(false),
  /** {@link LayerBackend#pick} and {@link LayerBackend#scatter}. */
  PICK(true),
  /** {@link LayerBackend#gatherRows} and {@link LayerBackend#scatterRows}. */
  ROWS(true),
  /** {@link LayerBackend#random}. */
  RANDOM(true),
  /** {@link LayerBackend#dropoutMask}. */
  DROPOUT_MASK(true),
  /** {@link LayerBackend#convolution}. */
  CONVOLUTION(false),
  /**
   * {@link LayerBackend#maxPool}, {@link LayerBackend#maxPoolScatter} and {@link
   * LayerBackend#maxPoolGather}.
   */
  MAX_POOL(false),
  /** {@link LayerBackend#averagePool} and {@link LayerBackend#averagePoolAdjoint}. */
  AVERAGE_POOL(false),
  /** {@link LayerBackend#batchNorm} and {@link LayerBackend#batchNormGrad}. */
  BATCH_NORM(false),
  /**
   * {@link LayerBackend#recurrent}, {@link LayerBackend#recurrentGrad} and {@link
   * LayerBackend#recurrentReserve}.
   */
  RECURRENT(false);

  private final boolean hosted;

  LayerKernel(boolean hosted) {
    this.hosted = hosted;
  }

  /**
   * Whether the host takes part in its definition.
   *
   * @return true if work with it cannot be recorded on a backend that lacks the kernel
   */
  public boolean isHosted() {
    return hosted;
  }

  /** What a backend says that is asked for a kernel that it does not have. */
  UnsupportedOperationException missing() {
    return new UnsupportedOperationException(
        "this backend does not implement "
            + this
            + "; has("
            + this
            + ") must then be false, so that the definition runs");
  }
}
