package io.hypertape.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Whole trainings end in the same bits on every processor, with any number of threads. */
@Execution(ExecutionMode.CONCURRENT)
class TrainingBitsTest {

  @Test
  void everyProcessorHasTheSameBits() throws Exception {
    List<String> vectors = run(List.of(), "VECTOR", "1");
    assertEquals(5, vectors.size(), vectors::toString);
    assertNotEquals("NaN", vectors.getFirst().split(" ")[1]);
    assertEquals(vectors, run(List.of(), "VECTOR", "3"), "three threads");
    assertEquals(vectors, run(List.of(), "AUTO", "2"), "scalar kernels, then vectors");
    assertEquals(vectors, run(List.of("-XX:UseAVX=2"), "VECTOR", "1"), "256 bits");
    assertEquals(vectors, run(List.of("-XX:MaxVectorSize=16"), "VECTOR", "1"), "128 bits");
    assertEquals(vectors, run(List.of(), "SCALAR", "1"), "scalar kernels");
    assertEquals(vectors, run(List.of("-XX:UseAVX=0"), "SCALAR", "1"), "without AVX");
  }

  private static List<String> run(List<String> flags, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+IgnoreUnrecognizedVMOptions");
    command.addAll(flags);
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(TrainingBits.class.getName());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String text = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), text);
    return text.lines().toList();
  }
}
