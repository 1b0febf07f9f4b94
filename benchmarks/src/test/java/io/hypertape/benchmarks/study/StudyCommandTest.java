package io.hypertape.benchmarks.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hypertape.benchmarks.paper.TinyMnist;
import io.hypertape.benchmarks.parts.CommandRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudyCommandTest extends CommandRuns {

  @TempDir private Path folder;

  StudyCommandTest() {
    super(StudySubcommand.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--quick|Missing required parameter",
        "robustness --seeds 0|--seeds is 0; 1 to 1000 fit",
        "robustness --jobs 0|--jobs is 0; 1 to 1024 fit",
        "robustness --tasks chess|chess",
        "robustness --tasks cnn --half report|none of the tasks [cnn] is of the report half",
        "robustness --starts 0|--starts: 0 is no step size; a number above 0 is needed",
        "robustness --starts much|--starts: much is no number",
        "robustness --methods luck|--methods: luck is none of constant, cosine, fixed, paper",
        "robustness --tower adam(|--tower adam(: ",
        "robustness --optimizers newton|newton",
      })
  void wrongUsageSaysWhatIsWrong(String args, String message) {
    assertEquals(2, execute(args.split(" ")), args);
    assertTrue(err.toString().contains(message), err.toString());
  }

  /** What is not refused fails for want of data. */
  private String[] withoutData(String... more) {
    return Stream.concat(
            Stream.of("robustness", "--tasks", "logistic", "--data-dir", folder.toString()),
            Stream.of(more))
        .toArray(String[]::new);
  }

  /** Each of these would have stood for the study's own method, or for the one before it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "constant: sgd({})/sgd(1e-3)|constant is the name of another method, sgd({}); one of its own",
        "fixed: auto(adam({}))|fixed is the name of another method, sgd({}); one of its own",
        "auto: auto(adam({}, eps=1e-3))|'my auto: auto(adam({}, eps=1e-3))'",
        "prodigy: prodigy(2)|prodigy is the name of another method, prodigy; one of its own",
      })
  void aNameOfTheStudysOwnIsRefused(String tower, String message) {
    assertEquals(2, execute(withoutData("--tower", tower)), tower);
    assertTrue(err.toString().contains("--tower " + tower + ": "), err.toString());
    assertTrue(err.toString().contains(message), err.toString());
  }

  @Test
  void aNameThatAnotherTowerHasIsRefused() {
    String[] args =
        withoutData("--tower", "low: sgd({})/sgd(1)", "--tower", "low: sgd({}, decay=1)");
    assertEquals(2, execute(args));
    assertTrue(
        err.toString().contains("low is the name of another method, sgd({})/sgd(1); "),
        err.toString());
  }

  @Test
  void helpNamesEveryTask() {
    String help = line().getUsageMessage();
    for (TaskList task : TaskList.values()) {
      assertTrue(help.contains(task.toString()), task + "\n" + help);
    }
    assertTrue(help.lines().allMatch(l -> l.length() <= 80), help);
  }

  private String[] args(Path run, String... more) {
    return Stream.concat(
            Stream.of(
                "robustness",
                "--tasks",
                "logistic",
                "--optimizers",
                "sgd",
                "--methods",
                "constant,cosine,fixed",
                "--tower",
                "sgd({})/sgd(1e-2)",
                "--starts",
                "1e-8,1e-3,1e1",
                "--seeds",
                "2",
                "--data-dir",
                folder.toString(),
                "--out",
                run.toString()),
            Stream.of(more))
        .toArray(String[]::new);
  }

  @Test
  void aTinyStudyIsWholeAndGoesOnWithEqualBytes() throws IOException {
    TinyMnist.write(folder.resolve("mnist"), 900, 100);
    Path run = folder.resolve("run");
    assertEquals(0, execute(args(run)), err.toString());
    String page = Files.readString(run.resolve("robustness-logistic.md"));
    for (String word :
        List.of(
            "# Task logistic, tuning half",
            "logistic regression from zero on 810 images of mnist, batch 256, 2 epochs",
            "./hypertape study robustness --tasks logistic",
            "| constant ",
            "| cosine ",
            "| sgd({})/sgd(1e-2) ",
            "2 seeds")) {
      assertTrue(page.contains(word), word + "\n" + page);
    }
    String summary = Files.readString(run.resolve("robustness.md"));
    assertTrue(summary.contains("## The tuning half"), summary);
    assertTrue(out.toString().contains(summary.substring(summary.indexOf("## The tuning"))));
    for (String name : List.of("robustness-logistic", "robustness")) {
      for (String ending : List.of(".csv", ".json", ".png", ".md")) {
        assertTrue(Files.size(run.resolve(name + ending)) > 100, name + ending);
      }
    }
    assertTrue(Files.size(run.resolve("robustness-logistic-steps.png")) > 100);
    List<String> csv = Files.readAllLines(run.resolve("robustness-logistic.csv"));
    assertEquals(1 + 2 * (2 + 2 * 3), csv.size(), csv.toString());
    Path part = kept(run).getFirst();
    String json = Files.readString(part);
    for (String word :
        List.of(
            "\"test\"", "\"valid\"", "\"seconds\"", "\"steps\"", "\"tower\"", "\"processor\"")) {
      assertTrue(json.contains(word), word + json);
    }

    // Some parts are lost, as if the study had been stopped before them.
    byte[] table = Files.readAllBytes(run.resolve("robustness.csv"));
    byte[] runs = Files.readAllBytes(run.resolve("robustness-logistic.csv"));
    List<Path> parts = kept(run);
    for (int i : new int[] {0, 7, parts.size() - 1}) {
      Files.delete(parts.get(i));
    }
    assertEquals(0, execute(args(run, "--jobs", "1")), err.toString());
    assertEquals(3, told.lines().filter(l -> l.startsWith("[")).count(), told);
    assertEquals(parts, kept(run));
    assertArrayEquals(table, Files.readAllBytes(run.resolve("robustness.csv")));
    assertArrayEquals(runs, Files.readAllBytes(run.resolve("robustness-logistic.csv")));

    // Nothing is left to do.
    assertEquals(0, execute(args(run)), err.toString());
    assertFalse(told.contains("["), told);
  }

  /** A step size that single precision cannot hold is found out when the run begins. */
  @Test
  void aRunThatFailsDoesNotEndTheOthers() throws IOException {
    TinyMnist.write(folder.resolve("mnist"), 900, 100);
    Path run = folder.resolve("run");
    String[] args = {
      "robustness",
      "--tasks",
      "logistic,relu-1",
      "--methods",
      "others",
      "--optimizers",
      "momentum",
      "--tower",
      "sgd(1e300)",
      "--tower",
      "sgd(0.1)",
      "--seeds",
      "1",
      "--starts",
      "0.1",
      "--data-dir",
      folder.toString(),
      "--out",
      run.toString()
    };
    assertEquals(1, execute(args), err.toString());
    assertTrue(told.contains("logistic sgd(1e300), seed 1: "), told);
    assertTrue(told.contains("relu-1 sgd(0.1), seed 1: error (%)"), told);
    assertEquals(
        2, kept(run).stream().filter(p -> p.toString().contains("sgd_0.1_seed_1-")).count());
    assertFalse(Files.exists(run.resolve("robustness-logistic.md")), "not all of it is known");
  }

  @Test
  void aPlanRunsNothing() throws IOException {
    TinyMnist.write(folder.resolve("mnist"), 900, 100);
    Path run = folder.resolve("run");
    assertEquals(0, execute(args(run, "--plan", "--jobs", "2")), err.toString());
    assertFalse(Files.exists(run));
    // Two tuned of 6 + 2 + 3 runs, two methods from three starts with two seeds each.
    assertTrue(out.toString().contains("About 34 runs"), out.toString());
  }
}
