package io.hypertape.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables on the command line: trained on, judged by, foretold, and refused by line and column. */
class TableCommandTest {

  @TempDir private Path folder;
  private Path houses;

  @BeforeEach
  void write() throws IOException {
    Random random = new Random(5);
    StringBuilder text = new StringBuilder("id,size,\"town, part\",price,kind,large,second\n");
    for (int i = 0; i < 600; i++) {
      double size = 50 + 20 * random.nextGaussian();
      int town = random.nextInt(3);
      double price = 1000 * size * (town == 0 ? 2 : 1);
      text.append("h" + i + "," + (float) size + ",t" + town + "," + (float) price + ",")
          .append(price > 70_000 ? "dear" : "cheap")
          .append("," + (size > 50 ? 1 : 0) + "," + (town == 2 ? 1 : 0) + "\n");
    }
    houses = Files.writeString(folder.resolve("houses.csv"), text.toString());
  }

  private CommandResult run(String command, Object... more) {
    List<String> args = new ArrayList<>(List.of(command, "--backend", "cpu", "--threads", "1"));
    for (Object word : more) {
      args.add(word.toString());
    }
    return CommandResult.of(args.toArray(String[]::new));
  }

  private CommandResult train(Path run, Object... more) {
    List<Object> args = new ArrayList<>(List.of("--data", houses, "--hidden", "16"));
    args.addAll(List.of("--optimizer", "adam(0.01)/sgd(1e-5)", "--out", run));
    args.addAll(List.of(more));
    return run("train", args.toArray());
  }

  private static void assertContains(String text, String... parts) {
    for (String part : parts) {
      assertTrue(text.contains(part), part + " in " + text);
    }
  }

  private Path rows() throws IOException {
    return Files.writeString(
        folder.resolve("rows.csv"), "size,id,\"town, part\"\n100,a,t0\n20,\"b,c\",t1\n");
  }

  @Test
  void numbers() throws IOException {
    Path run = folder.resolve("run");
    CommandResult result =
        train(run, "--label", "price", "--features", "size,town, part", "--id", "id");
    // A name with a comma is one only by itself.
    result.assertFails(2, "there is no column 'town'; there are id, size");
    result = train(run, "--label", "price", "--ignore", "kind,large,second", "--id", "id");
    result.assertDone();
    assertContains(result.out(), "epoch 30/30", "valid rmse ", "test r2 0.9", "saved in " + run);
    assertContains(result.err(), " to choose by, ", "4 inputs of size, town, part for price");
    String judged = run("evaluate", run).assertDone().out();
    assertContains(judged, "houses.csv test: ", " rows, loss ", "rmse ", "mae ", "r2 0.9");
    String all = run("evaluate", run, "--data", houses).assertDone().out();
    assertContains(all, "houses.csv: 600 rows, ");
    List<String> told = run("predict", run, rows()).assertDone().out().lines().toList();
    assertEquals("id,price", told.get(0));
    assertEquals(200_000, Double.parseDouble(told.get(1).split(",")[1]), 50_000);
    assertTrue(told.get(2).startsWith("\"b,c\","), told.toString());
    Path out = folder.resolve("told.csv");
    run("predict", run.resolve("model.safetensors"), rows(), "--out", out).assertDone();
    assertEquals(told, Files.readAllLines(out));
  }

  @Test
  void classes() throws IOException {
    Path run = folder.resolve("run");
    train(run, "--label", "kind", "--ignore", "id,price", "--split", "70:30", "--epochs", 10)
        .assertDone();
    String judged = run("evaluate", run).assertDone().out();
    assertContains(judged, "error ", "auc ", "brier ", "cheap ", "dear ");
    Path full =
        Files.writeString(
            folder.resolve("rows.csv"), "size,\"town, part\",large,second\n100,t0,1,0\n");
    String told = run("predict", run, full).assertDone().out();
    assertContains(told, "kind,kind=cheap,kind=dear\n", "\ndear,");
  }

  @Test
  void labelsAndTheLoss() {
    Path run = folder.resolve("run");
    CommandResult result =
        train(
            run,
            "--label",
            "large,second",
            "--ignore",
            "id,price,kind",
            "--epochs",
            8,
            "--loss",
            "binary-cross-entropy(balanced)");
    result.assertDone();
    assertContains(result.out(), "test f1 ", "test exact match ");
    assertContains(run("evaluate", run).assertDone().out(), "micro f1 ", "exact match ");
  }

  @Test
  void quantilesBoundANumber() throws IOException {
    Path run = folder.resolve("run");
    train(
            run,
            "--label",
            "price",
            "--features",
            "size",
            "--id",
            "id",
            "--epochs",
            3,
            "--loss",
            "quantile(0.1,0.5,0.9)")
        .assertDone();
    assertContains(run("evaluate", run).assertDone().out(), "rmse ");
    String told = run("predict", run, rows()).assertDone().out();
    assertContains(told, "id,price 1,price 2,price 3\n");
  }

