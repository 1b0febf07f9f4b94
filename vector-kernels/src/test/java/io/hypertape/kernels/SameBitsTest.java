package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Vectors of 512, 256 and 128 bits and plain loops give the same bits. */
class SameBitsTest {

  @Test
  void theyDoNotHangOnTheVectorsLength() throws Exception {
    List<String> expected = bits(KernelMode.VECTOR, List.of());
    assertEquals(expected, bits(KernelMode.VECTOR, List.of("-XX:UseAVX=2")));
    assertEquals(expected, bits(KernelMode.VECTOR, List.of("-XX:MaxVectorSize=16")));
    assertEquals(expected, bits(KernelMode.SCALAR, List.of()));
    assertEquals(expected, bits(KernelMode.SCALAR, List.of("-XX:UseAVX=0")));
  }

  private static List<String> bits(KernelMode mode, List<String> flags)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+IgnoreUnrecognizedVMOptions");
    command.addAll(flags);
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(SameBitsMain.class.getName(), mode.name(), "40"));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String text = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), text);
    return text.lines().toList();
  }
}
