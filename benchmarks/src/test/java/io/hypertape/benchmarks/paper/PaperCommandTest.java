package io.hypertape.benchmarks.paper;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.benchmarks.parts.CommandRuns;
import io.hypertape.run.folder.RunLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaperCommandTest extends CommandRuns {

  @TempDir private Path folder;

  PaperCommandTest() {
    super(PaperSubcommand.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "table2|table2",
        "--seeds 0|--seeds is 0; 1 to 1000 fit",
        "--seeds 2000|seeds is 2000; 1 to 1000 fit",
        "--jobs 0|jobs is 0; 1 to 1024 fit",
        "--official /no/such/folder|--official /no/such/folder is no folder",
        "--backend abacus|abacus",
        "overhead --model vgg|vgg",
        "table1 --model mlp|--model is for sensitivity and overhead; neither is asked for",
        "--model mlp,char-lstm|sensitivity of char-lstm needs a text: name a file in UTF-8",
        "all|rnn needs a text: name a file in UTF-8 with --text",
      })
  void wrongUsageSaysWhatIsWrong(String args, String message) {
    assertEquals(2, execute(args.split(" ")), args);
    assertTrue(err.toString().contains(message), err.toString());
  }

  @Test
  void theFolderMustBeOne() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertEquals(2, execute("--out", file.toString()));
    assertTrue(err.toString().contains("is a file; a folder is expected"), err.toString());
  }

  @Test
  void emptyPlacesAreNoneAtAll() {
    assertEquals(2, execute("--official", ""));
    assertTrue(err.toString().contains("--official is empty; DIR is needed"), err.toString());
    assertEquals(2, execute("--python", " "));
    assertTrue(err.toString().contains("--python is empty; FILE is needed"), err.toString());
  }

  @Test
  void aFolderHasOneRunAtATime() throws IOException {
    try (RunLock lock = RunLock.take(folder)) {
      // Without the handler of the whole command line, picocli prints what was thrown.
      assertEquals(1, execute("table1", "--quick", "--backend", "cpu", "--out", folder.toString()));
      assertTrue(err.toString().contains("a run is at work in this folder"), err.toString());
    }
  }

  @Test
  void helpNamesEveryExperimentAndOption() {
    String help = line().getUsageMessage();
    for (String word :
        List.of(
            "table1",
            "sensitivity",
            "overhead",
            "all: these five",
            "--model=mlp|char-lstm|resnet20",
            "--quick",
            "--seeds",
            "--data-dir",
            "--out",
            "--backend",
            "--jobs",
            "--official",
            "--python",
            "goes on with")) {
      assertTrue(help.contains(word), word + "\n" + help);
    }
    assertTrue(help.lines().allMatch(l -> l.length() <= 80), help);
  }

  @Test
  void aQuickTable1IsWholeAndGoesOnWithEqualBytes() throws IOException {
    Path data = TinyMnist.write(folder.resolve("mnist"), 600, 200);
    Path run = folder.resolve("run");
    String[] args = {
      "table1",
      "--quick",
      "--backend",
      "cpu",
      "--data-dir",
      data.toString(),
      "--out",
      run.toString()
    };
    assertEquals(0, execute(args), err.toString());
    String text = Files.readString(run.resolve("table1.md"));
    for (Table1Row row : Table1Row.ALL) {
      assertTrue(text.contains("| " + row.tower() + " "), text);
      assertTrue(text.contains(" " + row.error() + " |"), text);
    }
    assertTrue(text.contains("./hypertape paper table1 --quick"), text);
    assertTrue(text.contains("cannot be compared with the paper's"), text);
    assertTrue(out.toString().contains("| sgd(0.01)/rmsprop(0.1)"), out.toString());
    PictureChecks.assertShows(run.resolve("table1.png"), PictureChecks.BLUE, PictureChecks.ORANGE);
    List<String> csv = Files.readAllLines(run.resolve("table1.csv"));
    assertEquals(1 + kept(run).size(), csv.size(), "a line for each part, as no two are equal");
    assertTrue(csv.size() >= 1 + Table1Row.ALL.size(), csv.toString());

    // Some parts are lost, as if the run had been stopped before them.
    byte[] table = Files.readAllBytes(run.resolve("table1.csv"));
    byte[] picture = Files.readAllBytes(run.resolve("table1.png"));
    List<Path> parts = kept(run);
    List<Path> lost = List.of(parts.get(0), parts.get(7), parts.get(parts.size() - 1));
    for (Path part : lost) {
      Files.delete(part);
    }
    assertEquals(0, execute(args), err.toString());
    assertEquals(3, told.lines().filter(l -> l.contains(" epoch")).count(), told);
    assertArrayEquals(table, Files.readAllBytes(run.resolve("table1.csv")));
    assertArrayEquals(picture, Files.readAllBytes(run.resolve("table1.png")));
    assertEquals(text, Files.readString(run.resolve("table1.md")));

    // Nothing is left to do, and other data are another run.
    assertEquals(0, execute(args), err.toString());
    assertFalse(told.contains("["), told);
    TinyMnist.write(data, 601, 200);
    assertEquals(0, execute(args), err.toString());
    assertTrue(told.contains("[1/32]"), told);
  }

  @Test
  void aQuickSensitivityFindsDataInASubfolder() throws IOException {
    TinyMnist.write(folder.resolve("data/mnist"), 600, 200);
    Path run = folder.resolve("run");
    int status =
        execute(
            "sensitivity",
            "--quick",
            "--data-dir",
            folder.resolve("data").toString(),
            "--out",
            run.toString());
    assertEquals(0, status, err.toString());
    String text = Files.readString(run.resolve("sensitivity-mlp.md"));
    assertTrue(text.contains("| 1e-08 "), text);
    assertTrue(text.contains("|          88 |"), text);
    assertEquals(1 + 6 * 4, Files.readAllLines(run.resolve("sensitivity-mlp.csv")).size());
    // The other lines lie below that of the highest tower, as nothing is learned from so little.
    PictureChecks.assertShows(run.resolve("sensitivity-mlp.png"), PictureChecks.PINK);
  }

  @Test
  void missingDataAreNamed() {
    // Without the handler of the whole command line, picocli prints what was thrown.
    assertEquals(1, execute("table1", "--data-dir", folder.toString(), "--out", folder + "/run"));
    assertTrue(err.toString().contains("train-images-idx3-ubyte"), err.toString());
  }
}
