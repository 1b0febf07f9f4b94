package io.hypertape.autodiff.cuda;

/** Who computes log-softmax and whole layers. */
enum SoftmaxPath {
  /** cuDNN if it can be loaded, else own kernels. */
  BEST,
  /** cuDNN, or an error that says why not. */
  CUDNN,
  /** Own kernels; cuDNN is not looked for. */
  KERNELS
}
