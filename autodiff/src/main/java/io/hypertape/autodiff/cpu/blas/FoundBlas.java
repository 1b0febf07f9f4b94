package io.hypertape.autodiff.cpu.blas;

import io.hypertape.autodiff.backend.BlasChoice;
import io.hypertape.bindings.BlasReport;
import io.hypertape.bindings.blas.BlasLibraries;
import io.hypertape.bindings.blas.BlasLibrary;
import io.hypertape.kernels.Kernels;
import java.util.Optional;

/**
 * What a choice has come to.
 *
 * @param library the BLAS; empty if there is none
 * @param problem why there is none though one was asked for; empty otherwise
 */
public record FoundBlas(Optional<BlasLibrary> library, String problem) {

  private static final FoundBlas NONE = new FoundBlas(Optional.empty(), "");

  /**
   * Looks for the library that was chosen.
   *
   * @param choice which
   * @return it, or why there is none
   * @throws IllegalStateException if a file was named that does not serve, with the reason
   */
  public static FoundBlas of(BlasChoice choice) {
    BlasChoice resolved = choice.resolved();
    if (resolved == BlasChoice.OFF) {
      return NONE;
    }
    if (resolved instanceof BlasChoice.File file) {
      BlasReport<BlasLibrary> report = BlasLibraries.of(file.path());
      if (report.library().isEmpty()) {
        throw new IllegalStateException(
            "the BLAS that was asked for cannot be used: " + report.problem());
      }
      return new FoundBlas(report.library(), "");
    }
    BlasReport<BlasLibrary> report = BlasLibraries.auto();
    return new FoundBlas(report.library(), report.problem());
  }

  /**
   * Gives kernels this BLAS, if there is one.
   *
   * @param kernels the kernels
   * @param threads threads that a product may use, the caller's included
   * @return kernels to use instead, closed as those are
   */
  public Kernels over(Kernels kernels, int threads) {
    if (library.isPresent()) {
      return BlasKernels.over(kernels, library.get(), threads);
    }
    return problem.isEmpty() ? kernels : BlasKernels.without(kernels, problem);
  }
}
