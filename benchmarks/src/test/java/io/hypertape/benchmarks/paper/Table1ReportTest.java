package io.hypertape.benchmarks.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.benchmarks.parts.Outcome;
import io.hypertape.benchmarks.parts.Part;
import io.hypertape.benchmarks.parts.Results;
import io.hypertape.benchmarks.parts.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Table1ReportTest {

  private final Table1 table =
      new Table1(MnistMlp.of(TinyMnist.draw(300, 100), 1), 3, Table1.Length.WHOLE);

  @TempDir private Path folder;

  /** Figures as if runs had given them: the row's number, and a tenth more for each seed. */
  private Outcome invented(Part part) {
    TrainingPart run = (TrainingPart) part;
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("test_error_percent", run.tower().height() + run.seed() / 10.0);
    String name = run.tower().levels().getFirst().optimizer().name();
    figures.put("L1." + name + ".alpha", 0.01 * run.seed());
    figures.put("L1." + name + ".mu", 0.0);
    figures.put("L1." + name + ".beta1", 0.9);
    figures.put("L1." + name + ".beta2", 0.99);
    figures.put("L1." + name + ".gamma", 0.99);
    boolean diverged = run.tower().toString().equals("adagrad(0.01)/sgd(0.01)") && run.seed() == 2;
    return new Outcome(figures, diverged ? "diverged at step 7 (counted as guessing)" : "");
  }

  @Test
  void rowsStandBesideThePapers() throws IOException {
    Results results = part -> Optional.of(invented(part));
    String text = table.write(results, folder, "head\n\n");
    assertTrue(Files.readString(folder.resolve("table1.md")).startsWith("# Table 1\n\nhead\n"));
    List<String> row =
        text.lines()
            .filter(line -> line.startsWith("| sgd(0.01)/sgd(0.01) "))
            .flatMap(line -> List.of(line.split("\\s*\\|\\s*")).stream())
            .toList();
    assertEquals(
        List.of(
            "",
            "sgd(0.01)/sgd(0.01)",
            "30",
            "2.20 ± 0.10 \\*",
            "4.81 ± 0.10",
            "0.0200",
            ".0769",
            "1.20 ± 0.10",
            "1.20 ± 0.10 \\*",
            "5.44 ± 0.10"),
        row);
    assertTrue(
        text.contains("adagrad(0.01)/sgd(0.01), 30 epochs, seed 2: diverged at step 7"), text);
    PictureChecks.assertShows(
        folder.resolve("table1.png"), PictureChecks.BLUE, PictureChecks.ORANGE);
    List<String> csv = Files.readAllLines(folder.resolve("table1.csv"));
    assertEquals(1 + 3 * (18 + 2 * 14), csv.size());
    assertTrue(
        csv.contains(
            "sgd(0.01)/sgd(0.01),learned values afresh,sgd(0.02),30,3,1.3,,,L1.sgd.alpha=0.03"
                + " L1.sgd.mu=0.0 L1.sgd.beta1=0.9 L1.sgd.beta2=0.99 L1.sgd.gamma=0.99,"),
        csv.toString());
  }

  @Test
  void runsThatDivergedTeachNothing() {
    Table1Row row =
        Table1Row.ALL.stream()
            .filter(r -> r.tower().toString().equals("adagrad(0.01)/sgd(0.01)"))
            .findFirst()
            .orElseThrow();
    Learned learned = table.learned(row, part -> Optional.of(invented(part))).orElseThrow();
    assertEquals("adagrad(0.02)", learned.tower().orElseThrow().toString(), "of the seeds 1 and 3");
  }

  @Test
  void apartMeansBeyondBothErrorBars() {
    assertTrue(Table1Report.isApart(new Spread(5.0, 0.1, 3), new Spread(5.31, 0.2, 3)));
    assertFalse(Table1Report.isApart(new Spread(5.0, 0.1, 3), new Spread(5.29, 0.2, 3)));
    assertFalse(Table1Report.isApart(new Spread(Double.NaN, 0, 0), new Spread(5.29, 0.2, 3)));
  }

  @Test
  void thePapersRowsAreWhole() {
    assertEquals(18, Table1Row.ALL.size());
    assertEquals(14, Table1Row.ALL.stream().filter(Table1Row::learns).count());
    assertEquals(8, Table1Row.ALL.stream().filter(row -> row.epochs() == 30).count());
    for (Table1Row row : Table1Row.ALL) {
      assertEquals(row.learns(), row.tower().height() == 2, row.toString());
      assertEquals(row.learns(), row.afresh().mean() > 0, row.toString());
    }
    assertEquals(
        List.of(
            "sgd(0.0769)",
            "adam(0.004, beta1=0.899)",
            "rmsprop-alpha(0.0021)",
            "rmsprop(0.002, gamma=0.9962)"),
        List.of(
            Table1Row.ALL.get(1).papersValues().toString(),
            Table1Row.ALL.get(9).papersValues().toString(),
            Table1Row.ALL.get(16).papersValues().toString(),
            Table1Row.ALL.get(17).papersValues().toString()));
  }
}
