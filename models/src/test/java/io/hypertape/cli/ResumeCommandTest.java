package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
    PrintStream out = System.out;
    PrintStream before = System.err;
    ByteArrayOutputStream told = new ByteArrayOutputStream();
    System.setErr(new PrintStream(told, true, StandardCharsets.UTF_8));
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    try {
      return Main.execute(args.toArray(String[]::new));
    } finally {
      System.setErr(before);
      System.setOut(out);
      err = told.toString(StandardCharsets.UTF_8);
    }
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
    for (String file : List.of("model.safetensors", "state.safetensors", "metrics.csv")) {
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
            "20");
    train(options, "--steps", "25", "--out", path("whole"));
    train(options, "--steps", "14", "--out", path("run"));
    train(List.of("--resume", path("run")), "--steps", "25");
    assertEqualRuns();
    assertEquals(0, run("generate", List.of(path("run")), "--length", "5"), () -> err);
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
    Files.delete(state);
    assertRefused(1, "the run ended before its first epoch did", "--epochs", "2");
    Path config = folder.resolve("run").resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("\"options\"", "\"others\""));
    assertRefused(1, "of an earlier version; it can be used but not resumed", "--epochs", "2");
    assertEquals(0, run("evaluate", List.of(path("run")), "--limit", "300"), () -> err);
    Files.writeString(config, "{}");
    assertRefused(1, "no run of hypertape train", "--epochs", "2");
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
