package io.hypertape.autodiff.cuda;

import io.hypertape.autodiff.backend.Backend;
import io.hypertape.bindings.LibraryReport;
import io.hypertape.bindings.NativeLibraries;
import io.hypertape.bindings.cuda.CudaException;
import io.hypertape.bindings.cuda.CudaUnavailableException;
import io.hypertape.bindings.cuda.KernelCompiler;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

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

  /**
   * Compiles the kernels for compute capabilities, as opening a backend does for that of its
   * device, and keeps them where that looks for them.
   *
   * @param capabilities such as 90 for 9.0
   * @param progress gets a line for each, when it is done
   * @throws IllegalStateException if NVRTC is missing or cannot compile for one, with the reason
   */
  public static void warm(List<Integer> capabilities, Consumer<String> progress) {
    KernelCompiler compiler = KernelCompiler.create();
    for (int capability : capabilities) {
      long start = System.nanoTime();
      try (CompiledKernels kernels = CompiledKernels.begin(compiler, capability)) {
        int bytes = kernels.get().length;
        progress.accept(
            kernels.architecture()
                + ": "
                + (bytes >> 10)
                + " KiB "
                + (kernels.wereKept()
                    ? "were there"
                    : "compiled in " + (System.nanoTime() - start) / 1_000_000_000 + " s"));
      } catch (CudaException | CudaUnavailableException | LinkageError e) {
        throw new IllegalStateException(
            "kernels for " + capability / 10 + "." + capability % 10 + ": " + e.getMessage(), e);
      }
    }
  }
}
