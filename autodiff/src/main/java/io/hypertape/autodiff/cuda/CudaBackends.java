package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.bindings.cuda.CudaException;
import io.hypertape.bindings.cuda.CudaUnavailableException;
import io.hypertape.bindings.cuda.KernelCompiler;

/** Opens CUDA backends for those who may not name the bindings' module. */
public final class CudaBackends {

  private CudaBackends() {}

  /**
   * Opens one on the first device.
   *
   * @param precision of matrix products
   * @return the backend
   * @throws IllegalStateException if CUDA cannot be used here, with the reason and what to do in
   *     one line
   */
  public static Backend open(CudaPrecision precision) {
    return open(0, precision);
  }

  /**
   * Opens one on a device.
   *
   * @param device its number, from 0, among those that CUDA_VISIBLE_DEVICES lets it see
   * @param precision of matrix products
   * @return the backend
   * @throws IllegalStateException if CUDA cannot be used here, with the reason and what to do in
   *     one line
   */
  public static Backend open(int device, CudaPrecision precision) {
    try {
      return CudaBackend.open(device, precision, SoftmaxPath.BEST, KernelCompiler.create());
    } catch (CudaUnavailableException | CudaException | LinkageError e) {
      throw new IllegalStateException(oneLine(e), e);
    }
  }

  /** Compilers and loaders have more to say than fits a line; the cause keeps it as it was. */
  private static String oneLine(Throwable failure) {
    String text = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    return text.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
