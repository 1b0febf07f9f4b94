package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whoever insists gets the kernels of a mode. */
class KernelSelectionTest {

  @Test
  void itSaysWhatAModeIs() {
    KernelSelection vector = KernelSelection.of(KernelMode.VECTOR, 2);
    assertTrue(vector.vectorized());
    assertEquals(2, vector.threads());
    assertEquals("vector kernels, " + vector.laneBits() + " bits", vector.reason());
    KernelSelection scalar = KernelSelection.of(KernelMode.SCALAR, 2);
    assertEquals(new KernelSelection(false, 32, 1, "scalar kernels, as asked"), scalar);
    assertEquals(new KernelSelection(false, 32, 1, "by chance"), scalar.because("by chance"));
  }

  @Test
  void kernelsKeepTheReason() {
    KernelSelection selection = KernelSelection.of(KernelMode.SCALAR, 1).because("by chance");
    try (Kernels kernels = Kernels.open(selection)) {
      assertEquals(selection, kernels.selection());
      assertFalse(kernels.selection().vectorized());
    }
  }

  @Test
  void withoutTheModuleVectorsAreRefused() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SameBitsMain.class.getName(),
                "VECTOR")
            .redirectErrorStream(true)
            .start();
    List<String> lines = new String(process.getInputStream().readAllBytes()).lines().toList();
    assertEquals(1, process.waitFor(), lines.toString());
    String refusal =
        "no vector kernels: module jdk.incubator.vector is not resolved; start java with"
            + " --add-modules jdk.incubator.vector";
    assertTrue(lines.stream().anyMatch(line -> line.endsWith(refusal)), lines.toString());
  }
}
