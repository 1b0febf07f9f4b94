package io.hypertape.autodiff.cpu;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.autodiff.backend.BackendSettings.Simd;
import io.hypertape.autodiff.backend.BlasChoice;
import io.hypertape.autodiff.cpu.blas.FoundBlas;
import io.hypertape.autodiff.cpu.start.GatedKernels;
import io.hypertape.autodiff.cpu.start.KernelCheck;
import io.hypertape.autodiff.cpu.start.KernelLadder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Opens {@link CpuBackend}s for those who may not name the kernels' module. */
public final class CpuBackends {

  private CpuBackends() {}

  /**
   * Opens one.
   *
   * @param simd name of a {@link Simd}
   * @param threads number of threads, at least 1
   * @return the backend
   * @throws IllegalStateException if vector kernels were demanded and cannot run, with the reason
   */
  public static Backend open(String simd, int threads) {
    return new CpuBackend(Simd.valueOf(simd), threads);
  }

  /**
   * Opens one that may have a BLAS.
   *
   * @param simd which kernels
   * @param threads number of threads, at least 1
   * @param blas which BLAS computes large products, if any
   * @return the backend, for the thread that calls this
   * @throws IllegalStateException if vector kernels were demanded and cannot run, or the BLAS of a
   *     file was and cannot be used, with the reason
   */
  public static Backend open(Simd simd, int threads, BlasChoice blas) {
    FoundBlas found = FoundBlas.of(blas);
    return new CpuBackend(found.over(GatedKernels.open(simd, threads), threads));
  }

  /**
   * Which kernels run here.
   *
   * @return one line
   */
  public static String kernels() {
    return KernelLadder.choose(Simd.AUTO, 1).reason();
  }

  /**
   * Which kernels run here, and how fast they were just now.
   *
   * @return lines of text
   */
  public static List<String> report() {
    KernelCheck check = KernelCheck.measure();
    List<String> lines = new ArrayList<>();
    lines.add(check.selection().reason());
    if (check.selection().vectorized()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "matrix product, one thread: %.1f GFLOP/s with vectors, %.1f without (%.0f times)",
              check.vectorGflops(),
              check.scalarGflops(),
              check.vectorGflops() / check.scalarGflops()));
      lines.add(
          check.intrinsic()
              ? "the vector kernels are compiled to machine vectors (measured)"
              : "the vector kernels are NOT compiled to machine vectors (measured): is the JVM "
                  + "started with -Xint, -XX:TieredStopAtLevel or another compiler than C2?");
      lines.add(
          String.format(
              Locale.ROOT,
              "this product ran by its scalar twin for %.1f s, until C2 had compiled its vectors",
              check.compileSeconds()));
    } else {
      lines.add(
          String.format(
              Locale.ROOT, "matrix product, one thread: %.1f GFLOP/s", check.scalarGflops()));
    }
    return lines;
  }
}
