package io.hypertape.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jars as a launcher runs them: on the module path, without any flag but one. */
class ModulePathIT {

  private static final Path TARGET = Path.of("../cli/target").toAbsolutePath().normalize();

  @TempDir private Path folder;

  private static List<Path> jars() throws IOException {
    List<Path> jars = new ArrayList<>();
    for (Path place : List.of(TARGET, TARGET.resolve("lib"))) {
      try (Stream<Path> files = Files.list(place)) {
        files.filter(p -> p.toString().endsWith(".jar")).sorted().forEach(jars::add);
      }
    }
    return jars;
  }

  private String run(String... args) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("--enable-native-access=io.hypertape.bindings", "-p"));
    words.add(String.join(File.pathSeparator, jars().stream().map(Path::toString).toList()));
    words.addAll(List.of("-m", "io.hypertape.cli/io.hypertape.cli.Main"));
    words.addAll(List.of(args));
    return java(words);
  }

  private String java(List<String> words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(words);
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), text);
    return text;
  }

  @Test
  void tablesAreRead() throws Exception {
    StringBuilder rows = new StringBuilder("x,word,y\n");
    for (int i = 0; i < 100; i++) {
      rows.append(i + ",w" + i % 3 + "," + 2 * i + "\n");
    }
    Path table = Files.writeString(folder.resolve("t.csv"), rows);
    String run = folder.resolve("run").toString();
    run("train", "--data", table.toString(), "--label", "y", "--epochs", "1", "--out", run);
    assertTrue(run("predict", run, table.toString()).contains("\ny\n"));
    Path parquet =
        Path.of("../models/src/test/resources/io/hypertape/data/table/snappy.parquet")
            .toAbsolutePath();
    run = folder.resolve("other").toString();
    String text =
        run(
            "train",
            "--data",
            parquet.toString(),
            "--label",
            "int8",
            "--features",
            "text,double",
            "--missing",
            "fill",
            "--test-data",
            parquet.toString(),
            "--epochs",
            "1",
            "--out",
            run);
    assertTrue(text.contains("5 rows to learn from"), text);
    assertFalse(text.contains("INFO"), text);
  }

  @Test
  void vectorKernelsNeedNoFlag() throws Exception {
    String text = run("doctor");
    assertTrue(text.contains("vector kernels, "), text);
    assertFalse(text.contains("scalar kernels: "), text);
    assertFalse(text.contains("native access is denied"), text);
  }

  @Test
  void theMainJobRuns() throws Exception {
    String text = run("train", "--epochs", "1", "--hidden", "8", "--out", "run");
    assertTrue(text.contains("done in "), text);
    for (String file : List.of("config.json", "metrics.csv", "model.safetensors", "plot.png")) {
      assertTrue(Files.size(folder.resolve("run").resolve(file)) > 0, file);
    }
    assertTrue(run("evaluate", "run").contains("10000 images"));
  }

  /** Its manifest names the others, and says what may call native code. */
  @Test
  void theJarOfTheCommandLineStarts() throws Exception {
    for (Path jar : jars()) {
      Files.copy(jar, folder.resolve(jar.getFileName()));
    }
    String jar = jars().getFirst().getFileName().toString();
    String version = java(List.of("-jar", jar, "--version"));
    assertEquals(
        "hypertape " + jar.replaceAll("hypertape-cli-|\\.jar", ""),
        version.lines().findFirst().get());
    String text = java(List.of("--add-modules", "jdk.incubator.vector", "-jar", jar, "doctor"));
    assertTrue(text.contains("vector kernels, "), text);
    assertFalse(text.contains("native access is denied"), text);
    assertFalse(text.contains("restricted method"), text);
  }

  @Test
  void ourJarsAreSmallModulesWithoutNativeCode() throws IOException {
    int ours = 0;
    for (Path path : jars()) {
      try (JarFile jar = new JarFile(path.toFile())) {
        boolean mine = jar.stream().anyMatch(e -> e.getName().startsWith("io/hypertape/"));
        if (mine) {
          ours++;
          assertTrue(jar.getEntry("module-info.class") != null, path + " is no module");
          assertTrue(
              jar.stream().noneMatch(e -> e.getName().matches(".*\\.(so|dll|dylib)(\\..*)?")),
              path + " has native code");
          assertTrue(Files.size(path) < 3 << 20, path + " has " + Files.size(path) + " bytes");
        }
      }
    }
    assertEquals(5, ours, jars().toString());
  }
}
