package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.Backend;

/** Opens CUDA backends of a kind for tests in other packages. */
public final class CudaTestBackends {

  private CudaTestBackends() {}

  /** Log-softmax by cuDNN; an error if there is none. */
  public static Backend withCudnn() {
    return CudaBackend.open(CudaPrecision.FLOAT32, SoftmaxPath.CUDNN);
  }

  /** Log-softmax by own kernels. */
  public static Backend withoutCudnn() {
    return CudaBackend.open(CudaPrecision.FLOAT32, SoftmaxPath.KERNELS);
  }
}
