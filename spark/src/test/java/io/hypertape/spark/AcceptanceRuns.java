package io.hypertape.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Equal bits of whole models for several numbers of workers, and of one process without Spark. It
 * takes minutes, so that it runs when it is asked for: by {@code -Dit.test=AcceptanceRuns}, with
 * {@code -Dhypertape.workers=1,2,4,8}, {@code -Dhypertape.steps=200} and {@code
 * -Dhypertape.models=mlp,resnet20,char-lstm} unless others are named.
 */
class AcceptanceRuns {

  @Test
  void modelsAreEqual() throws Exception {
    Path result = Path.of("target", "spark-home", "acceptance").toAbsolutePath();
    SparkHome.Ended ended =
        SparkHome.in(Path.of("target", "spark-home"))
            .submit(
                "local-cluster[2,4,2048]",
                Map.of(
                    "spark.ui.enabled", "false",
                    "spark.driver.memory", "3g",
                    "spark.executor.memory", "2g"),
                Path.of("target", "test-classes"),
                AcceptanceJob.class,
                result.toString(),
                Path.of(System.getenv("HYPERTAPE_SHARED"), "data").toString(),
                System.getProperty("hypertape.models", "mlp,resnet20,char-lstm"),
                System.getProperty("hypertape.workers", "1,2,4,8"),
                System.getProperty("hypertape.steps", "200"));
    assertEquals(0, ended.status(), ended.output());
    assertEquals(List.of(), ended.left());
    Map<String, String> alone = new TreeMap<>();
    List<String> lines = Files.readAllLines(result);
    for (String line : lines) {
      String name = line.substring(0, line.indexOf(' ', line.indexOf(' ') + 1));
      String sum = line.substring(line.indexOf(": ") + 2, line.indexOf(" ("));
      alone.putIfAbsent(name, sum);
      assertEquals(alone.get(name), sum, line);
    }
    assertTrue(alone.size() > 1, "no models");
    lines.forEach(System.out::println);
  }
}
