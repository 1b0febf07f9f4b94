package io.hypertape.benchmarks.paper;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.benchmarks.parts.CommandRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command {@code paper} with rnn and cnn. */
class PaperModelsTest extends CommandRuns {

  @TempDir private Path folder;

  PaperModelsTest() {
    super(PaperSubcommand.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rnn|rnn needs a text: name a file in UTF-8 with --text",
        "all rnn|rnn needs a text",
        "rnn --text t --steps 0|steps is 0; 1 to 100000000 fit",
        "cnn --epochs 0|epochs is 0; 1 to 10000 fit",
        "cnn --epochs 20000|epochs is 20000; 1 to 10000 fit",
      })
  void wrongUsageSaysWhatIsWrong(String args, String message) {
    assertEquals(2, execute(args.split(" ")), args);
    assertTrue(err.toString().contains(message), err.toString());
  }

  @Test
  void helpNamesThem() {
    String help = line().getUsageMessage();
    for (String word : List.of("rnn", "cnn", "--text", "--steps", "--epochs", "need a GPU")) {
      assertTrue(help.contains(word), word + "\n" + help);
    }
    assertTrue(help.lines().allMatch(l -> l.length() <= 80), help);
  }

  @Test
  void aQuickRnnIsWholeAndGoesOnWithEqualBytes() throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), "abc def gh ".repeat(600));
    Path run = folder.resolve("run");
    String[] args = {
      "rnn",
      "--quick",
      "--steps",
      "2",
      "--backend",
      "cpu",
      "--text",
      text.toString(),
      "--out",
      run.toString()
    };
    assertEquals(0, execute(args), err.toString());
    String table = Files.readString(run.resolve("rnn.md"));
    for (String figure : List.of("6.51 ± 0.88", "5.41 ± 0.26", "5.45 ± 0.76", "8.71 ± 0.91")) {
      assertTrue(table.contains(figure), table);
    }
    assertTrue(table.contains("./hypertape paper rnn --quick --steps 2"), table);
    assertTrue(table.contains("A quick run, on the first 5,280 characters only"), table);
    assertTrue(out.toString().contains("hyperoptimized"), out.toString());
    assertTrue(told.contains("[6/6] rnn adam("), told);
    byte[] csv = Files.readAllBytes(run.resolve("rnn.csv"));
    byte[] picture = Files.readAllBytes(run.resolve("rnn.png"));

    // A part is lost, as if the run had been stopped before it.
    List<Path> parts = kept(run);
    assertEquals(6, parts.size());
    Files.delete(parts.get(3));
    assertEquals(0, execute(args), err.toString());
    assertTrue(told.contains("[1/1] rnn adam("), told);
    assertArrayEquals(csv, Files.readAllBytes(run.resolve("rnn.csv")));
    assertArrayEquals(picture, Files.readAllBytes(run.resolve("rnn.png")));
    assertEquals(0, execute(args), err.toString());
    assertFalse(told.contains("["), told);
  }

  @Test
  void missingImagesAreNamed() {
    assertEquals(
        1, execute("cnn", "--quick", "--data-dir", folder.toString(), "--out", folder + "/run"));
    assertTrue(err.toString().contains("data_batch_1.bin"), err.toString());
    assertFalse(told.contains("without a GPU"), told);
  }

  @Test
  void aWholeCnnOnAProcessorIsWarnedOf() {
    String[] rest = {"--backend", "cpu", "--data-dir", folder.toString(), "--out", folder + "/run"};
    List<String> cnn = new ArrayList<>(List.of("cnn"));
    cnn.addAll(List.of(rest));
    assertEquals(1, execute(cnn.toArray(String[]::new)));
    assertTrue(told.contains("ResNet-20 takes days or weeks without a GPU; --quick"), told);
    List<String> sensitivity = new ArrayList<>(List.of("sensitivity", "--model", "resnet20"));
    sensitivity.addAll(List.of(rest));
    assertEquals(1, execute(sensitivity.toArray(String[]::new)));
    assertTrue(told.contains("ResNet-20 takes days or weeks without a GPU"), told);
  }

  @Test
  void aQuickSensitivityOfTheCharacterModel() throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), "abc def gh ".repeat(600));
    Path run = folder.resolve("run");
    int status =
        execute(
            "sensitivity",
            "--model",
            "char-lstm",
            "--quick",
            "--steps",
            "1",
            "--backend",
            "cpu",
            "--text",
            text.toString(),
            "--out",
            run.toString());
    assertEquals(0, status, err.toString());
    assertTrue(told.contains("[24/24] rnn sgd("), told);
    String table = Files.readString(run.resolve("sensitivity-char-lstm.md"));
    assertTrue(table.contains("./hypertape paper sensitivity --model char-lstm"), table);
    assertTrue(table.contains("A quick run, on the first 5,280 characters only"), table);
    assertTrue(Files.notExists(run.resolve("sensitivity-mlp.md")), "the MLP was not asked for");
    assertEquals(1 + 6 * 4, Files.readAllLines(run.resolve("sensitivity-char-lstm.csv")).size());
  }

  @Test
  void allNeedsTheDataOfAllBeforeAnythingRuns() throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), "abc def gh ".repeat(600));
    TinyMnist.write(folder.resolve("data/mnist"), 600, 200);
    Path run = folder.resolve("run");
    int status =
        execute(
            "all",
            "--quick",
            "--text",
            text.toString(),
            "--data-dir",
            folder.resolve("data").toString(),
            "--out",
            run.toString());
    assertEquals(1, status);
    assertTrue(err.toString().contains("data_batch_1.bin"), err.toString());
    assertFalse(told.contains("[1/"), told);
  }
}
