package io.hypertape.bindings.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.hypertape.bindings.NativeLibraries;
import io.hypertape.bindings.NativeLibrary;
import io.hypertape.bindings.testing.CudaDouble;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a process whose CUDA comes without cuDNN all the rest works. */
@Tag("cuda-double")
class CudnnMissingTest {

  static {
    CudaDouble.load();
  }

  @TempDir private Path folder;

  /** What the process runs. */
  static final class Main {
    private Main() {}

    public static void main(String[] arguments) {
      try (CudaDevice device = CudaDevice.open(0);
          CudaStream stream = CudaStream.create(device)) {
        System.out.println(NativeLibraries.isAvailable(NativeLibrary.CUDNN));
        System.out.println(NativeLibraries.problem().isPresent());
        CudnnHandle.create(stream).close();
        System.out.println("cuDNN works");
      } catch (CudaUnavailableException e) {
        System.out.println(e.reason());
      }
    }
  }

  @Test
  void cudnnIsMissedOnlyByWhoAsksForIt() throws Exception {
    CudaDouble.requireDouble();
    Path whole = Path.of(System.getProperty("hypertape.cuda.path"));
    try (Stream<Path> files = Files.list(whole)) {
      for (Path file :
          files.filter(one -> one.getFileName().toString().contains(".so.")).toList()) {
        if (!file.endsWith("libcudnn.so.9")) {
          Files.copy(file, folder.resolve(file.getFileName()));
        }
      }
    }
    Path output = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dhypertape.cuda.path=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertEquals(0, process.waitFor());
    List<String> said = Files.readAllLines(output, StandardCharsets.UTF_8);
    assumeFalse(said.contains("cuDNN works"), "a real cuDNN is installed here");
    assertEquals(List.of("false", "false"), said.subList(0, 2));
    assertTrue(said.get(2).startsWith("cuDNN not found (libcudnn.so.9: "), said.get(2));
    assertTrue(said.get(2).contains("install cuDNN 9"), said.get(2));
    assertEquals(3, said.size(), said.toString());
  }
}
