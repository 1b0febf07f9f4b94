package io.hypertape.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged artifacts as another project takes them, from a repository that has nothing else of
 * ours: what comes with them, and what jlink makes of them.
 */
class ConsumerIT {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final List<String> OURS =
      List.of("native-bindings", "vector-kernels", "autodiff", "models");
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin");

  private static final String CONSUMER =
      """
      <project xmlns="http://maven.apache.org/POM/4.0.0">
        <modelVersion>4.0.0</modelVersion>
        <groupId>guest</groupId>
        <artifactId>guest</artifactId>
        <version>1</version>
        <packaging>pom</packaging>
        <dependencies>
          <dependency>
            <groupId>io.hypertape</groupId>
            <artifactId>hypertape-models</artifactId>
            <version>VERSION</version>
          </dependency>
        </dependencies>
      </project>
      """;

  private static final String PROGRAM =
      """
      package guest;

      import io.hypertape.autodiff.*;
      import io.hypertape.data.*;
      import io.hypertape.models.*;
      import io.hypertape.optim.*;
      import io.hypertape.run.*;

      public class Guest {
        public static void main(String[] args) throws Exception {
          try (var session = Session.open(Device.CPU)) {
            System.out.println(session.description());
            var data = Strokes.generate(1, 512, 100);
            var model = Mlp.create(session, MlpSpec.tanh(784, 128, 10), 1);
            var tower = SelfTuning.of(new Adam(1e-3));
            var trainer = new Trainer(session, model, data).epochs(1).batch(256).seed(1);
            System.out.println(trainer.run(tower));
          }
        }
      }
      """;

  @TempDir private static Path folder;
  private static Path repository;
  private static Path libraries;

  private static String run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), text);
    return text;
  }

  private static String version() throws IOException {
    Matcher found =
        Pattern.compile("<artifactId>hypertape</artifactId>\\s*<version>(.*)</version>")
            .matcher(Files.readString(ROOT.resolve("pom.xml")));
    assertTrue(found.find());
    return found.group(1);
  }

  /** Links to all that lies in a folder of the build's repository, but not to what is ours. */
  private static void link(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> entries = Files.list(from)) {
      for (Path entry : entries.toList()) {
        Path name = entry.getFileName();
        if (name.toString().equals("io")) {
          link(entry, to.resolve(name));
        } else if (!name.toString().equals("hypertape")) {
          Files.createSymbolicLink(to.resolve(name), entry);
        }
      }
    }
  }

  @BeforeAll
  static void install() throws Exception {
    repository = folder.resolve("repository");
    link(Path.of(System.getProperty("hypertape.test.repository")), repository);
    String version = version();
    for (String module : OURS) {
      String artifact = "hypertape-" + module;
      Path place =
          Files.createDirectories(
              repository.resolve("io/hypertape").resolve(artifact).resolve(version));
      Path target = ROOT.resolve(module).resolve("target");
      String name = artifact + "-" + version;
      Files.copy(target.resolve("flattened-pom.xml"), place.resolve(name + ".pom"));
      Files.copy(target.resolve(name + ".jar"), place.resolve(name + ".jar"));
    }
    Files.writeString(folder.resolve("pom.xml"), CONSUMER.replace("VERSION", version));
    libraries = folder.resolve("lib");
    run(
        "mvn",
        "-o",
        "-q",
        "-B",
        "-Dmaven.repo.local=" + repository,
        "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies",
        "-DincludeScope=runtime",
        "-DoutputDirectory=" + libraries);
  }

  /** JUnit warns of links that lead out of its folder. */
  @AfterAll
  static void unlink() throws IOException {
    for (Path place : List.of(repository, repository.resolve("io"))) {
      try (Stream<Path> entries = Files.list(place)) {
        for (Path entry : entries.filter(Files::isSymbolicLink).toList()) {
          Files.delete(entry);
        }
      }
    }
  }

  private static List<Path> jars() throws IOException {
    try (Stream<Path> files = Files.list(libraries)) {
      return files.sorted().toList();
    }
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
        jars().stream().map(ConsumerIT::artifact).toList());
  }

  /** Within a tenth: who adds more to a jar says so. */
  @Test
  void theReadmeShowsThisTreeWithItsSizes() throws IOException {
    Map<String, Long> told = new TreeMap<>();
    Matcher row =
        Pattern.compile("(?m)^ {4}\\W*[\\w.]+:([\\w-]+) +(\\d+) kB\\b")
            .matcher(Files.readString(ROOT.resolve("README.md")));
    while (row.find()) {
      told.put(row.group(1), 1000 * Long.parseLong(row.group(2)));
    }
    Map<String, Long> found = new TreeMap<>();
    for (Path jar : jars()) {
      found.put(artifact(jar), Files.size(jar));
    }
    assertEquals(found.keySet(), told.keySet());
    found.forEach(
        (name, size) ->
            assertEquals(size, told.get(name), 0.1 * size, name + " in README.md, in bytes"));
  }

  @Test
  void ourJarsHaveTheLicence() throws IOException {
    byte[] licence = Files.readAllBytes(ROOT.resolve("LICENSE"));
    for (Path path : jars()) {
      if (path.getFileName().toString().startsWith("hypertape-")) {
        try (JarFile jar = new JarFile(path.toFile())) {
          byte[] inside = jar.getInputStream(jar.getEntry("META-INF/LICENSE")).readAllBytes();
          assertEquals(new String(licence), new String(inside), path.toString());
        }
      }
    }
  }

  @Test
  void anImageOfJlinkTrains() throws Exception {
    Path sources = Files.createDirectories(folder.resolve("src/guest"));
    Path module = sources.resolveSibling("module-info.java");
    Files.writeString(module, "module guest { requires io.hypertape.models; }");
    Path program = Files.writeString(sources.resolve("Guest.java"), PROGRAM);
    String classes = folder.resolve("classes").toString();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-d",
                classes,
                "-p",
                libraries.toString(),
                module.toString(),
                program.toString());
    assertEquals(0, status);
    Path image = folder.resolve("image");
    run(
        JAVA.resolve("jlink").toString(),
        "-p",
        libraries + File.pathSeparator + classes,
        "--add-modules",
        "guest",
        "--strip-debug",
        "--output",
        image.toString());
    String java = image.resolve("bin/java").toString();
    String modules = run(java, "--list-modules");
    assertTrue(modules.contains("io.hypertape.models@" + version()), modules);
    assertFalse(modules.contains("java.desktop"), modules);
    String text =
        run(java, "--enable-native-access=io.hypertape.bindings", "-m", "guest/guest.Guest");
    assertTrue(text.contains("vector kernels"), text);
    assertTrue(text.contains("Evaluation[images=100, "), text);
  }
}
