package io.hypertape.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
      import io.hypertape.shards.Exchange;
      import io.hypertape.spark.*;
      import io.hypertape.spark.exchange.*;
      import java.util.List;
      import org.apache.spark.api.java.JavaRDD;
      import org.apache.spark.sql.SparkSession;

      class Page {
        static void run(SparkSession spark, JavaRDD<Integer> rows) {
      """;

  @Test
  void itCompiles(@TempDir Path folder) throws Exception {
    String page = Files.readString(Path.of("..", "docs", "spark.md"));
    Matcher block = BLOCK.matcher(page);
    int blocks = 0;
    for (; block.find(); blocks++) {
      String code = block.group(1);
      Path file = folder.resolve(code.contains("class ") ? "Train.java" : "Page.java");
      Files.writeString(file, code.contains("class ") ? code : BEFORE + code + "  }\n}\n");
      ByteArrayOutputStream complaints = new ByteArrayOutputStream();
      int status =
          ToolProvider.getSystemJavaCompiler()
              .run(
                  null,
                  complaints,
                  complaints,
                  "-proc:none",
                  "-d",
                  folder.toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  file.toString());
      assertEquals(0, status, complaints.toString(StandardCharsets.UTF_8));
    }
    assertEquals(true, blocks > 0, "no code");
  }
}
