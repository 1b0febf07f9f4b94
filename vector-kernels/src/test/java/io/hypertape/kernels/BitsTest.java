package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Interpreted, half compiled and compiled code give the same bits: so do two runs of a program. */
class BitsTest {

  @Test
  void compilationDoesNotChangeResults() throws Exception {
    String compiled = bits(List.of());
    assertEquals(compiled, bits(List.of("-XX:+UseSerialGC", "-XX:CICompilerCount=2")));
    assertEquals(compiled, bits(List.of("-XX:CompileThreshold=100000", "-XX:-TieredCompilation")));
    assertEquals(compiled, bits(List.of("-Xbatch")));
  }

  private static String bits(List<String> flags) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(BitsMain.class.getName());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String text = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), text);
    return text;
  }
}
