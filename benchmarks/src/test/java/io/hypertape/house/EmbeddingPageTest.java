package io.hypertape.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/embedding.md says of a program of one's own: it runs, and is of this version. */
class EmbeddingPageTest {

  static final Path PAGE = Path.of("../docs/embedding.md").toAbsolutePath().normalize();

  private static final Pattern COORDINATES =
      Pattern.compile(
          "<groupId>(.*)</groupId>\\s*<artifactId>(.*)</artifactId>\\s*<version>(.*)</version>");

  private static final String HEAD =
      DocumentCode.IMPORTS
          + """
          import java.io.*;
          import java.nio.file.Path;
          import java.util.*;
          import java.util.concurrent.*;
          import java.util.function.Supplier;
          import java.util.function.ToIntFunction;
          import java.util.stream.IntStream;

          public class Guest {
            public static void run(Path folder) throws Exception {
          """;

  @TempDir private Path folder;

  @Test
  void theProgramTrainsGoesOnAndServes() throws Exception {
    Path file = folder.resolve("Guest.java");
    Files.writeString(file, HEAD + String.join("", DocumentCode.blocks(PAGE)) + "}}");
    DocumentCode.compile(file);
    String shown = DocumentCode.run(folder, "Guest", folder);
    Matcher resumed = Pattern.compile("resumed: .*?error=([0-9.E-]+)").matcher(shown);
    assertTrue(resumed.find(), shown);
    Matcher served = Pattern.compile("(\\d+) of 200").matcher(shown);
    assertTrue(served.find(), shown);
    // One by one and by other threads, the same images are right.
    assertEquals(
        Math.round(200 * (1 - Double.parseDouble(resumed.group(1)))),
        Integer.parseInt(served.group(1)),
        shown);
  }

  private static Matcher coordinates(Path file) throws IOException {
    Matcher found = COORDINATES.matcher(Files.readString(file));
    assertTrue(found.find(), file + " has coordinates");
    return found;
  }

  @Test
  void theDependencyIsThisVersion() throws IOException {
    Matcher page = coordinates(PAGE);
    Matcher readme = coordinates(Path.of("../README.md"));
    Matcher parent = coordinates(Path.of("../pom.xml"));
    assertEquals(parent.group(1), page.group(1));
    assertEquals(parent.group(3), page.group(3));
    assertEquals(page.group(), readme.group());
    String folder = page.group(2).replaceFirst("^hypertape-", "");
    String pom = Files.readString(Path.of("..", folder, "pom.xml"));
    assertTrue(pom.contains("<artifactId>" + page.group(2) + "</artifactId>\n  <name>"), pom);
  }
}
