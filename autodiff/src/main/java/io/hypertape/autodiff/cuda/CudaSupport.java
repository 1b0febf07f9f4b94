package io.hypertape.autodiff.cuda;

import io.hypertape.bindings.CudaProbe;
import io.hypertape.bindings.LibraryReport;
import java.util.ArrayList;
import java.util.List;

/** Whether CUDA can be used: this version finds the libraries but has no CUDA backend yet. */
public final class CudaSupport {

  private static final String NO_BACKEND = "this version of Hypertape has no CUDA backend yet";

  private CudaSupport() {}

  /**
   * Why CUDA cannot be used.
   *
   * @return one line
   */
  public static String problem() {
    return NO_BACKEND;
  }

  /**
   * What was looked for and found, for people.
   *
   * @return lines of text
   */
  public static List<String> report() {
    CudaProbe probe = CudaProbe.run();
    List<String> lines = new ArrayList<>();
    if (!probe.obstacle().isEmpty()) {
      lines.add("not looked for: " + probe.obstacle());
    }
    for (LibraryReport library : probe.libraries()) {
      lines.add(
          library.purpose()
              + ": "
              + (library.isFound() ? "found as " + library.found() : "not found"));
      for (LibraryReport.Attempt attempt : library.attempts()) {
        lines.add("    tried " + attempt.place() + ": " + attempt.answer());
      }
    }
    if (!probe.isComplete() && probe.obstacle().isEmpty()) {
      lines.add(
          "to get what is missing: the driver from NVIDIA or the distribution, CUDA 12 or 13 and "
              + "cuDNN 9 from NVIDIA; then CUDA_HOME or LD_LIBRARY_PATH names their folder");
    }
    lines.add(NO_BACKEND + "; --backend cpu is what runs");
    return lines;
  }
}
