package io.hypertape.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * An install folder with the real launcher, a source file or two, a Maven that copies them into a
 * jar and a JDK whose {@code java} tells what it was started with.
 */
final class LauncherTree {

  /** Copies a module's sources to target/classes, and these into the module's jar. */
  private static final String MAVEN =
      """
      #!/usr/bin/env bash
      printf '%s\\n' "mvn $*; JDK $JAVA_HYPERTAPE_HOME; MAVEN_OPTS $MAVEN_OPTS" >>"$LOG"
      while [ $# -gt 0 ] && [ "$1" != -f ]; do shift; done
      cd "$(dirname "${2:-./pom.xml}")" || exit 3
      sleep "${DELAY:-0}"
      if grep -rq nonsense */src/main; then echo 'ERROR: nonsense'; exit 1; fi
      for module in cli benchmarks; do
        rm -f $module/target/*.jar
        mkdir -p $module/target/classes $module/target/lib
        cp $module/src/main/java/* $module/target/classes
        (cd $module/target/classes && grep -H . *) >$module/target/hypertape-$module-1.jar
        echo "library of $module" >$module/target/lib/library.jar
      done
      """;

  /**
   * Shows its words and what lies on the module path; WAIT: once more after a line of input. Writes
   * a cache of classes if it is to.
   */
  private static final String JAVA =
      """
      #!/usr/bin/env bash
      for word in "$@"; do
        echo "word [$word]"
        case $word in -XX:AOTCacheOutput=*) echo classes >"${word#*=}" ;; esac
      done
      echo "folder [$PWD] LC_ALL [${LC_ALL-}]"
      while [ "$1" != -p ]; do shift; done
      show() (
        echo "modules [$1]"
        IFS=:
        set -f
        for place in $1; do
          if [ -d "$place" ]; then cd "$place" && set +f && grep -H . *.jar
          else cd "${place%/*}" && grep -H . "${place##*/}"; fi
        done
      )
      show "$2"
      if [ -n "${WAIT:-}" ]; then
        echo ready
        read -r _
        show "$2"
      fi
      """;

  /** What a command printed, both streams together, and how it ended. */
  record Ran(int status, String text) {

    Ran assertDone(String... parts) {
      assertEquals(0, status, text);
      return assertSays(parts);
    }

    Ran assertSays(String... parts) {
      for (String part : parts) {
        assertTrue(text.contains(part), part + " is not in: " + text);
      }
      return this;
    }

    List<String> words() {
      return text.lines()
          .filter(line -> line.startsWith("word ["))
          .map(line -> line.substring("word [".length(), line.length() - 1))
          .toList();
    }
  }

  final Path home;
  final Path tools;
  private final Path log;
  private final Map<String, String> environment = new TreeMap<>();

  /**
   * Makes the tree.
   *
   * @param folder for its parts
   * @param name of the install folder
   */
  LauncherTree(Path folder, String name) throws IOException {
    home = Files.createDirectories(folder.resolve(name));
    tools = Files.createDirectories(folder.resolve("tools"));
    log = folder.resolve("maven.log");
    Files.copy(Path.of("..", "hypertape"), home.resolve("hypertape"));
    Files.writeString(home.resolve("pom.xml"), "<project/>\n");
    for (String module : List.of("cli", "benchmarks")) {
      source(module, "Main", "first");
      Files.writeString(home.resolve(module).resolve("pom.xml"), "<project/>\n");
    }
    script(tools.resolve("mvn"), MAVEN);
    set("PATH", tools + ":/usr/bin:/bin");
    set("LOG", log.toString());
    set("HYPERTAPE_JAVA_HOME", jdk("25.0.1").toString());
  }

  /** Another Maven: a script that is called with the folder of the build as its last {@code -f}. */
  void maven(String text) throws IOException {
    script(tools.resolve("mvn"), text);
  }

  private static void script(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** A JDK of a version, or only a Java runtime that tells. */
  Path jdk(String version) throws IOException {
    Path jdk = tools.resolveSibling("jdk-" + version);
    script(jdk.resolve("bin/java"), JAVA);
    script(jdk.resolve("bin/javac"), "#!/bin/sh\n");
    Files.writeString(
        jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    return jdk;
  }

  /** Sets a variable of the environment, which has nothing but what was set. */
  LauncherTree set(String name, String value) {
    environment.put(name, value);
    return this;
  }

  LauncherTree unset(String name) {
    environment.remove(name);
    return this;
  }

  Path source(String module, String name, String text) throws IOException {
    Path file = home.resolve(module).resolve("src/main/java/" + name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text + "\n");
  }

  Path classes(String module) {
    return home.resolve(module).resolve("target/classes");
  }

  /** The folders of builds that are there. */
  List<Path> built() throws IOException {
    Path dist = home.resolve("target/dist");
    if (Files.notExists(dist)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(dist)) {
      return all.filter(place -> place.getFileName().toString().contains("-")).sorted().toList();
    }
  }

  /** How often Maven was called. */
  int builds() throws IOException {
    return log().size();
  }

  List<String> log() throws IOException {
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }

  Process start(Path folder, List<String> command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  Process start(String... args) throws IOException {
    List<String> command = new ArrayList<>(List.of(home.resolve("hypertape").toString()));
    command.addAll(List.of(args));
    return start(home.getParent(), command);
  }

  static Ran end(Process process) throws IOException, InterruptedException {
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), text);
  }

  Ran run(String... args) throws IOException, InterruptedException {
    return end(start(args));
  }

  Ran runIn(Path folder, String... command) throws IOException, InterruptedException {
    return end(start(folder, List.of(command)));
  }
}
