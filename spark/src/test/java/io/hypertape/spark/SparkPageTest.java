package io.hypertape.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Code of docs/spark.md compiles. */
class SparkPageTest {

  private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\\n(.*?)^```");

  private static final String BEFORE =
      """
      import io.hypertape.models.*;
      import io.hypertape.optim.Tower;
      import io.hypertape.shards.Exchange;
      import io.hypertape.spark.*;
      import io.hypertape.spark.exchange.*;
      import io.hypertape.spark.ml.*;
      import java.util.List;
      import org.apache.spark.api.java.JavaRDD;
      import org.apache.spark.ml.*;
      import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
      import org.apache.spark.sql.*;

      class %s {
        static void run(
            SparkSession spark, JavaRDD<Integer> rows, Dataset<Row> lines, PipelineStage scaler)
            throws Exception {
      """;

  /** The programs and pieces of the page, as sources by the names of their files. */
  static Map<String, String> sources() throws IOException {
    Matcher block = BLOCK.matcher(Files.readString(Path.of("..", "docs", "spark.md")));
    Map<String, String> sources = new LinkedHashMap<>();
    while (block.find()) {
      String code = block.group(1);
      boolean whole = code.contains("public class ");
      String name = whole ? "Train" : "Page" + sources.size();
      sources.put(name + ".java", whole ? code : BEFORE.formatted(name) + code + "  }\n}\n");
    }
    return sources;
  }

  /** Compiles one into a folder of classes. */
  static void compile(Path file, Path classes) {
    ByteArrayOutputStream complaints = new ByteArrayOutputStream();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                complaints,
                complaints,
                "-proc:none",
                "-d",
                classes.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                file.toString());
    assertEquals(0, status, complaints.toString(StandardCharsets.UTF_8));
  }

  @Test
  void itCompiles(@TempDir Path folder) throws Exception {
    Map<String, String> sources = sources();
    assertEquals(Set.of("Train.java", "Page1.java", "Page2.java", "Page3.java"), sources.keySet());
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = Files.writeString(folder.resolve(source.getKey()), source.getValue());
      compile(file, folder);
    }
  }
}
