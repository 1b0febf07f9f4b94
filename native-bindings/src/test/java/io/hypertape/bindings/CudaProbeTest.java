package io.hypertape.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class CudaProbeTest {

  @TempDir private Path folder;

  @Test
  void everyLibraryIsLookedForAndTheLoaderIsQuoted() {
    CudaProbe probe = CudaProbe.run();
    assertEquals("", probe.obstacle());
    assertEquals(
        List.of("NVIDIA driver", "CUDA runtime", "cuBLAS", "cuBLASLt", "cuDNN", "NVRTC"),
        probe.libraries().stream().map(LibraryReport::purpose).toList());
    for (LibraryReport library : probe.libraries()) {
      assertTrue(library.isFound() || !library.attempts().isEmpty(), library.toString());
      for (LibraryReport.Attempt attempt : library.attempts()) {
        assertTrue(attempt.answer().contains(attempt.place()), attempt.toString());
      }
    }
    assertEquals(probe.isComplete(), probe.summary().isEmpty());
  }

  @Test
  void theLoaderSaysWhatIsWrongWithAFile() throws IOException {
    Path damaged = folder.resolve("libx.so.1");
    Files.writeString(damaged, "this is no library");
    LibraryReport report =
        CudaProbe.find(Loader.open(), "X", List.of("libx.so.1"), List.of(folder));
    assertFalse(report.isFound());
    assertEquals(2, report.attempts().size());
    assertTrue(report.attempts().get(0).answer().contains("No such file"), report.toString());
    assertEquals(damaged.toString(), report.attempts().get(1).place());
    assertFalse(report.attempts().get(1).answer().contains("No such file"), report.toString());
  }

  @Test
  void aLibraryThatIsThereIsFoundUnderItsFirstName() {
    LibraryReport report =
        CudaProbe.find(Loader.open(), "C", List.of("libnone.so.9", "libc.so.6"), List.of());
    assertEquals("libc.so.6", report.found());
    assertEquals(1, report.attempts().size());
  }

  @Test
  void theSummaryNamesWhatIsMissing() {
    var found = new LibraryReport("cuBLAS", "libcublas.so.13", List.of());
    var missing =
        new LibraryReport("cuDNN", "", List.of(new LibraryReport.Attempt("libcudnn.so.9", "no")));
    assertEquals("cuDNN not found (no)", new CudaProbe(List.of(found, missing), "").summary());
    assertTrue(new CudaProbe(List.of(found), "").isComplete());
    var denied = new CudaProbe(List.of(), "native access is denied");
    assertEquals("native access is denied", denied.summary());
    assertFalse(denied.isComplete());
  }
}
