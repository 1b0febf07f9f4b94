package io.hypertape.autodiff.access;

import io.hypertape.autodiff.cpu.CpuBackends;
import io.hypertape.autodiff.cpu.blas.BlasSupport;
import io.hypertape.autodiff.cuda.CudaSupport;
import java.util.List;
import java.util.function.Consumer;

/** What the backends find on this machine, for people. */
public final class BackendReport {

  private BackendReport() {}

  /**
   * The CPU's kernels: which, and why not vector kernels if not. At once.
   *
   * @return one line
   */
  public static String kernels() {
    return CpuBackends.kernels();
  }

  /**
   * The CPU's kernels: which, why, and how fast they were just now. Takes a few seconds.
   *
   * @return lines of text
   */
  public static List<String> cpu() {
    return CpuBackends.report();
  }

  /**
   * The machine's BLAS: what was looked for, what was found, how fast it is.
   *
   * @return lines of text
   */
  public static List<String> blas() {
    return BlasSupport.report();
  }

  /**
   * CUDA: what was looked for, what was found, the loader's own words, what to do.
   *
   * @return lines of text
   */
  public static List<String> cuda() {
    return CudaSupport.report();
  }

  /**
   * Compiles CUDA's kernels for compute capabilities ahead, some seconds each, so that no session
   * has to. A GPU is not needed, NVRTC is.
   *
   * @param capabilities such as 90 for 9.0
   * @param progress gets a line for each, when it is done
   * @throws IllegalStateException if one cannot be compiled for, with the reason
   */
  public static void warmCuda(List<Integer> capabilities, Consumer<String> progress) {
    CudaSupport.warm(capabilities, progress);
  }
}
