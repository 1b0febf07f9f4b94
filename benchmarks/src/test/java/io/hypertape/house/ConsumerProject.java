package io.hypertape.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * A project of somebody else's that depends on models, in a folder of its own: taken from a
 * repository that has nothing else of ours than the packaged artifacts.
 */
final class ConsumerProject implements AutoCloseable {

  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final List<String> OURS =
      List.of("native-bindings", "vector-kernels", "autodiff", "models");
  static final Path JAVA = Path.of(System.getProperty("java.home"), "bin");

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
      import io.hypertape.shards.*;

      public class Guest {
        public static void main(String[] args) throws Exception {
          BODY
        }
      }
      """;

  private static final String BODY =
      """
      try (var session = Session.open(Device.valueOf(args.length == 0 ? "CPU" : args[0]))) {
        System.out.println(session.description());
        var data = Strokes.generate(1, 512, 100);
        var model = Mlp.create(session, MlpSpec.tanh(784, 128, 10), 1);
        var tower = SelfTuning.of(new Adam(1e-3));
        var trainer = new Trainer(session, model, data).epochs(1).batch(256).seed(1);
        System.out.println(trainer.run(tower));
      }
      """;

  private final Path folder;
  private final Path repository;
  private final Path libraries;

  String run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), text);
    return text;
  }

  static String version() throws IOException {
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

  /** Makes it in an empty folder. */
  ConsumerProject(Path folder) throws Exception {
    this.folder = folder;
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

  /** Removes links: JUnit warns of those that lead out of its folder. */
  @Override
  public void close() throws IOException {
    for (Path place : List.of(repository, repository.resolve("io"))) {
      try (Stream<Path> entries = Files.list(place)) {
        for (Path entry : entries.filter(Files::isSymbolicLink).toList()) {
          Files.delete(entry);
        }
      }
    }
  }

  Path libraries() {
    return libraries;
  }

  List<Path> jars() throws IOException {
    try (Stream<Path> files = Files.list(libraries)) {
      return files.sorted().toList();
    }
  }

  /** The program's classes, with a module's description or without. */
  Path compiled(Path sources, boolean module) throws IOException {
    return compiled(sources, module, BODY);
  }

  /** Classes of a program that does something else. */
  Path compiled(Path sources, boolean module, String body) throws IOException {
    Path program = Files.createDirectories(sources.resolve("guest")).resolve("Guest.java");
    Files.writeString(program, PROGRAM.replace("BODY", body));
    Path classes = sources.resolveSibling(sources.getFileName() + "-classes");
    List<String> arguments = new ArrayList<>(List.of("-d", classes.toString(), program.toString()));
    if (module) {
      Path described = sources.resolve("module-info.java");
      Files.writeString(described, "module guest { requires io.hypertape.models; }");
      arguments.add(described.toString());
    }
    arguments.addAll(List.of(module ? "-p" : "-cp", module ? libraries.toString() : classPath()));
    assertEquals(
        0,
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new)));
    return classes;
  }

  String classPath() throws IOException {
    return jars().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  String java(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(JAVA.resolve("java").toString()));
    command.addAll(List.of(arguments));
    return run(command.toArray(String[]::new));
  }
}
