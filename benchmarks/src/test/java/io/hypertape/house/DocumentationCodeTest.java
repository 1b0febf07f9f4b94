package io.hypertape.house;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Code in the documents compiles against what stands in the tree; the README's runs. */
class DocumentationCodeTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** Each is one program, which its own test compiles and runs. */
  private static final List<Path> PROGRAMS =
      List.of(ApiPageTest.PAGE, EmbeddingPageTest.PAGE, ServingPageTest.PAGE);

  /** Compiled where Spark is on the class path. */
  private static final Path SPARK = ROOT.resolve("docs/spark.md");

  @TempDir private Path folder;

  private static List<Path> documents() throws IOException {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      List<Path> all =
          new ArrayList<>(docs.filter(p -> p.toString().endsWith(".md")).sorted().toList());
      all.add(ROOT.resolve("README.md"));
      all.add(ROOT.resolve("benchmarks/README.md"));
      return all;
    }
  }

  private static String source(String name, String code) {
    if (code.contains("import ")) {
      return code;
    }
    String body =
        code.startsWith("static ") ? code : "static void run() throws Exception {\n" + code + "}";
    return DocumentCode.IMPORTS + "public class " + name + " {\n" + body + "\n}";
  }

  @Test
  void everyBlockCompilesAndTheReadmesRuns() throws Exception {
    int blocks = 0;
    boolean ran = false;
    for (Path document : documents()) {
      if (PROGRAMS.contains(document) || document.equals(SPARK)) {
        continue;
      }
      for (String block : DocumentCode.blocks(document)) {
        String name = "Block" + blocks++;
        Path file = folder.resolve(name + ".java");
        Files.writeString(file, source(name, block));
        DocumentCode.compile(file);
        if (document.endsWith("README.md")) {
          String shown = DocumentCode.run(folder, name);
          assertTrue(shown.contains("error="), shown);
          ran = true;
        }
      }
    }
    assertTrue(blocks >= 3 && ran, blocks + " blocks");
  }
}
