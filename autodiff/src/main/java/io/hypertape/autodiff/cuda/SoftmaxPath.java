package io.hypertape.autodiff.cuda;

/** Who computes log-softmax and whole layers. */
enum SoftmaxPath {
  /** Layers by cuDNN if it can be loaded, log-softmax by own kernels. */
  BEST,
  /** All by cuDNN, or an error that says why not. */
  CUDNN,
  /** Own kernels; cuDNN is not looked for. */
  KERNELS
}
