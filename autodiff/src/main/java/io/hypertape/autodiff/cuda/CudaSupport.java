package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.bindings.LibraryReport;
import io.hypertape.bindings.NativeLibraries;
import io.hypertape.bindings.cuda.CudaException;
import java.util.ArrayList;
import java.util.List;

/** Whether CUDA can be used, and what was found while trying. */
public final class CudaSupport {

  private CudaSupport() {}

  /**
   * What was looked for and found, for people.
   *
   * @return lines of text
   */
  public static List<String> report() {
    List<String> lines = new ArrayList<>();
    boolean works = false;
    try (Backend backend = CudaBackends.open(CudaPrecision.FLOAT32)) {
      lines.add("works: " + backend.description());
      works = true;
    } catch (IllegalStateException e) {
      lines.add("cannot be used: " + e.getMessage());
    } catch (CudaException e) {
      lines.add("cannot be closed: " + e.getMessage());
    }
    for (LibraryReport library : NativeLibraries.report()) {
      lines.add(
          library.purpose()
              + ": "
              + (library.isFound() ? "found as " + library.found() : "not found"));
      for (LibraryReport.Attempt attempt : library.attempts()) {
        lines.add("    tried " + attempt.place() + ": " + attempt.answer());
      }
    }
    if (!works) {
      lines.addAll(NativeLibraries.advice());
    }
    return lines;
  }
}
