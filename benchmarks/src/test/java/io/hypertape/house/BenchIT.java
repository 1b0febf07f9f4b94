package io.hypertape.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code bench} as the launcher runs it: from modules, with forks on a class path. */
class BenchIT {

  private static final Path TARGET = Path.of("target").toAbsolutePath();

  @TempDir private Path folder;

  private static String modulePath() throws IOException {
    try (Stream<Path> files = Files.list(TARGET)) {
      String own =
          files
              .map(Path::toString)
              .filter(name -> name.matches(".*/hypertape-benchmarks-[^/]*\\.jar"))
              .collect(Collectors.joining(File.pathSeparator));
      return own + File.pathSeparator + TARGET.resolve("lib");
    }
  }

  private String bench(String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=io.hypertape.bindings", "-p", modulePath()));
    command.addAll(List.of("-m", "io.hypertape.cli/io.hypertape.cli.Main", "bench"));
    command.addAll(List.of(args));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), text);
    assertTrue(text.chars().allMatch(c -> c == '\n' || c >= ' '), text);
    return text;
  }

  @Test
  void kernelsAreMeasuredInForks() throws Exception {
    String text = bench("kernels", "--quick", "--filter", "elementwise ADD 2048", "--out", "b");
    assertTrue(text.contains("[1/1] elementwise ADD 2048: "), text);
    assertTrue(text.contains("| elementwise ADD 2048 |"), text);
    for (String file : List.of("bench.md", "bench.json", "jmh.log", "jmh.json")) {
      assertTrue(Files.size(folder.resolve("b").resolve(file)) > 0, file);
    }
  }

  @Test
  void peersMeetInForks() throws Exception {
    String text =
        bench(
            "peers",
            "--quick",
            "--filter",
            "gemm 37x41x43",
            "--openblas",
            "none",
            "--onednn",
            "none",
            "--mkl",
            "none",
            "--python",
            "none",
            "--out",
            "p");
    assertTrue(text.contains("| 37x41x43 |"), text);
    assertTrue(text.contains("oneDNN was left out"), text);
  }
}
