package io.hypertape.house;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The blocks of docs/api.md, one after another, are a program that compiles and runs. */
class ApiPageTest {

  static final Path PAGE = Path.of("../docs/api.md").toAbsolutePath().normalize();

  private static final String HEAD =
      DocumentCode.IMPORTS
          + """
          import java.nio.file.*;
          import java.util.*;
          import java.util.function.*;

          public class Page {
            public static void run(Path folder) throws Exception {
          """;

  @TempDir private Path folder;

  @Test
  void thePageIsAProgram() throws Exception {
    List<String> blocks = DocumentCode.blocks(PAGE);
    assertTrue(blocks.size() > 15, blocks.size() + " blocks");
    Path file = folder.resolve("Page.java");
    Files.writeString(file, HEAD + String.join("", blocks) + "}}");
    DocumentCode.compile(file);
    String shown = DocumentCode.run(folder, "Page", folder);
    assertTrue(shown.contains("test error "), shown);
    assertTrue(shown.contains("layer2.bias[10] "), shown);
    assertTrue(shown.contains("mlp 4"), shown);
  }
}
