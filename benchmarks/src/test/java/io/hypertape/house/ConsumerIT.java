package io.hypertape.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes with our artifacts, and what is in them. */
class ConsumerIT {

  @TempDir private static Path folder;
  private static ConsumerProject project;

  @BeforeAll
  static void make() throws Exception {
    project = new ConsumerProject(folder);
  }

  @AfterAll
  static void leave() throws IOException {
    project.close();
  }

  private static String artifact(Path jar) {
    return jar.getFileName().toString().replaceAll("-[0-9].*\\.jar", "");
  }

  @Test
  void jacksonAloneComesWithOurJars() throws IOException {
    assertEquals(
        List.of(
            "hypertape-autodiff",
            "hypertape-models",
            "hypertape-native-bindings",
            "hypertape-vector-kernels",
            "jackson-annotations",
            "jackson-core",
            "jackson-databind"),
        project.jars().stream().map(ConsumerIT::artifact).toList());
  }

  /** Within a tenth: who adds more to a jar says so. */
  @Test
  void theReadmeShowsThisTreeWithItsSizes() throws IOException {
    Map<String, Long> told = new TreeMap<>();
    Matcher row =
        Pattern.compile("(?m)^ {4}\\W*[\\w.]+:([\\w-]+) +(\\d+) kB\\b")
            .matcher(Files.readString(ConsumerProject.ROOT.resolve("README.md")));
    while (row.find()) {
      told.put(row.group(1), 1000 * Long.parseLong(row.group(2)));
    }
    Map<String, Long> found = new TreeMap<>();
    for (Path jar : project.jars()) {
      found.put(artifact(jar), Files.size(jar));
    }
    assertEquals(found.keySet(), told.keySet());
    found.forEach(
        (name, size) ->
            assertEquals(size, told.get(name), 0.1 * size, name + " in README.md, in bytes"));
  }

  @Test
  void ourJarsHaveTheLicence() throws IOException {
    byte[] licence = Files.readAllBytes(ConsumerProject.ROOT.resolve("LICENSE"));
    for (Path path : project.jars()) {
      if (path.getFileName().toString().startsWith("hypertape-")) {
        try (JarFile jar = new JarFile(path.toFile())) {
          byte[] inside = jar.getInputStream(jar.getEntry("META-INF/LICENSE")).readAllBytes();
          assertEquals(new String(licence), new String(inside), path.toString());
        }
      }
    }
  }
}
