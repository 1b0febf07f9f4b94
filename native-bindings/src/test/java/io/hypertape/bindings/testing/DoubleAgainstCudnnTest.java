package io.hypertape.bindings.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where cuDNN needs no device, the double must answer as it does. NVIDIA's library runs in a
 * process of its own, so that neither can be taken for the other.
 */
class DoubleAgainstCudnnTest extends RawCuda {

  @TempDir private Path folder;

  /** What the process runs. */
  static final class Main {
    private Main() {}

    public static void main(String[] arguments) {
      Path wheels = Path.of(arguments[0]);
      for (String first : new String[] {"libcublasLt.so.13", "libcublas.so.13"}) {
        SymbolLookup.libraryLookup(wheels.resolve("cu13/lib").resolve(first), Arena.global());
      }
      SymbolLookup cudnn =
          SymbolLookup.libraryLookup(wheels.resolve("cudnn/lib/libcudnn.so.9"), Arena.global());
      DescriptorCalls.run(cudnn).forEach(System.out::println);
    }
  }

  @Test
  void theDoubleAnswersAsCudnnDoes() throws Exception {
    Path wheels = CudaWheels.named().orElse(Path.of("site-packages/nvidia"));
    CudaWheels.require(
        Files.exists(wheels.resolve("cudnn/lib/libcudnn.so.9"))
            && Files.exists(wheels.resolve("cu13/lib/libcublasLt.so.13")),
        "no cuDNN with cuBLAS 13 in " + wheels);
    Path output = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                wheels.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    int result = process.waitFor();
    List<String> real = Files.readAllLines(output, StandardCharsets.UTF_8);
    assertEquals(0, result, real.toString());
    assertTrue(real.size() > 40, real.size() + " lines");
    Path folder = Path.of(System.getProperty("hypertape.cuda.path"));
    List<String> pretended =
        DescriptorCalls.run(SymbolLookup.libraryLookup(folder.resolve("libcudnn.so.9"), arena));
    assertEquals(String.join("\n", real), String.join("\n", pretended));
  }
}