  @Test
  void runsGoOnAndEndByThemselves() {
    Path once = folder.resolve("once");
    Path twice = folder.resolve("twice");
    Object[] what = {"--label", "price", "--ignore", "id", "--epochs", 4};
    train(once, what).assertDone();
    what[5] = 2;
    train(twice, what).assertDone();
    run("train", "--resume", twice, "--epochs", 4).assertDone();
    assertEquals(
        run("evaluate", once).assertDone().out().replace("once", "twice"),
        run("evaluate", twice).assertDone().out());
    CommandResult.of("verify", twice.toString()).assertDone();
    Path waiting = folder.resolve("waiting");
    CommandResult result =
        train(waiting, "--label", "price", "--until", "valid r2 stops improving");
    result.assertDone();
    assertContains(result.err(), "cooling down", "valid r2 has not improved for 3 epochs");
    train(folder.resolve("x"), "--label", "price", "--until", "valid error stops improving")
        .assertFails(1, "a model of numbers has no valid error; it has train loss, valid loss");
  }

  @Test
  void aFileOfItsOwnMayBeJudgedBy() throws IOException {
    Path run = folder.resolve("run");
    Path test =
        Files.writeString(
            folder.resolve("test.csv"),
            Files.readString(houses).lines().limit(51).reduce("", (a, b) -> a + b + "\n"));
    train(run, "--label", "price", "--ignore", "id,kind", "--epochs", 3, "--test-data", test)
        .assertDone();
    assertContains(run("evaluate", run).assertDone().out(), "test.csv: 50 rows, ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "|a table needs --label COLUMN",
        "--label nope|there is no column 'nope'; there are id, size, town, part, price",
        "--label price,kind|neither all numbers nor all 0 and 1",
        "--label price,size --task classes|--task classes is of one column; --label names 2",
        "--label price --split 100|--split is 100; shares such as 80:10:10 or 80:20 fit",
        "--label price --split 0:1|--split is 0:1; shares",
        "--label price --split 1:1 --test-data x.csv|one of them fits",
        "--label price --missing drop|--missing",
        "--label price --loss l1|unknown loss 'l1'; there are squared-error, huber(DELTA)",
        "--label price --loss huber(0)|delta is 0.0; a finite number above 0",
        "--label price --loss cross-entropy|--loss cross-entropy is no loss of a number",
        "--label price --model cnn|cnn is no model of a table",
        "--label price --model char-lstm|char-lstm is no model of a table",
        "--label price --augment none|--augment is for models of images",
        "--label price --data-dir x|--data-dir has no meaning for a table",
        "--label price --limit 3|--limit is for strokes, mnist and cifar10",
        "--label price --demo|--demo is for --model mlp"
      })
  void wrongUsage(String args, String part) {
    List<Object> words = new ArrayList<>(List.of("--data", houses));
    if (args != null) {
      words.addAll(List.of(args.split(" ")));
    }
    run("train", words.toArray()).assertFails(2, part);
  }

  @Test
  void optionsOfTablesAreForTables() {
    run("train", "--label", "price").assertFails(2, "--label is for tables, which --data FILE.csv");
    run("train", "--data", "strokes", "--loss", "huber(1)").assertFails(2, "--loss is for tables");
  }

  @Test
  void badCellsAreToldByFileLineAndColumn() throws IOException {
    Path run = folder.resolve("run");
    List<String> lines = new ArrayList<>(Files.readAllLines(houses));
    lines.set(17, lines.get(17).replaceFirst("^(h16),[^,]+", "$1,"));
    Files.write(houses, lines);
    train(run, "--label", "price").assertFails(1, houses + ", line 18, column size: the cell is");
    train(folder.resolve("filled"), "--label", "price", "--missing", "fill", "--epochs", 1)
        .assertDone();
    run("train", "--data", folder.resolve("gone.csv"), "--label", "x")
        .assertFails(1, "gone.csv: there is no such file");
  }

  @Test
  void modelsAndDataMustFit() throws IOException {
    Path run = folder.resolve("run");
    train(run, "--label", "price", "--features", "size", "--epochs", 1).assertDone();
    run("evaluate", run.resolve("model.safetensors"))
        .assertFails(1, "--data FILE names the rows to judge it by");
    run("evaluate", run, "--data", "mnist").assertFails(2, "is a model of a table; --data mnist");
    run("predict", run, Files.writeString(folder.resolve("e.csv"), "x\n1\n"))
        .assertFails(1, "e.csv: there is no column 'size'; there are x");
    run("generate", run).assertFails(1, "feed-forward is no language model");
    Path images = folder.resolve("images");
    run("train", "--limit", 64, "--hidden", 4, "--epochs", 1, "--out", images).assertDone();
    run("predict", images, houses).assertFails(1, "mlp was not trained on a table");
    run("evaluate", images, "--data", houses).assertFails(2, "mlp is no model of a table");
  }
}
