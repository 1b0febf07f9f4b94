package io.hypertape.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.bindings.LibraryReport.Attempt;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LibraryReportTest {

  private static LibraryReport missing(NativeLibrary library, Attempt... attempts) {
    return new LibraryReport(library, "", "", List.of(attempts), List.of());
  }

  private static LibraryReport found(NativeLibrary library) {
    return new LibraryReport(library, "libx.so.1", "/lib/libx.so.1", List.of(), List.of());
  }

  @Test
  void aFileThatIsThereSaysMoreThanANameThatIsNot() {
    LibraryReport report =
        missing(
            NativeLibrary.CUBLAS,
            new Attempt("libcublas.so.13", "No such file"),
            new Attempt("/usr/lib64/libcublas.so.13", "wrong ELF class"));
    assertEquals("wrong ELF class", report.reason());
    assertEquals(
        "No such file",
        missing(NativeLibrary.CUBLAS, new Attempt("libcublas.so.13", "No such file")).reason());
    assertEquals("", found(NativeLibrary.CUBLAS).reason());
  }

  @Test
  void aProblemNamesAllThatIsMissingAndWhatMendsTheFirst() {
    List<LibraryReport> reports =
        List.of(
            missing(NativeLibrary.CUDA_DRIVER, new Attempt("libcuda.so.1", "No such file")),
            found(NativeLibrary.CUDA_RUNTIME),
            missing(NativeLibrary.NVRTC));
    String problem = NativeLibraries.problem(reports).orElseThrow();
    assertTrue(
        problem.startsWith(
            "NVIDIA driver, NVRTC not found (No such file); install NVIDIA's driver"),
        problem);
    assertEquals(1, problem.lines().count());
    assertEquals(
        Optional.empty(), NativeLibraries.problem(List.of(found(NativeLibrary.CUDA_DRIVER))));
  }

  @Test
  void adviceSaysWhatToInstallAndWhatCanWait() {
    List<String> advice =
        NativeLibraries.advice(
            List.of(
                found(NativeLibrary.CUDA_DRIVER),
                missing(NativeLibrary.CUBLAS),
                missing(NativeLibrary.CUDNN)));
    assertEquals(2, advice.size());
    assertTrue(advice.get(0).startsWith("cuBLAS: install"), advice.get(0));
    assertTrue(advice.get(1).startsWith("cuDNN (optional): install cuDNN 9"), advice.get(1));
  }

  @Test
  void onlyCudnnIsOptional() {
    for (NativeLibrary library : NativeLibrary.values()) {
      assertEquals(library != NativeLibrary.CUDNN, library.isRequired(), library.name());
    }
  }

  @Test
  void aMissingFunctionIsNamedWithItsLibrary() {
    assertEquals(
        "cuBLAS (/lib/libx.so.1) has no function cublasNew; it may be older than CUDA 12",
        NativeLibraries.missing(found(NativeLibrary.CUBLAS), "cublasNew"));
  }
}
