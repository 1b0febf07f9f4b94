package io.hypertape.house;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bundle for Maven Central, made in a copy of the tree: a second build, whose jars must be
 * those of the first.
 */
class BundleIT {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final List<String> JARS =
      List.of(
          "native-bindings", "vector-kernels", "autodiff", "models", "micrometer", "spark", "cli");

  @TempDir private static Path folder;
  private static String version;
  private static Path bundle;

  private static String bundle(int status, String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                ROOT.resolve(".ci/bundle").toString(),
                "--url",
                "https://example.org/tape",
                "--scm",
                "https://example.org/tape.git",
                "--developer",
                "A & B",
                "--out",
                folder.toString()));
    command.addAll(List.of(options));
    command.addAll(
        List.of("--", "-Dmaven.repo.local=" + System.getProperty("hypertape.test.repository")));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(status, process.waitFor(), text);
    return text;
  }

  private static boolean runs(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .directory(ROOT.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @BeforeAll
  static void make() throws Exception {
    assumeTrue(runs("python3", "--version"), "the bundle is made by a Python 3, which is not here");
    assumeTrue(runs("git", "status"), "the bundle is made of what git knows; this is no clone");
    version = ConsumerProject.version();
    bundle(0, "--version", version, "--trial");
    bundle = folder.resolve("hypertape-" + version + "-bundle.zip");
  }

  private static byte[] entry(String artifact, String ending) throws IOException {
    String name = "io/hypertape/%1$s/%2$s/%1$s-%2$s%3$s".formatted(artifact, version, ending);
    try (ZipFile zip = new ZipFile(bundle.toFile());
        InputStream content = zip.getInputStream(zip.getEntry(name))) {
      return content.readAllBytes();
    }
  }

  @Test
  void jarsBuiltTwiceAreEqual() throws IOException {
    for (String module : JARS) {
      String artifact = "hypertape-" + module;
      Path first =
          ROOT.resolve(module).resolve("target").resolve(artifact + "-" + version + ".jar");
      assertArrayEquals(Files.readAllBytes(first), entry(artifact, ".jar"), artifact);
    }
  }

  @Test
  void pomsSayWhereTheProjectLivesAndWhoseItIs() throws IOException {
    String pom = new String(entry("hypertape-models", ".pom"), StandardCharsets.UTF_8);
    for (String part :
        List.of(
            "<url>https://example.org/tape</url>",
            "<connection>scm:git:https://example.org/tape.git</connection>",
            "<name>A &amp; B</name>",
            "<artifactId>jackson-databind</artifactId>")) {
      assertTrue(pom.contains(part), pom);
    }
  }

  @Test
  void theBillOfMaterialsNamesWhatComesWithAJar() throws IOException {
    String bill = new String(entry("hypertape-models", "-cyclonedx.json"), StandardCharsets.UTF_8);
    for (String name : List.of("hypertape-autodiff", "jackson-databind")) {
      assertTrue(bill.contains("\"" + name + "\""), bill);
    }
    assertTrue(!bill.contains("junit"), bill);
  }

  /** A project that imports it names no version of ours. */
  @Test
  void theBomHasAllArtifacts() throws IOException {
    String pom = new String(entry("hypertape-bom", ".pom"), StandardCharsets.UTF_8);
    TreeSet<String> missing = new TreeSet<>(JARS);
    missing.removeIf(module -> pom.contains("<artifactId>hypertape-" + module + "</artifactId>"));
    assertEquals(new TreeSet<String>(), missing);
  }
}
