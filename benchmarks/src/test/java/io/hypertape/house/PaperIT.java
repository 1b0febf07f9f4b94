package io.hypertape.house;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.benchmarks.paper.TinyMnist;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code paper} as the launcher runs it, from modules, and stopped as by Ctrl-C. */
class PaperIT {

  private static final Path TARGET = Path.of("target").toAbsolutePath();

  @TempDir private Path folder;

  @BeforeEach
  void draw() throws IOException {
    TinyMnist.write(folder.resolve("mnist"), 1000, 200);
  }

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

  private Process paper(String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Figures are not looked at.
    command.add("-Dhypertape.overhead.part=0.05");
    command.addAll(List.of("--enable-native-access=io.hypertape.bindings", "-p", modulePath()));
    command.addAll(List.of("-m", "io.hypertape.cli/io.hypertape.cli.Main", "paper"));
    command.addAll(List.of(args));
    return new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
  }

  private static String whole(Process process) throws IOException, InterruptedException {
    String text = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), text);
    return text;
  }

  /** Parts that a run says it has finished. */
  private static long finished(String output) {
    return output.lines().filter(line -> line.matches("\\[\\d+/\\d+] .*")).count();
  }

  @Test
  void aStoppedRunGoesOnAndGivesTheSameNumbers() throws Exception {
    String[] quick = {"table1", "--quick", "--data-dir", ".", "--seeds", "1"};
    List<String> args = new ArrayList<>(List.of(quick));
    args.addAll(List.of("--out", "stopped"));
    Process process = paper(args.toArray(String[]::new));
    BufferedReader lines = process.inputReader();
    String line = lines.readLine();
    while (line != null && !line.startsWith("[3/32]")) {
      line = lines.readLine();
    }
    // Not Process.destroy, which closes the streams as well.
    process.toHandle().destroy();
    String rest = lines.lines().collect(Collectors.joining("\n"));
    assertNotEquals(0, process.waitFor());
    assertTrue(rest.contains("interrupted; finished parts are kept in"), rest);
    int kept;
    try (Stream<Path> parts = Files.list(folder.resolve("stopped/parts"))) {
      kept = (int) parts.count();
    }
    assertTrue(kept >= 3 && kept < 32, kept + " parts");
    String again = whole(paper(args.toArray(String[]::new)));

    args.set(args.size() - 1, "whole");
    args.addAll(List.of("--jobs", "1"));
    String once = whole(paper(args.toArray(String[]::new)));
    assertTrue(once.contains("[32/32] "), once);
    // Where the run was stopped decides how its parts are counted, not how many there are.
    assertEquals(finished(once), kept + finished(again), again);
    for (String file : List.of("table1.csv", "table1.png")) {
      assertArrayEquals(
          Files.readAllBytes(folder.resolve("whole").resolve(file)),
          Files.readAllBytes(folder.resolve("stopped").resolve(file)),
          file);
    }
  }

  @Test
  void overheadIsMeasuredInProcessesOfItsOwn() throws Exception {
    String text = whole(paper("overhead", "--quick", "--out", "o"));
    assertTrue(text.contains("[3/3] overhead of mlp, height 50: "), text);
    assertTrue(text.contains("name a clone of its repository with --official"), text);
    assertTrue(Files.size(folder.resolve("o/overhead-mlp.png")) > 5000);
  }
}
