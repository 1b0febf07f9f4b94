package io.hypertape.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.bindings.cuda.CudaException;
import io.hypertape.bindings.cuda.CudaUnavailableException;
import io.hypertape.bindings.cuda.KernelCompiler;
import io.hypertape.bindings.testing.CudaWheels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * NVIDIA's own compiler of pip's wheels, in a process of its own: it needs neither GPU nor driver.
 */
class RealCompilerTest {

  @TempDir private Path folder;

  /** What the process runs. */
  static final class Main {
    private static final String SOURCE =
        "extern \"C\" __global__ void set(float* x, int n) { x[threadIdx.x] = n; }";

    private Main() {}

    public static void main(String[] arguments) {
      KernelCompiler compiler = KernelCompiler.withoutCache();
      System.out.println(
          new String(compiler.compile("a.cu", SOURCE, 80), 1, 3, StandardCharsets.US_ASCII));
      String ptx = new String(compiler.compile("a.cu", SOURCE, 999), StandardCharsets.US_ASCII);
      System.out.println(ptx.contains(".visible .entry set"));
      try {
        compiler.compile("bad.cu", "no_such_type x;", 80);
      } catch (CudaException e) {
        System.out.println(e.codeName() + " " + e.text().contains("no_such_type"));
      }
      try {
        compiler.compile("a.cu", SOURCE, 20);
      } catch (CudaUnavailableException e) {
        System.out.println(e.reason());
      }
    }
  }

  @Test
  void theRealCompilerTakesOurOptions() throws Exception {
    Optional<Path> library = Wheels.file(NativeLibrary.NVRTC);
    CudaWheels.require(library.isPresent(), "NVRTC is in none of pip's wheels");
    Path output = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dhypertape.cuda.path=" + library.orElseThrow().getParent(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertEquals(0, process.waitFor(), () -> NativeLibrariesTest.read(output));
    List<String> said = Files.readAllLines(output, StandardCharsets.UTF_8);
    assertEquals(
        List.of("ELF", "true", "NVRTC_ERROR_COMPILATION true"),
        said.subList(0, 3),
        said.toString());
    assertTrue(said.get(3).contains("but the device has 2.0"), said.toString());
  }
}
