package io.hypertape.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs a program as other processors would: with vectors of this one's length, of 256 and of 128
 * bits, with scalar kernels, and with those where a fused multiply-add is no instruction. It is
 * given a {@link KernelMode} and prints lines of a name and a hash.
 */
final class Processors {

  private static final Map<String, List<String>> FLAGS = new LinkedHashMap<>();

  static {
    FLAGS.put("VECTOR", List.of());
    FLAGS.put("VECTOR of 256 bits", List.of("-XX:UseAVX=2"));
    FLAGS.put("VECTOR of 128 bits", List.of("-XX:MaxVectorSize=16"));
    FLAGS.put("SCALAR", List.of());
    FLAGS.put("SCALAR without AVX", List.of("-XX:UseAVX=0"));
    FLAGS.put("SCALAR interpreted", List.of("-Xint"));
  }

  private Processors() {}

  /**
   * Fails unless it prints the same as on this processor's vectors everywhere, but where it would
   * take too long.
   */
  static void assertSameBits(Class<?> main, String... tooLong)
      throws IOException, InterruptedException {
    Map<String, String> differences = new TreeMap<>();
    List<String> expected = List.of();
    Map<String, List<String>> ways = new LinkedHashMap<>(FLAGS);
    ways.keySet().removeAll(List.of(tooLong));
    for (var entry : ways.entrySet()) {
      String mode = entry.getKey().split(" ")[0];
      List<String> lines = run(main, entry.getValue(), mode);
      if (expected.isEmpty()) {
        expected = lines;
      }
      assertEquals(expected.size(), lines.size(), entry.getKey());
      for (int i = 0; i < lines.size(); i++) {
        if (!lines.get(i).equals(expected.get(i))) {
          differences.merge(entry.getKey(), lines.get(i), (a, b) -> a + ", " + b);
        }
      }
    }
    assertEquals(Map.of(), differences);
  }

  /** The lines that a program prints in a virtual machine of its own. */
  static List<String> run(Class<?> main, List<String> flags, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+IgnoreUnrecognizedVMOptions");
    command.addAll(flags);
    command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String text = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), text);
    return text.lines().toList();
  }
}
