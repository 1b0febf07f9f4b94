package io.hypertape.autodiff.cuda;

/** Whether CUDA can be used. */
public final class CudaSupport {

  private CudaSupport() {}

  /**
   * Why CUDA cannot be used.
   *
   * @return one line
   */
  public static String problem() {
    return "this version has no CUDA kernels yet";
  }
}
