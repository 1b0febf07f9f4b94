package io.hypertape.bindings.blas;

import io.hypertape.bindings.BlasReport;
import io.hypertape.bindings.BlasSearch;
import java.nio.file.Path;

/** Finds a BLAS. A library is taken if its products are right, which is tried first. */
public final class BlasLibraries {

  private static final class Found {
    static final BlasReport<BlasLibrary> IN_PROCESS = BlasSearch.auto(NativeBlas::bind);
  }

  private BlasLibraries() {}

  /**
   * The BLAS of this machine: looked for when it is first asked for, loaded once, never unloaded.
   *
   * @return it, or why there is none
   */
  public static BlasReport<BlasLibrary> auto() {
    return Found.IN_PROCESS;
  }

  /**
   * The BLAS of a file.
   *
   * @param file a library
   * @return it, or why it does not serve
   */
  public static BlasReport<BlasLibrary> of(Path file) {
    return BlasSearch.named(file, NativeBlas::bind);
  }
}
