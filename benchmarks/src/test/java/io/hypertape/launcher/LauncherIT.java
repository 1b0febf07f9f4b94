package io.hypertape.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher with the packaged jars and a real JVM, and what Maven leaves for it. */
class LauncherIT {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir private Path folder;

  /** A Maven whose build is there already: this one's jars. */
  private static String copying() {
    return """
        #!/usr/bin/env bash
        while [ $# -gt 0 ] && [ "$1" != -f ]; do shift; done
        cd "$(dirname "${2:-./pom.xml}")" || exit 3
        for module in cli benchmarks; do
          mkdir -p $module/target
          cp -r 'ROOT'/$module/target/lib 'ROOT'/$module/target/hypertape-$module-*.jar $module/target
        done
        """
        .replace("ROOT", ROOT.toString());
  }

  @Test
  void namesOfAllScriptsWorkWithoutALocaleAndInAFolderWithAColon() throws Exception {
    LauncherTree tree = new LauncherTree(folder, "εγκατάσταση:安装");
    tree.maven(copying());
    tree.set("HYPERTAPE_JAVA_HOME", System.getProperty("java.home"));
    tree.set("HYPERTAPE_JAVA_OPTS", "-Dhypertape.cuda.path=none");
    Path work = Files.createDirectory(folder.resolve("εργασία"));
    Files.writeString(work.resolve("κείμενο.txt"), "Άλφα και ωμέγα, 字と字。 ".repeat(60));
    String launcher = tree.home.resolve("hypertape").toString();
    tree.runIn(
            work,
            List.of(
                    launcher,
                    "train",
                    "--data",
                    "text",
                    "--data-file",
                    "κείμενο.txt",
                    "--out",
                    "τρέξιμο",
                    "--steps",
                    "2",
                    "--batch",
                    "2",
                    "--unroll",
                    "8",
                    "--hidden",
                    "8")
                .toArray(String[]::new))
        .assertDone("saved in τρέξιμο");
    assertTrue(Files.exists(work.resolve("τρέξιμο/model.safetensors")));
    tree.runIn(work, launcher, "generate", "τρέξιμο", "--prompt", "字Ά", "--length", "3")
        .assertDone("字Ά");
  }

  /** After a change of a version the jars of the former one would be second copies of modules. */
  @Test
  void packagingClearsFormerJars() throws Exception {
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.filter(m -> Files.exists(m.resolve("pom.xml"))).toList()) {
        Path copy = Files.createDirectories(folder.resolve(module.getFileName()));
        Files.copy(module.resolve("pom.xml"), copy.resolve("pom.xml"));
        Files.createDirectories(copy.resolve("src/main/java"));
        Files.createFile(copy.resolve("src/main/java/module-info.java"));
        for (String jar : List.of("hypertape-cli-0.0.1.jar", "lib/hypertape-autodiff-0.0.1.jar")) {
          Path file = copy.resolve("target").resolve(jar);
          Files.createDirectories(file.getParent());
          Files.createFile(file);
        }
        Files.createFile(copy.resolve("target/kept.txt"));
      }
    }
    Files.copy(ROOT.resolve("pom.xml"), folder.resolve("pom.xml"));
    Path dist = Files.createDirectories(folder.resolve("target/dist/0123-25/cli"));
    Files.createFile(dist.resolve("cli.jar"));
    assertEquals(
        List.of("kept.txt"), afterwards("cli", "-pl", "cli,benchmarks", "clean:clean@former-jars"));
    assertEquals(List.of("kept.txt"), afterwards("benchmarks"));
    assertEquals(List.of(), afterwards("cli", "clean"));
    assertTrue(Files.exists(dist.resolve("cli.jar")), "a training may run from it");
  }

  /** The files of a module's build folder after a call of Maven, if there is one to be made. */
  private List<String> afterwards(String module, String... words)
      throws IOException, InterruptedException {
    if (words.length > 0) {
      List<String> command =
          Stream.concat(Stream.of("mvn", "-o", "-q", "-B"), Stream.of(words)).toList();
      Process maven =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
      String text = new String(maven.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, maven.waitFor(), text);
    }
    Path target = folder.resolve(module).resolve("target");
    if (Files.notExists(target)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(target)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> target.relativize(file).toString())
          .toList();
    }
  }
}
