package io.hypertape.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers in JVMs of their own, as a program's that was submitted to a Spark of two executors. */
class ClusterIT {

  /**
   * How many trainings are disturbed at random moments, executors that hang included: more by
   * -Dhypertape.ends=20, which takes minutes.
   */
  private static final int ENDS = Integer.getInteger("hypertape.ends", 1);

  @TempDir private static Path folder;
  private static String output;
  private static List<String> left;
  private static List<String> lines;

  @BeforeAll
  static void submit() throws Exception {
    Path result = Path.of("target", "spark-home", "result").toAbsolutePath();
    Path page = Files.createDirectories(folder.resolve("page"));
    Path train = folder.resolve("Train.java");
    Files.writeString(train, SparkPageTest.sources().get("Train.java"));
    SparkPageTest.compile(train, page);
    SparkHome.Ended ended =
        SparkHome.in(Path.of("target", "spark-home"))
            .submit(
                "local-cluster[2,2,1024]",
                Map.of(
                    "spark.ui.enabled", "false",
                    "spark.executor.extraJavaOptions", SparkHome.QUICK,
                    "spark.sql.codegen.wholeStage", "false",
                    "spark.executor.heartbeatInterval", "1s",
                    "spark.network.timeout", ENDS > 1 ? "15s" : "120s",
                    "spark.network.timeoutInterval", "5s",
                    "spark.scheduler.minRegisteredResourcesRatio", "1",
                    "spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s"),
                page,
                ClusterJob.class,
                result.toString(),
                folder.toString(),
                Integer.toString(ENDS));
    output = ended.output();
    left = ended.left();
    assertEquals(0, ended.status(), output);
    lines = Files.readAllLines(result);
  }

  private static String line(String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name + ": "))
        .map(line -> line.substring(name.length() + 2))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void sumsAreEqualInAllExecutors() {
    Matcher both =
        Pattern.compile("\\[(\\d+) 4 rows (\\[.*?]), (\\d+) 4 rows (\\[.*?])]")
            .matcher(line("sums"));
    assertTrue(both.matches(), line("sums"));
    assertEquals(line("expected"), both.group(2));
    assertEquals(line("expected"), both.group(4));
    assertNotEquals(both.group(1), both.group(3), "two JVMs");
    assertNotEquals(line("driver"), both.group(1), "and neither the driver's");
  }

  @Test
  void aFailingTaskEndsTheJobWithItsReason() {
    assertTrue(line("failing").contains("workers failed in attempt 1: "), line("failing"));
    assertTrue(line("failing").contains("no such layer"), line("failing"));
  }

  @Test
  void aFailureThatWouldComeAgainIsNotTriedAgain() {
    assertTrue(line("lasting").contains("workers failed in attempt 1: "), line("lasting"));
    assertTrue(line("lasting").contains("no such class"), line("lasting"));
  }

  @Test
  void anInterruptedCallerCancelsTheJob() {
    assertEquals("[cancelled, status true], active jobs 0", line("interrupted"));
  }

  @Test
  void fourWorkersTrainTheModelOfOneProcess() {
    assertEquals(line("alone"), line("by 4"));
    assertTrue(line("measured").startsWith("true"), line("measured"));
    String rest = "/2  train loss [\\d.]+  test error [\\d.]+%  .*";
    assertTrue(line("told").matches("\\[epoch 1" + rest + ", epoch 2" + rest + "]"), line("told"));
  }

  @Test
  void aDisturbedTrainingGoesOnByTwoAndEndsInTheSameModel() {
    for (int i = 0; i < ENDS; i++) {
      assertTrue(line("disturbed " + i).startsWith("true "), line("disturbed " + i));
    }
    assertTrue(line("disturbed 0").startsWith("true true"), line("disturbed 0"));
    assertTrue(output.contains("workers failed in attempt 1 of 11"), output);
    assertTrue(output.contains("room for 2 of 4 workers"), output);
  }

  @Test
  void aPipelineOfSparkMlTrainsTheSameModel() {
    assertEquals("true true [label, features, probability, prediction]", line("pipeline"));
    assertEquals(0, Double.parseDouble(line("accuracy")), 1e-9);
    Matcher loss = Pattern.compile("(\\S+) of (\\S+)").matcher(line("logLoss"));
    assertTrue(loss.matches(), line("logLoss"));
    assertEquals(0, Double.parseDouble(loss.group(1)), 1e-5);
    // Who guesses has log 3.
    assertTrue(Double.parseDouble(loss.group(2)) < 0.8, line("logLoss"));
    assertTrue(line("taken").contains("there is a column 'probability' already"), line("taken"));
    assertTrue(line("named").contains("'label' of labels is string; numbers of"), line("named"));
  }

  @Test
  void thePagesProgramRuns() {
    assertEquals("[epochs.csv, metrics.csv, model.safetensors], 5 lines", line("page"));
    assertTrue(line("states").matches("\\[state-2.*, state-4.*]"), line("states"));
    assertTrue(output.contains(" outputs|"), output);
    assertTrue(output.contains("loss="), output);
  }

  @Test
  void noProcessIsLeft() {
    assertEquals(List.of(), left);
  }
}
