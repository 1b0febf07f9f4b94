package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.kernels.KernelMode;

/** Opens {@link CpuBackend}s for those who may not name the kernels' module. */
public final class CpuBackends {

  private CpuBackends() {}

  /**
   * Opens one.
   *
   * @param mode name of a {@link KernelMode}
   * @param threads number of threads, at least 1
   * @return the backend
   * @throws IllegalStateException if vector kernels were demanded and cannot run, with the reason
   */
  public static Backend open(String mode, int threads) {
    return new CpuBackend(KernelMode.valueOf(mode), threads);
  }
}
