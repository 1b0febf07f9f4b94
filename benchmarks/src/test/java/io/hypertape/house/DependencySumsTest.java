package io.hypertape.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others wrote and we run is what the tree says, whatever a repository hands out. */
class DependencySumsTest {

  private static final Path SUMS = Path.of("..", ".mvn", "checksums", "checksums.sha256");

  @TempDir private Path folder;

  /** Sums by the path in a repository. */
  private static Map<String, String> sums() throws IOException {
    Map<String, String> sums = new LinkedHashMap<>();
    for (String line : Files.readAllLines(SUMS)) {
      sums.put(line.substring(66), line.substring(0, 64));
    }
    return sums;
  }

  private static List<Path> jars() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar"))
        .map(Path::of)
        .filter(jar -> !jar.getFileName().toString().contains("-SNAPSHOT"))
        .toList();
  }

  /** Those that are not as the tree has them. */
  private static List<String> faults(List<Path> jars, Map<String, String> sums) throws IOException {
    List<String> faults = new ArrayList<>();
    for (Path jar : jars) {
      String path = jar.toString().replace(File.separatorChar, '/');
      List<String> known = sums.keySet().stream().filter(key -> path.endsWith("/" + key)).toList();
      if (known.isEmpty()) {
        faults.add(jar + " is not named in " + SUMS);
      } else if (!sum(jar).equals(sums.get(known.getFirst()))) {
        faults.add(jar + " is not the file that " + SUMS + " names");
      }
    }
    return faults;
  }

  private static String sum(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Test
  void theClassPathIsWhatTheTreeSays() throws IOException {
    List<Path> jars = jars();
    assertTrue(jars.stream().anyMatch(jar -> jar.toString().contains("jackson-databind")), "none?");
    assertEquals(List.of(), faults(jars, sums()));
  }

  @Test
  void aChangedJarIsFound() throws IOException {
    Map<String, String> sums = sums();
    String known =
        sums.keySet().stream()
            .filter(path -> path.contains("picocli"))
            .filter(path -> path.endsWith(".jar"))
            .findFirst()
            .orElseThrow();
    Path jar =
        jars().stream()
            .filter(path -> path.toString().contains("picocli"))
            .findFirst()
            .orElseThrow();
    Path copy = folder.resolve(known);
    Files.createDirectories(copy.getParent());
    Files.copy(jar, copy);
    assertEquals(List.of(), faults(List.of(copy), sums));
    Files.writeString(copy, "x", StandardOpenOption.APPEND);
    assertEquals(1, faults(List.of(copy), sums).size());
    assertTrue(
        faults(List.of(folder.resolve("other-1.0.jar")), sums).getFirst().contains("not named"));
  }

  /** What XChart would bring beside what draws a picture. */
  @Test
  void whatIsNotNeededIsNotThere() {
    for (String name : List.of("pdfbox", "commons-logging", "VectorGraphics2D", "animated-gif")) {
      assertFalse(jars().stream().anyMatch(jar -> jar.toString().contains(name)), name);
    }
  }
}
