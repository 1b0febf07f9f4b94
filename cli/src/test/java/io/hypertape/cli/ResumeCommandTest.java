package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.run.RunState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code train --resume}: the files of a run that went on are those of one that ran through. */
class ResumeCommandTest {

  private static final List<String> IMAGES =
      List.of("--limit", "300", "--batch", "64", "--hidden", "12");

  @TempDir private Path folder;
  private String err;

  private int run(String command, List<String> common, String... more) {
    List<String> args = new ArrayList<>(List.of(command));
    if (command.equals("train")) {
      args.addAll(List.of("--backend", "cpu", "--threads", "1"));
    }
    args.addAll(common);
    args.addAll(Arrays.asList(more));
    CommandResult result = CommandResult.of(args.toArray(String[]::new));
    err = result.err();
    return result.status();
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private void train(List<String> common, String... more) {
    assertEquals(0, run("train", common, more), () -> err);
  }

  private void assertRefused(int status, String part, String... args) {
    assertEquals(status, run("train", List.of("--resume", path("run")), args), () -> err);
    assertTrue(err.contains(part), err);
  }

  private void assertEqualRuns() throws IOException {
    for (String file :
        List.of("model.safetensors", "state.safetensors", "metrics.csv", "epochs.csv")) {
      assertEquals(
          -1,
          Files.mismatch(
              folder.resolve("run").resolve(file), folder.resolve("whole").resolve(file)),
          file);
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "\"adam(1e-3)/sgd(1e-5)\"",
        "\"sgd(0.1, mu=0.9)/sgd(1e-4) clip=1 schedule=warmup(3, milestones(7, 0.5))\""
      })
  void aRunOfImagesGoesOn(String tower) throws IOException {
    List<String> options = new ArrayList<>(IMAGES);
    options.addAll(List.of("--optimizer", tower, "--augment", "crop-and-flip"));
    train(options, "--epochs", "4", "--out", path("whole"));
    train(options, "--epochs", "1", "--out", path("run"));
    train(List.of("--resume", path("run")), "--steps", "8");
    // What was given in the beginning may be given again.
    train(options, "--epochs", "4", "--resume", path("run"));
    assertEqualRuns();
    assertEquals(0, run("evaluate", List.of(path("run")), "--limit", "300"), () -> err);
  }

  /** As on another processor: bits are the same, and nobody is told that they may differ. */
  @Test
  void aRunGoesOnWithOtherKernels() throws IOException {
    List<String> options = new ArrayList<>(IMAGES);
    options.addAll(List.of("--optimizer", "adam(1e-3)/sgd(1e-5)"));
    train(options, "--epochs", "2", "--out", path("whole"));
    train(options, "--epochs", "1", "--out", path("run"), "--simd", "scalar");
    train(List.of("--resume", path("run")), "--epochs", "2", "--simd", "auto");
    assertFalse(err.contains("may differ"), err);
    assertEqualRuns();
  }

  @Test
  void aRunOfTextGoesOnWithinAnEpoch() throws IOException {
    Files.writeString(folder.resolve("text"), "words and words, \n".repeat(60));
    List<String> options =
        List.of(
            "--data",
            "text",
            "--data-file",
            path("text"),
            "--hidden",
            "8",
            "--dropout",
            "0.2",
            "--batch",
            "4",
            "--unroll",
            "20",
            "--schedule",
            "constant");
    train(options, "--steps", "25", "--out", path("whole"));
    train(options, "--steps", "14", "--out", path("run"));
    train(List.of("--resume", path("run")), "--steps", "25");
    assertEqualRuns();
    assertEquals(0, run("generate", List.of(path("run")), "--length", "5"), () -> err);
  }

  @Test
  void aRunThatEndedByItselfIsOver() throws IOException {
    List<String> options = new ArrayList<>(IMAGES);
    options.addAll(List.of("--optimizer", "sgd(0.3, mu=0.9)/sgd(1e-4)", "--patience", "1"));
    options.addAll(List.of("--until", "test error stops improving", "--cool-down", "0.5"));
    train(options, "--out", path("run"));
    List<String> told = err.lines().filter(line -> line.startsWith("cooling down from")).toList();
    assertEquals(1, told.size(), err);
    Path run = folder.resolve("run");
    long end = RunState.read(run.resolve("state.safetensors")).steps();
    assertTrue(
        told.getFirst().endsWith(" to step " + end + ": test error has not improved for 1 epoch"),
        err);
    assertTrue(end < 5 * 100, "it ends before its last epoch");
    assertRefused(2, "has cooled down after " + end + " steps: further ones would change nothing");
    assertRefused(2, "has cooled down after " + end + " steps", "--epochs", "200");
    assertRefused(2, "--until is test loss stops", "--until", "test loss stops improving");
    // Killed before it had drawn its picture.
    Files.delete(run.resolve("plot.png"));
    train(List.of("--resume", path("run")));
    assertTrue(Files.exists(run.resolve("plot.png")));
    assertEquals(end, RunState.read(run.resolve("state.safetensors")).steps());
  }

  @Test
  void whatContradictsIsRefused() {
    train(IMAGES, "--epochs", "1", "--schedule", "cosine", "--out", path("run"));
    assertRefused(2, "--seed is 2, and the run in " + path("run") + " has 1", "--seed", "2");
    assertRefused(2, "--clip is 3.0, and the run in", "--clip", "3");
    assertRefused(2, "was started without it", "--clip", "3");
    assertRefused(2, "--optimizer is sgd(0.1)", "--optimizer", "sgd(0.1)");
    assertRefused(2, "--hidden is 13", "--hidden", "13");
    assertRefused(2, "has taken 5 steps, and 5 are asked for");
    assertRefused(2, "end of its schedule cosine(5)", "--epochs", "2");
    assertRefused(2, "--out does not fit --resume", "--out", path("other"));
    assertRefused(2, "--demo does not fit --resume", "--demo");
    assertRefused(2, "--precision is FLOAT64", "--precision", "float64");
  }

  @Test
  void aFolderThatHoldsNoRunToGoOnWith() throws IOException {
    assertRefused(1, "is not there");
    train(IMAGES, "--epochs", "1", "--out", path("run"));
    Path state = folder.resolve("run").resolve("state.safetensors");
    byte[] whole = Files.readAllBytes(state);
    Files.write(state, Arrays.copyOf(whole, whole.length - 100));
    assertRefused(1, state + ": the header describes", "--epochs", "2");
    Files.copy(
        folder.resolve("run").resolve("model.safetensors"),
        state,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertRefused(1, state + ": no state of a run", "--epochs", "2");
    Path config = folder.resolve("run").resolve("config.json");
    String text = Files.readString(config);
    Files.writeString(config, text.replace("\"options\"", "\"others\""));
    assertRefused(1, config + ": was damaged or changed", "--epochs", "2");
    Files.writeString(config, unchecked(text).replace("\"options\"", "\"others\""));
    assertRefused(1, "of an earlier version; it can be used but not resumed", "--epochs", "2");
    assertEquals(0, run("evaluate", List.of(path("run")), "--limit", "300"), () -> err);
    Files.writeString(config, "{}");
    assertRefused(1, "no run of hypertape train", "--epochs", "2");
  }

  private static String unchecked(String config) {
    return config.replaceFirst(" *\"checksum\".*\n", "");
  }

  @Test
  void aFoldersOptionsAreDataOfKnownNames() throws IOException {
    train(IMAGES, "--epochs", "1", "--out", path("run"));
    Path config = folder.resolve("run").resolve("config.json");
    String text = unchecked(Files.readString(config));
    String size = "\"--hidden\" : \"12\"";
    assertTrue(text.contains(size), text);
    for (String other :
        List.of(
            "\"@/etc/passwd\" : \"\"",
            "\"--out\" : \"" + path("other") + "\"",
            "\"--help\" : \"true\"",
            "\"evaluate\" : \"x\"",
            "\"--hidden\" : 12",
            "\"--hidden\" : [\"12\"]")) {
      Files.writeString(config, text.replace(size, other));
      assertRefused(1, config + ": ", "--epochs", "2");
      assertTrue(err.contains("is no option of a run"), err);
    }
  }

  @Test
  void aFoldersOptionsDownloadNothing() throws IOException {
    Assumptions.assumeTrue(
        System.getenv("XDG_CACHE_HOME") == null, "XDG_CACHE_HOME names another cache");
    train(IMAGES, "--epochs", "1", "--out", path("run"));
    Path config = folder.resolve("run").resolve("config.json");
    String text = unchecked(Files.readString(config));
    assertTrue(text.contains("\"--data\" : \"strokes\""), text);
    String home = System.setProperty("user.home", path("home"));
    try {
      for (String other : List.of("mnist", "cifar10")) {
        Files.writeString(config, text.replace("\"strokes\"", "\"" + other + "\""));
        Map<String, String> before = contents("run");
        assertRefused(1, "the run's folder asks for " + other, "--epochs", "2");
        assertEquals(before, contents("run"));
        assertTrue(Files.notExists(folder.resolve("home")));
      }
    } finally {
      System.setProperty("user.home", home);
    }
  }

  /** What a folder has, byte for byte. */
  private Map<String, String> contents(String run) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder.resolve(run))) {
      for (Path file : files.toList()) {
        contents.put(
            file.getFileName().toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return contents;
  }

  @Test
  void aResumptionThatFailsChangesNothing() throws IOException {
    Files.writeString(folder.resolve("text"), "words and words, \n".repeat(60));
    List<String> options =
        new ArrayList<>(
            List.of(
                "--data", "text", "--data-file", path("text"), "--hidden", "8", "--batch", "4"));
    options.addAll(List.of("--schedule", "constant"));
    train(options, "--epochs", "1", "--out", path("run"));
    Path state = folder.resolve("run").resolve("state.safetensors");
    // A state that is whole and of another run: that is found last, when it is restored.
    Files.move(state, folder.resolve("state"));
    train(options, "--epochs", "1", "--seed", "2", "--out", path("other"));
    Files.copy(folder.resolve("other/state.safetensors"), state);
    Map<String, String> before = contents("run");
    assertRefused(1, "it is of a run with seed 2, not 1", "--epochs", "3");
    assertEquals(before, contents("run"));
    Files.delete(state);
    Files.move(folder.resolve("state"), state);
    // So is a table that is not the run's.
    Files.writeString(folder.resolve("run/metrics.csv"), "step,loss\n");
    before = contents("run");
    assertRefused(1, "metrics.csv: was damaged or changed", "--epochs", "3");
    assertEquals(before, contents("run"));
    Files.delete(folder.resolve("run/metrics.csv"));
    train(List.of("--resume", path("run")), "--epochs", "3");
  }

  @Test
  void linksInAFolderAreNotFollowed() throws IOException {
    Path precious = Files.writeString(folder.resolve("precious"), "x");
    train(IMAGES, "--epochs", "1", "--schedule", "constant", "--out", path("run"));
    Path run = folder.resolve("run");
    for (String name : List.of("config.json", "state.safetensors", "model.safetensors")) {
      Path own = Files.move(run.resolve(name), folder.resolve(name));
      Files.createSymbolicLink(run.resolve(name), own);
    }
    Map<String, String> before = contents("run");
    Files.delete(run.resolve("metrics.csv"));
    Files.createSymbolicLink(run.resolve("metrics.csv"), folder.resolve("none"));
    Files.delete(run.resolve("plot.png"));
    Files.createSymbolicLink(run.resolve("plot.png"), precious);
    for (String part : List.of("config.json", "state.safetensors", "model.safetensors")) {
      Files.createSymbolicLink(run.resolve(part + ".part"), precious);
    }
    train(List.of("--resume", path("run")), "--epochs", "2");
    assertEquals("x", Files.readString(precious));
    assertTrue(Files.notExists(folder.resolve("none")));
    for (String name : List.of("config.json", "state.safetensors", "model.safetensors")) {
      assertEquals(
          before.get(name), Files.readString(folder.resolve(name), StandardCharsets.ISO_8859_1));
      assertTrue(Files.isRegularFile(run.resolve(name), LinkOption.NOFOLLOW_LINKS), name);
    }
    Files.createSymbolicLink(run.resolve("run.lock"), precious);
    assertRefused(1, "run.lock: no file but a link", "--epochs", "3");
    assertEquals("x", Files.readString(precious));
  }

  @Test
  void aRunThatWasKilledBeforeItsFirstCheckpointBeginsAnew() throws IOException {
    List<String> options = new ArrayList<>(IMAGES);
    options.addAll(List.of("--optimizer", "adam(1e-3)/sgd(1e-5)", "--schedule", "cosine"));
    train(options, "--epochs", "2", "--out", path("whole"));
    train(options, "--epochs", "2", "--out", path("run"));
    Path run = folder.resolve("run");
    for (String name : List.of("state.safetensors", "model.safetensors", "plot.png")) {
      Files.delete(run.resolve(name));
    }
    Path metrics = run.resolve("metrics.csv");
    Files.writeString(metrics, Files.readString(metrics).substring(0, 150));
    train(List.of("--resume", path("run")));
    assertTrue(err.contains("ended before its first checkpoint and begins anew"), err);
    assertEqualRuns();
  }

  @Test
  void aRunThatWasKilledAfterItsLastCheckpointIsFinished() throws IOException {
    train(IMAGES, "--epochs", "2", "--out", path("whole"));
    train(IMAGES, "--epochs", "2", "--out", path("run"));
    Path run = folder.resolve("run");
    byte[] plot = Files.readAllBytes(run.resolve("plot.png"));
    Files.delete(run.resolve("plot.png"));
    Path part = Files.writeString(run.resolve("plot.png.0123456789abcdef.part"), "half");
    train(List.of("--resume", path("run")));
    assertEqualRuns();
    assertArrayEquals(plot, Files.readAllBytes(run.resolve("plot.png")));
    assertTrue(Files.notExists(part));
    assertRefused(2, "has taken 10 steps, and 10 are asked for");
  }

  @Test
  void otherDataAreNoticed() throws IOException {
    Files.writeString(folder.resolve("text"), "words and words, \n".repeat(60));
    List<String> options =
        List.of("--data", "text", "--data-file", path("text"), "--hidden", "8", "--batch", "4");
    train(options, "--epochs", "1", "--out", path("run"));
    Files.writeString(folder.resolve("text"), "words and words, \n".repeat(61));
    assertRefused(1, "the run has train_characters 864, and now there is 878", "--epochs", "2");
  }
}
