package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.bindings.LibraryReport;
import io.hypertape.bindings.NativeLibraries;
import java.util.ArrayList;
import java.util.List;

/** Whether CUDA can be used, and what was found while trying. */
public final class CudaSupport {

  private CudaSupport() {}

  /**
   * Why CUDA cannot be used. A backend is opened to find out, and closed again.
   *
   * @return one line that says what is missing and what to do; empty if nothing is
   */
  public static String problem() {
    try {
      CudaBackends.open(CudaPrecision.FLOAT32).close();
      return "";
    } catch (IllegalStateException e) {
      return e.getMessage();
    }
  }

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
