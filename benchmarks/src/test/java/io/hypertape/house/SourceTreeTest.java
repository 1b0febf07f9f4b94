package io.hypertape.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules of the house that are about files. Each is shown to bite on files that break it. */
class SourceTreeTest {

  private static final int LINES = 400;

  /** Rooms whose files are all written by hand; kernels' blocks and bindings are generated. */
  private static final List<String> BY_HAND =
      List.of("autodiff", "models", "micrometer", "spark", "cli", "benchmarks");

  /** To be split. */
  private static final Set<String> LONG = Set.of();

  private static final String OPS =
      "a backend's and the kernels' of the same functions: neither room names the other";

  /** Twins on purpose, each with the reason. */
  private static final Map<String, String> TWINS =
      Map.of(
          "BinaryOp", OPS,
          "ReduceOp", OPS,
          "UnaryOp", OPS);

  private static final SourceTree HOUSE = SourceTree.find();

  @TempDir private Path folder;

  @Test
  void thereIsATreeToCheck() throws IOException {
    assertTrue(HOUSE.javaFiles(BY_HAND).size() > 300, "files by hand");
    assertTrue(HOUSE.classNames().size() > 500, "class names");
    assertTrue(HOUSE.references().size() > 25, "references to documents");
  }

  @Test
  void filesAreNotLong() throws IOException {
    Set<String> tooLong =
        HOUSE.longerThan(LINES, BY_HAND).stream()
            .map(file -> file.substring(file.lastIndexOf('/') + 1))
            .collect(Collectors.toSet());
    // Neither more nor fewer: who splits a file takes it from the list.
    assertEquals(LONG, tooLong, "files of more than " + LINES + " lines");
  }

  @Test
  void longFilesAreFound() throws IOException {
    write("models/src/main/java/Fits.java", "//\n".repeat(LINES));
    write("models/src/test/java/Long.java", "//\n".repeat(LINES + 1));
    write("models/src/generated/java/Generated.java", "//\n".repeat(LINES + 1));
    write("vector-kernels/src/main/java/Blocks.java", "//\n".repeat(LINES + 1));
    assertEquals(
        List.of("models/src/test/java/Long.java"),
        new SourceTree(folder).longerThan(LINES, BY_HAND));
  }

  @Test
  void noTwoClassesHaveOneName() throws IOException {
    assertEquals(
        TWINS.keySet(), Set.copyOf(HOUSE.namesInUseTwice()), "names of more than one class");
  }

  @Test
  void namesInUseTwiceAreFound() throws IOException {
    write("autodiff/src/main/java/a/Op.java", "package a;");
    write("autodiff/src/main/java/a/package-info.java", "package a;");
    write("models/src/test/java/b/Op.java", "package b;");
    write("models/src/test/java/b/package-info.java", "package b;");
    write("models/target/generated-sources/c/Op.java", "package c;");
    assertEquals(List.of("Op"), new SourceTree(folder).namesInUseTwice());
  }

  @Test
  void whatIsReferredToIsThere() throws IOException {
    assertEquals(List.of(), HOUSE.brokenReferences());
  }

  @Test
  void brokenReferencesAreFound() throws IOException {
    // In pieces: this file is checked, too.
    String gone = "docs" + "/gone.md";
    String here = "docs" + "/here.md";
    write(here, "[up](../README.md#top) [web](https://example.org/a.md)\n");
    write("README.md", "[here](" + here + ") [gone](" + gone + ")\n```\n[code](none.md)\n```\n");
    write("models/src/main/java/a/A.java", "/** See " + here + " and " + gone + ". */\n");
    assertEquals(
        List.of("README.md: " + gone, "models/src/main/java/a/A.java: " + gone),
        new SourceTree(folder).brokenReferences());
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
